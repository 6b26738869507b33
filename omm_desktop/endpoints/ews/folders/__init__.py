"""The folders of a mailbox: which there are, of which kind, and making them."""
