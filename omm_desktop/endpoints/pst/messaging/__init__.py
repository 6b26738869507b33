"""Folders and messages: what the properties mean ([MS-PST] 2.4)."""
