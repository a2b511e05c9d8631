"""Post-mortems: drafted from facts only, and exported."""
