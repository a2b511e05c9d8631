"""Planning a window: reading a plan through, and finding quiet times for it."""
