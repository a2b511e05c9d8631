"""The lines of a server on the screen: which hold and why, and how a person changes them."""
