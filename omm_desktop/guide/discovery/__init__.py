"""From an e-mail address to the settings of its mailbox; only the part after @ is used.

`Search` (search.py) asks several origins side by side and ranks what they tell as `Candidate`s.
"""
