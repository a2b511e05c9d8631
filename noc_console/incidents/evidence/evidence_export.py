"""A recording as files in a folder, for whoever has no console: a provider, a customer, a court.

`SHA256SUMS` lets anybody check the files with `sha256sum -c`; `recording.json` says what each is.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.incidents.evidence.evidence import Exhibit, Recording
from noc_console.incidents.evidence.evidence_reading import suspects_of
from noc_console.incidents.evidence.evidence_records import (
    DamagedEvidence,
    content_of,
    exhibits_of,
    get_recording,
)
from noc_console.store.store import Store

_ODD = re.compile(r"[^A-Za-z0-9._\-]+")


class NotExported(ConsoleError):
    """A folder that cannot be written to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written, and which exhibits could not be because they are damaged."""

    folder: Path
    files: int
    damage: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Say what came of it."""
        damaged = f" {len(self.damage)} are damaged and left out." if self.damage else ""
        return f"{self.files} exhibits are written to {inert(str(self.folder))}.{damaged}"


def export_recording(store: Store, recording_id: int, folder: Path, now: datetime) -> Exported:
    """Write a recording into a new folder below `folder`.

    Raises:
        UnknownEvidence: there is no such recording.
        NotExported: it cannot be written there, or is there already.
    """
    recording = get_recording(store, recording_id, now)
    exhibits = exhibits_of(store, recording_id)
    name = _ODD.sub("-", recording.server_name)[:60] or "server"
    target = folder / f"{name}-{recording.started_at:%Y%m%dT%H%M%SZ}-recording-{recording.id}"
    sums: list[str] = []
    damage: list[str] = []
    told: list[dict[str, Any]] = []
    try:
        target.mkdir(parents=True, mode=0o700)
        for one in exhibits:
            file = _file_name(one)
            try:
                (target / file).write_bytes(content_of(store, recording_id, one.number))
            except DamagedEvidence as problem:
                damage.append(problem.sentence)
                continue
            sums.append(f"{one.sha256}  {file}\n")
            told.append(exhibit_to_json(one) | {"file": file})
        (target / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
        whole = recording_to_json(recording) | {
            "exported_at": _iso(now),
            "exhibits": told,
            "damage": damage,
            "suspects": suspects_to_json(store, recording_id),
        }
        (target / "recording.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    except FileExistsError as error:
        raise NotExported(
            f"{inert(str(target))} is there already; move it away, or choose another folder."
        ) from error
    except OSError as error:
        raise NotExported(
            f"{inert(str(target))} cannot be written: {error.strerror}; choose another folder."
        ) from error
    return Exported(folder=target, files=len(sums), damage=tuple(damage))


def recording_to_json(one: Recording) -> dict[str, Any]:
    """Give a recording as JSON tells it."""
    return {
        "id": one.id,
        "server": one.server_name,
        "state": one.state.value,
        "why": one.why,
        "asked_by": one.asked_by or None,
        "started_at": _iso(one.started_at),
        "until": _iso(one.until),
        "last_at": _iso(one.last_at),
        "ended_at": _iso(one.ended_at),
        "ended_why": one.ended_why or None,
        "exhibits": one.exhibits,
        "raw_bytes": one.raw_bytes,
        "stored_bytes": one.stored_bytes,
        "not_collected": dict(one.absences),
        "digest": one.digest or None,
        "is_kept": one.is_kept,
    }


def exhibit_to_json(one: Exhibit) -> dict[str, Any]:
    """Give an exhibit as JSON tells it."""
    return {
        "number": one.number,
        "collector": one.collector,
        "title": one.title,
        "at": _iso(one.at),
        "took_ms": one.took_ms,
        "ending": one.ending.value,
        "exit_status": one.exit_status,
        "sha256": one.sha256,
        "bytes": one.raw_bytes,
        "stored_bytes": one.stored_bytes,
    }


def suspects_to_json(store: Store, recording_id: int) -> list[dict[str, Any]]:
    """Give the suspects as JSON tells them, the strongest first."""
    return [
        {
            "who": one.who,
            "words": one.words,
            "score": one.score,
            "lines": [
                {"exhibit": line.exhibit, "line": line.line, "text": line.text}
                for line in one.lines
            ],
        }
        for one in suspects_of(store, recording_id)
    ]


def _file_name(one: Exhibit) -> str:
    return f"{one.number:05d}-{one.at:%Y%m%dT%H%M%SZ}-{_ODD.sub('-', one.collector)[:40]}.txt"


def _iso(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
