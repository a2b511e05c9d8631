"""What went wrong: recorder, evidence, gate, outages, windows, availability, handover."""
