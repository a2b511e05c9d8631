"""Incidents, the answer desk and handovers in the window."""
