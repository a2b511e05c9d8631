"""What the history's rows hold and cannot be read any more: told apart from a bug. Pure.

A disk that errs changes bytes inside a value, which SQLite does not notice. `Store` makes a
sentence for the person of it.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager


class UnreadableRow(ValueError):
    """A row of the history is not what was written."""


@contextmanager
def naming_unreadable() -> Iterator[None]:
    """Name what fails while bytes of the store are taken apart.

    Raises:
        UnreadableRow: they are not what was written.
    """
    try:
        yield
    except UnreadableRow:
        raise
    except (ValueError, LookupError, OverflowError, MemoryError, struct.error) as error:
        raise UnreadableRow("a row of the history is not as it was written") from error
