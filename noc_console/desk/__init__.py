"""The Qt window: one folder a page; it reads the store and writes orders."""
