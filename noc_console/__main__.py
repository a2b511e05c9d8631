"""`python -m noc_console`: the same as the `noc-console` command."""

from noc_console.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
