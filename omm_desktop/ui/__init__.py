"""The window: everything that needs Qt, besides the composition root."""
