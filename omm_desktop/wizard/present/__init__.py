"""What pages show: every text with something personal in it is produced here, none in `ui`."""
