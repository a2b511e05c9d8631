"""The flight recorder and its evidence: collected, masked, kept, read, and whom it suspects."""
