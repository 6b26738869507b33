"""Mail as Exchange takes and gives it."""
