"""Contacts: vCard 2.1, 3.0 and 4.0 read with tolerance, and one value for a person or a group."""
