"""Reads evidence for the window in the background; only the newest answer of a kind is taken.

GUI thread only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject

from noc_console.desk.context import DeskContext
from noc_console.desk.evidence.evidence_words import ShownText, shown_difference, shown_text
from noc_console.errors import ConsoleError
from noc_console.incidents.evidence.evidence import Exhibit, Recording, Verification
from noc_console.incidents.evidence.evidence_difference import difference
from noc_console.incidents.evidence.evidence_export import Exported, export_recording
from noc_console.incidents.evidence.evidence_reading import Found, search, suspects_of, text_of
from noc_console.incidents.evidence.evidence_records import (
    content_of,
    exhibits_of,
    get_recording,
    keep_recording,
    list_recordings,
    verify_recording,
)
from noc_console.incidents.evidence.suspects import Suspect

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRead:
    """A recording as it stands, with its exhibits and suspects."""

    recording: Recording
    exhibits: tuple[Exhibit, ...]
    suspects: tuple[Suspect, ...]


class EvidenceReader(QObject):
    """Asks the store; what an answer overtook is dropped."""

    def __init__(
        self,
        context: DeskContext,
        refuse: Callable[[str], object],
        parent: QObject,
        now: Callable[[], datetime],
    ) -> None:
        """Have asked for nothing yet; `refuse` is told why something could not be read."""
        super().__init__(parent)
        self._context = context
        self._refuse = refuse
        self._now = now
        self._asked: dict[str, int] = {}

    def recordings(self, server_id: int, take: Callable[[list[Recording]], object]) -> None:
        """Read a server's recordings."""
        store, now = self._context.store, self._now()

        def work() -> list[Recording]:
            return list_recordings(store, now, server_id=server_id, is_summed=False)

        self._read("recordings", work, take)

    def recording(self, recording_id: int, take: Callable[[RecordingRead], object]) -> None:
        """Read a recording's exhibits and rank its suspects."""
        store, now = self._context.store, self._now()

        def work() -> RecordingRead:
            return RecordingRead(
                recording=get_recording(store, recording_id, now),
                exhibits=tuple(exhibits_of(store, recording_id)),
                suspects=suspects_of(store, recording_id),
            )

        self._read("recording", work, take)

    def exhibit(self, one: Exhibit, line: int, take: Callable[[ShownText], object]) -> None:
        """Read an exhibit's text, made inert, around a line."""
        store = self._context.store

        def work() -> ShownText:
            return shown_text(text_of(content_of(store, one.recording_id, one.number)), line)

        self._read("exhibit", work, take)

    def difference(self, before: Exhibit, after: Exhibit, take: Callable[[str], object]) -> None:
        """Read what changed between two exhibits, made inert."""
        store = self._context.store

        def work() -> str:
            texts = [
                text_of(content_of(store, one.recording_id, one.number)) for one in (before, after)
            ]
            return shown_difference(difference(*texts))

        self._read("difference", work, take)

    def found(self, recording_id: int, words: str, take: Callable[[list[Found]], object]) -> None:
        """Look for words in every exhibit."""
        store = self._context.store
        self._read("found", lambda: search(store, recording_id, words), take)

    def verification(self, recording_id: int, take: Callable[[Verification], object]) -> None:
        """Check a recording's hashes."""
        store, now = self._context.store, self._now()
        self._read("verification", lambda: verify_recording(store, recording_id, now), take)

    def export(self, recording_id: int, folder: Path, take: Callable[[Exported], object]) -> None:
        """Write a recording into a folder."""
        store, now = self._context.store, self._now()
        self._read("export", lambda: export_recording(store, recording_id, folder, now), take)

    def keep(self, recording_id: int, *, is_kept: bool, done: Callable[[], object]) -> None:
        """Keep a recording for good, or no more."""
        store = self._context.store
        self._read(
            "keep",
            lambda: keep_recording(store, recording_id, is_kept=is_kept),
            lambda _: done(),
        )

    def _read(
        self, kind: str, work: Callable[[], Result], take: Callable[[Result], object]
    ) -> None:
        number = self._asked[kind] = self._asked.get(kind, 0) + 1

        def success(result: Result) -> None:
            if self._asked[kind] == number:
                take(result)

        def failure(problem: ConsoleError) -> None:
            if self._asked[kind] == number:
                self._refuse(problem.sentence)

        self._context.background.call(work, success, failure, self)
