"""Help-desk matters: the words of problems, redaction, logs."""
