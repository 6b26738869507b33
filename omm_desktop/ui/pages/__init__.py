"""The pages of the wizard, one file each; none knows another."""
