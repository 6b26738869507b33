"""Words the whole program uses. No input or output, nothing but the standard library."""
