"""Servers from files: read, compared with the fleet, and taken in all together or not at all."""
