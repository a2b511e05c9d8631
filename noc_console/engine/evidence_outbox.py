"""What the flight recorder has collected and not yet written.

Filled by the conductor's thread, emptied by the store's. While the store takes nothing it waits up
to a bound; then the oldest is dropped and counted, for the engine must not eat this machine.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable

from noc_console.incidents.evidence.evidence import NewExhibit
from noc_console.incidents.evidence.evidence_records import put_absences, tell_change
from noc_console.incidents.evidence.evidence_writing import EvidenceWriter
from noc_console.store.store import Store

log = logging.getLogger(__name__)

MAX_WAITING_BYTES = 64 * 1024 * 1024
MAX_BATCH_BYTES = 4 * 1024 * 1024
TELL_EVERY_S = 2.0
"""How often desks are told that there is more: each time costs the core a disk sync."""


class EvidenceOutbox:
    """Exhibits in order, and what is to be done when all those before are written."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        """Write to this store."""
        self._store = store
        self._clock = clock
        self._writer = EvidenceWriter(store)
        self._lock = threading.Lock()
        self._waiting: deque[NewExhibit] = deque()
        self._waiting_bytes = 0
        self._dropped = 0
        self._absences: dict[int, dict[str, str]] = {}
        self._endings: deque[tuple[int, Callable[[], None]]] = deque()
        self._next_tell_s = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not (self._waiting or self._absences or self._endings)

    def add(self, exhibit: NewExhibit) -> None:
        """Take an exhibit to write."""
        with self._lock:
            self._waiting.append(exhibit)
            self._waiting_bytes += len(exhibit.content)
            while self._waiting_bytes > MAX_WAITING_BYTES:
                self._waiting_bytes -= len(self._waiting.popleft().content)
                self._dropped += 1

    def add_absences(self, recording_id: int, absences: dict[str, str]) -> None:
        """Take what collectors gave nothing, and why; the newest counts."""
        with self._lock:
            self._absences[recording_id] = dict(absences)

    def add_ending(self, recording_id: int, end: Callable[[], None]) -> None:
        """Have a recording ended when all that waits now is written."""
        with self._lock:
            self._endings.append((recording_id, end))

    def write(self) -> None:
        """Write what waits; on the store's thread.

        Raises:
            ConsoleError: the store takes it not now; it is tried again.
        """
        while taken := self._oldest():
            newest = {(one.recording_id, one.number): one for one in taken}
            self._writer.put(list(newest.values()))
            self._drop(taken)
        self._write_absences()
        self._write_endings()
        if self._dropped:
            log.warning("%s exhibits were dropped while the store took nothing", self._dropped)
            self._dropped = 0
        if self._clock() >= self._next_tell_s:
            self._next_tell_s = self._clock() + TELL_EVERY_S
            tell_change(self._store)

    def _oldest(self) -> list[NewExhibit]:
        taken: list[NewExhibit] = []
        size = 0
        with self._lock:
            for one in self._waiting:
                size += len(one.content)
                if taken and size > MAX_BATCH_BYTES:
                    break
                taken.append(one)
        return taken

    def _drop(self, taken: list[NewExhibit]) -> None:
        """Let go what is written; what came meanwhile stays."""
        gone = {id(one) for one in taken}
        with self._lock:
            self._waiting = deque(one for one in self._waiting if id(one) not in gone)
            self._waiting_bytes = sum(len(one.content) for one in self._waiting)

    def _write_absences(self) -> None:
        with self._lock:
            absences, self._absences = self._absences, {}
        try:
            for recording_id, told in absences.items():
                put_absences(self._store, recording_id, told)
        except BaseException:
            with self._lock:
                self._absences = absences | self._absences
            raise

    def _write_endings(self) -> None:
        while self._endings:
            recording_id, end = self._endings[0]
            end()
            with self._lock:
                self._endings.popleft()
            self._writer.forget(recording_id)
