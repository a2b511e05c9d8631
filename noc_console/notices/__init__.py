"""What customers are told: composed, approved, sent on every channel, proven."""
