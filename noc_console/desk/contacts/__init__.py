"""To whom notices go by mail."""
