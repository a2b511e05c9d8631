"""noc-console: a desktop NOC console for web hosts; docs/architecture.md describes its rooms."""

__version__ = "0.1.0"
