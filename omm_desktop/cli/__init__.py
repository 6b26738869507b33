"""The face without a window."""
