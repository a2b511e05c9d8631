"""The tables, a file per noun, all on one MetaData."""
