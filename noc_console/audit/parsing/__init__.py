"""What a server printed, read into rows: a closed list of parsers. Pure: no I/O, no clock."""
