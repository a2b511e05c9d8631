"""`noc-console evidence show`: one recording, its suspects, its exhibits, or one of them."""

import argparse
import json
import shutil
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from noc_console.cli.moments import iso, span_text
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.incidents.evidence.evidence import Ending, Exhibit, Recording
from noc_console.incidents.evidence.evidence_difference import Change, difference
from noc_console.incidents.evidence.evidence_export import (
    exhibit_to_json,
    recording_to_json,
    suspects_to_json,
)
from noc_console.incidents.evidence.evidence_reading import search, suspects_of, text_of
from noc_console.incidents.evidence.evidence_records import content_of, exhibits_of, get_recording
from noc_console.incidents.evidence.suspects import Suspect
from noc_console.incidents.times import local_text
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store

_COLUMNS = (
    Column(title="NO", is_number=True),
    Column(title="AT"),
    Column(title="WHAT", shrinks_to=12),
    Column(title="BYTES", is_number=True, drop_at=2),
    Column(title="TOOK", is_number=True, drop_at=1),
    Column(title="ENDING", is_sentence=True, drop_at=3, shrinks_to=8),
)
_SIGNS = {Change.SAME: " ", Change.FIGURES: "~", Change.GONE: "-", Change.NEW: "+"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the recording and which part of it."""
    parser.add_argument("recording", type=int, metavar="RECORDING", help="its number")
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--exhibit", type=int, metavar="NO", help="print one exhibit")
    part.add_argument("--search", metavar="WORDS", help="print each line that holds these words")
    part.add_argument(
        "--diff", type=int, nargs=2, metavar=("NO", "NO"), help="print what changed between two"
    )
    part.add_argument("--suspects", action="store_true", help="print the suspects with their lines")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print what was asked for.

    Raises:
        ConsoleError: there is no such recording or exhibit, or one is damaged.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        recording = get_recording(store, arguments.recording, datetime.now(UTC))
        told, lines = _part(store, recording, arguments)
    if arguments.json:
        print(json.dumps(told))
    else:
        print(*lines, sep="\n")
    return 0


def _part(
    store: Store, recording: Recording, arguments: argparse.Namespace
) -> tuple[Any, list[str]]:
    """Give the part that was asked for, as JSON and as lines."""
    if arguments.exhibit is not None:
        return _exhibit(store, recording, arguments.exhibit)
    if arguments.search is not None:
        return _found(store, recording, arguments.search)
    if arguments.diff is not None:
        return _difference(store, recording, *arguments.diff)
    if arguments.suspects:
        suspects = suspects_of(store, recording.id)
        return {"suspects": suspects_to_json(store, recording.id)}, _suspect_lines(suspects, True)
    return _whole(store, recording)


def _exhibit(store: Store, recording: Recording, number: int) -> tuple[Any, list[str]]:
    text = text_of(content_of(store, recording.id, number))
    one = next(one for one in exhibits_of(store, recording.id) if one.number == number)
    return exhibit_to_json(one) | {"text": text}, [_line(line) for line in text.splitlines()]


def _found(store: Store, recording: Recording, words: str) -> tuple[Any, list[str]]:
    found = search(store, recording.id, words)
    told = [
        {
            "exhibit": one.exhibit.number,
            "collector": one.exhibit.collector,
            "at": iso(one.exhibit.at),
            "line": one.line,
            "text": one.text,
        }
        for one in found
    ]
    lines = [
        f"{one.exhibit.number}:{one.line}: {_clock(one.exhibit.at)} {one.exhibit.collector}: "
        f"{_line(one.text)}"
        for one in found
    ]
    return {"found": told}, lines or ["No line holds these words."]


def _difference(
    store: Store, recording: Recording, before: int, after: int
) -> tuple[Any, list[str]]:
    texts = [text_of(content_of(store, recording.id, number)) for number in (before, after)]
    changes = difference(*texts)
    told = [
        {"change": one.change.value, "text": one.text}
        for one in changes
        if one.change is not Change.SAME
    ]
    lines = [
        f"{_SIGNS[one.change]} {_line(one.shown)}"
        for one in changes
        if one.change is not Change.SAME
    ]
    return {"differences": told}, lines or ["They are the same."]


def _whole(store: Store, recording: Recording) -> tuple[Any, list[str]]:
    exhibits = exhibits_of(store, recording.id)
    suspects = suspects_of(store, recording.id)
    told = recording_to_json(recording) | {
        "exhibits": [exhibit_to_json(one) for one in exhibits],
        "suspects": suspects_to_json(store, recording.id),
    }
    lasted = span_text(recording.lasted(datetime.now(UTC)).total_seconds())
    asked = f", asked for by {inert(recording.asked_by)}" if recording.asked_by else ""
    lines = [
        f"Recording {recording.id} of {inert(recording.server_name)}: {recording.state.value}",
        f"  since {local_text(recording.started_at)}, for {lasted}{asked}",
        f"  why: {inert(recording.why)}",
        *([f"  ended: {inert(recording.ended_why)}"] if recording.ended_why else []),
        (
            f"  {recording.exhibits} exhibits, {recording.raw_bytes / 1e6:.1f} MB, "
            f"{recording.stored_bytes / 1e6:.2f} MB as stored"
        ),
        "",
        *_suspect_lines(suspects, False),
        "",
        *table(_COLUMNS, [_row(one) for one in exhibits], shutil.get_terminal_size().columns),
    ]
    if recording.absences:
        lines += ["", "Not collected:"]
        lines += [f"  {inert(name)}: {inert(why)}" for name, why in recording.absences.items()]
    return told, lines


def _suspect_lines(suspects: tuple[Suspect, ...], with_lines: bool) -> list[str]:
    if not suspects:
        return ["Suspects: none; nobody took much of anything while this was recorded."]
    lines = ["Suspects, the strongest first:"]
    for place, one in enumerate(suspects, 1):
        lines.append(f"  {place}. {one.words} [{one.score:.2f}]")
        if with_lines:
            lines += [f"       {line.exhibit}:{line.line}: {line.text}" for line in one.lines]
    return lines


def _row(one: Exhibit) -> list[str]:
    ending = "" if one.ending is Ending.WHOLE else one.ending.value
    if not ending and one.exit_status:
        ending = f"exit status {one.exit_status}"
    return [
        str(one.number),
        _clock(one.at),
        inert(one.title),
        str(one.raw_bytes),
        f"{one.took_ms} ms",
        ending,
    ]


def _clock(at: datetime) -> str:
    return f"{at.astimezone():%H:%M:%S}"


def _line(text: str) -> str:
    """Make a line inert; a tab is a gap between columns, and shown as such."""
    return inert(text.replace("\t", "    "))
