"""What the program remembers: the ledger, its history, passwords, preferences, locks."""
