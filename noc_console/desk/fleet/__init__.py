"""The fleet page: every server in a table or on a wall, the worst first."""
