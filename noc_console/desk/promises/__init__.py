"""What was announced and kept, and how soon customers heard the first word."""
