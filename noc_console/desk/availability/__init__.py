"""Availability: figures for a range, what they were counted from, targets, reports."""
