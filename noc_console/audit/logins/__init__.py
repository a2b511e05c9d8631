"""Who logs in to a server, from where and how, against that server's own habit."""
