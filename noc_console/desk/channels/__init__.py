"""Where notices are posted, and proof that it works."""
