"""One server: its graphs, services, mounts, processes and the facts of its connection."""
