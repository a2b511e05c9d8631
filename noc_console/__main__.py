"""`python -m noc_console` and the `noc-console` command: Ctrl+C is safe before all is imported."""

import os
import signal

_EXIT_INTERRUPTED = 128 + signal.SIGINT


def main() -> int:
    """Run the command line; Ctrl+C while its modules are still imported ends it without a word."""
    is_heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if is_heard:  # nothing is written yet; an exception would be raised inside an import
        signal.signal(signal.SIGINT, lambda *_: os._exit(_EXIT_INTERRUPTED))
    from noc_console.cli.main import main as run

    if is_heard:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    return run()


if __name__ == "__main__":
    raise SystemExit(main())
