"""What a person changes about servers: add, edit, bulk edit, host keys, import, export."""
