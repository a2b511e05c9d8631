"""The reboot gate: a look before, how an act is said to a server, a look after, what changed."""
