"""The throw-away servers of the demo: real OpenSSH on loopback, made-up machines behind it."""
