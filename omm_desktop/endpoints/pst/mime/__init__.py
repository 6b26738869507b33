"""A message as RFC 5322 and MIME bytes, the same ones each time ([MS-OXCMAIL])."""
