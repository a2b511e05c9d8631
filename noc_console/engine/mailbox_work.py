"""The engine looks into the mailbox of bounces once a minute, on a worker of its own.

Guarantee: a mailbox that hangs or fails holds up nothing else; it is said once, not at each look.
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from noc_console.engine.workers import Workers
from noc_console.errors import ConsoleError
from noc_console.notices.mailbox_reading import read_returned
from noc_console.store.store import Store

log = logging.getLogger(__name__)


class MailboxWork:
    """Reads what comes back. `look` may be called from any thread."""

    def __init__(
        self, store: Store, *, wall: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Prepare; nothing is read before the first look."""
        self._store = store
        self._wall = wall
        self._reader = Workers("mailbox", 1)
        self._is_looking = threading.Lock()
        self._said = ""

    def look(self) -> None:
        """See soon whether anything came back; a look that still goes on is not doubled."""
        if self._is_looking.acquire(blocking=False):
            self._reader.submit(self._read)

    def close(self) -> None:
        """Look no more; a message that was not taken in comes again at the next start."""
        self._reader.stop()

    def _read(self) -> None:
        try:
            look = read_returned(self._store, self._wall())
        except ConsoleError as error:
            self._say(error.sentence)
        else:
            if look is not None and look.counts:
                log.info("The mailbox of bounces. %s", look.sentence)
            self._say("")
        finally:
            self._is_looking.release()

    def _say(self, trouble: str) -> None:
        if trouble and trouble != self._said:
            log.warning("The mailbox of bounces cannot be read: %s", trouble)
        elif not trouble and self._said:
            log.warning("The mailbox of bounces can be read again.")
        self._said = trouble
