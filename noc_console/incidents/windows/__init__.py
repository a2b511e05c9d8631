"""Windows of maintenance: when they occur, how they went, and what they mute."""
