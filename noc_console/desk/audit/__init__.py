"""The page of audits: gone through by step and server, decided, signed."""
