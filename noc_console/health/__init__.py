"""What a reading means: verdicts against an early line and a cut-off."""
