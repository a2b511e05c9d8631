"""Incidents: what one is, whom it affects, its facts and its timeline."""
