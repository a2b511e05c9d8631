"""Availability: up, down by plan, down without plan, not watched; against what was promised."""
