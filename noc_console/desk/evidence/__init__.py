"""Evidence on the desk: what the flight recorder kept, looked through, compared, checked, saved."""
