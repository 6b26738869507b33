"""Taking a copy back: the question, the progress, the result."""
