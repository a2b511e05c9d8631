"""Colours, shapes and letters of the window, as data and as Qt takes them."""
