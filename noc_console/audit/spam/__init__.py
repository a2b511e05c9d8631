"""Who sends how much mail from a server, against that server's own past."""
