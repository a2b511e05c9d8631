"""The composer: one notice with its seven things, and what each channel would show of it."""
