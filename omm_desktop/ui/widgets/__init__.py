"""Parts that pages and window are made of."""
