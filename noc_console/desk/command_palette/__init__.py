"""Everything one can go to or do, found by a few letters."""
