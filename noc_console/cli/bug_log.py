"""Where bugs go: a file in the person's state folder, one entry with a reference each."""

import logging
import os
import sys
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from uuid import uuid4

from noc_console import __version__

_MAX_BYTES = 1_000_000
_KEPT_FILES = 3


def state_folder() -> Path:
    """Give where logs belong: the XDG base directory specification, or the system's own custom."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "noc-console"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Logs" / "noc-console"
    chosen = os.environ.get("XDG_STATE_HOME", "")
    return (Path(chosen) if chosen else Path.home() / ".local" / "state") / "noc-console"


def tell_of_bug(bug: Exception) -> str:
    """Log a bug with its traceback and give the sentence for the person."""
    reference = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid4().hex[:6]}"
    path = state_folder() / "bugs.log"
    try:
        _log(path, reference, bug)
    except OSError as failure:
        return (
            f"noc-console met a bug of its own ({type(bug).__name__}: {bug}) and could not log it"
            f" in {path}: {failure.strerror}."
        )
    return (
        f"noc-console met a bug of its own; please report it with the entry {reference}"
        f" of the file {path}."
    )


def _log(path: Path, reference: str, bug: Exception) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        path, maxBytes=_MAX_BYTES, backupCount=_KEPT_FILES, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    record = logging.LogRecord(
        "noc_console",
        logging.ERROR,
        __file__,
        0,
        "%s noc-console %s on Python %s",
        (reference, __version__, sys.version.split()[0]),
        (type(bug), bug, bug.__traceback__),
    )
    try:
        handler.emit(record)
    finally:
        handler.close()
