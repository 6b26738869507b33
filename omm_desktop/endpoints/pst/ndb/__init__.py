"""Node database: pages, B-trees, blocks and nodes ([MS-PST] 2.2)."""
