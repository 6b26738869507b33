"""Files as source and as destination."""
