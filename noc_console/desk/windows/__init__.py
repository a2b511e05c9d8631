"""Windows: a calendar and a list of planned work, and the dialog that plans it."""
