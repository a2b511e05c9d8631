"""What a server tells: the probe, its parsers, samples, service states, outside checks."""
