"""Handover: the page that one shift hands to the next, and who gave and took it."""
