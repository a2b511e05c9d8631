"""Where the window's program logs: a file in the person's state folder."""

import logging
from logging.handlers import RotatingFileHandler

from noc_console.cli.bug_log import state_folder

_MAX_BYTES = 1_000_000


def log_to_file() -> None:
    """Keep what this program and Qt have to log; where that cannot be written, log nothing."""
    path = state_folder() / "desk.log"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            path, maxBytes=_MAX_BYTES, backupCount=1, encoding="utf-8"
        )
    except OSError:
        handler = logging.NullHandler()
    logging.basicConfig(
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        handlers=[handler],
    )
