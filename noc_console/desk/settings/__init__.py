"""What a person may set: declared once, kept in a file, shown on a page."""
