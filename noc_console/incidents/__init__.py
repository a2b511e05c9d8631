"""What went wrong: flight recorder, evidence, reboot gate, outages, windows, availability, handover."""
