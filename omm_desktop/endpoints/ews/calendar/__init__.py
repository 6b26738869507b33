"""Events and tasks <-> items of Exchange, with recurrences and time zones."""
