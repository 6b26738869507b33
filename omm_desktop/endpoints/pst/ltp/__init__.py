"""Lists, tables and properties: what nodes hold ([MS-PST] 2.3)."""
