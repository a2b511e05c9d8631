"""What the flight recorder keeps: recordings, and the exhibits in them. Pure: no I/O, no clock."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum


class RecordingState(Enum):
    """How a recording stands."""

    RECORDING = "recording"
    ENDED = "ended"
    BROKEN_OFF = "broken off"
    """The engine died in it: what came until then is kept."""


class Ending(Enum):
    """How the collecting of an exhibit ended."""

    WHOLE = "whole"
    ARRIVING = "still arriving"
    CUT = "cut at its size bound"
    TIMED_OUT = "stopped at its deadline"
    HUNG = "gave up: it did not stop at its deadline"
    LINK_LOST = "cut off: the link was lost"
    STOPPED = "cut off: the recording ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One recording of one server: why, by whom, from when to when, and how much it holds.

    `asked_by` is empty where the console began it by itself. `until` is the time a person asked
    for; None where it goes on until the server is well again. `absences` tells for each collector
    that gave nothing, by its title, why.
    """

    id: int
    server_id: int
    server_name: str
    engine_id: int
    why: str
    asked_by: str
    started_at: datetime
    until: datetime | None
    last_at: datetime
    ended_at: datetime | None
    ended_why: str
    state: RecordingState
    absences: Mapping[str, str]
    digest: str
    is_kept: bool
    exhibits: int = 0
    raw_bytes: int = 0
    stored_bytes: int = 0

    def lasted(self, now: datetime) -> timedelta:
        """Give for how long it recorded, until `now` where it still does."""
        end = now if self.state is RecordingState.RECORDING else self.ended_at or self.last_at
        return max(timedelta(0), end - self.started_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One thing collected at one moment; its content is read apart (`content_of`).

    `at` is when the engine asked for it, `sha256` that of the content, as it is stored and
    exported: secrets masked.
    """

    recording_id: int
    number: int
    collector: str
    title: str
    at: datetime
    took_ms: int
    ending: Ending
    exit_status: int | None
    sha256: str
    raw_bytes: int
    stored_bytes: int

    @property
    def is_whole(self) -> bool:
        """Whether the command ended by itself and said that all went well."""
        return self.ending is Ending.WHOLE and self.exit_status in {0, None}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewExhibit:
    """An exhibit on its way into the store: content as the server sent it, not masked yet."""

    recording_id: int
    number: int
    collector: str
    title: str
    at: datetime
    took_ms: int
    ending: Ending
    exit_status: int | None
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a check of a recording's hashes found. `damage` has a sentence for each fault."""

    recording_id: int
    exhibits: int
    digest: str
    damage: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every exhibit is as it was stored."""
        return not self.damage


def digest_of(hashes: Iterable[tuple[int, str]]) -> str:
    """Give one SHA-256 over the numbers and hashes of exhibits, in order."""
    whole = hashlib.sha256()
    for number, sha256 in hashes:
        whole.update(f"{number} {sha256}\n".encode())
    return whole.hexdigest()
