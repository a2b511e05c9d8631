"""noc-console: a desktop NOC console for web hosts. The rooms are described in docs/architecture.md."""

__version__ = "0.1.0"
