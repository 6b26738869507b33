"""Copying. Knows two ports and the ledger; no Qt, no protocol library."""
