"""Everything the tests run against: real servers on loopback, and mailboxes to put into them."""
