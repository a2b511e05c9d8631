"""How recordings and exhibits read on the screen. Pure: no Qt, no I/O; `now` is an argument."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from noc_console.fleet.inert import inert
from noc_console.incidents.evidence.evidence import Exhibit, Recording, RecordingState
from noc_console.incidents.evidence.evidence_difference import Change, ChangedLine

MAX_SHOWN = 120_000
"""Characters of one exhibit on the screen: more would hold the window up. The export has all."""

_LONGEST_LINE = 2000
_LINES_BEFORE = 200
_NOT_THERE, _NOT_INSTALLED = frozenset({"not on this server"}), " is not installed"
_STATES = {
    RecordingState.RECORDING: "●  recording",
    RecordingState.ENDED: "ended",
    RecordingState.BROKEN_OFF: "▲  broken off",
}


def span_words(seconds: float) -> str:
    """Give a span in one unit: `40 s`, `12 min`, `3 h`."""
    seconds = max(0.0, seconds)
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def recording_words(recording: Recording, now: datetime) -> str:
    """Say that a server is being recorded: `recording 3 min`."""
    return f"recording {span_words(recording.lasted(now).total_seconds())}"


def state_words(recording: Recording) -> str:
    """Give how a recording stands, by shape and word."""
    return _STATES[recording.state]


def day_and_time(at: datetime) -> str:
    """Give a moment in local time, with the day."""
    return f"{at.astimezone():%a %d %b %H:%M:%S}"


def clock(at: datetime) -> str:
    """Give a moment of local time."""
    return f"{at.astimezone():%H:%M:%S}"


def size_words(count: int) -> str:
    """Give a size in kB or MB."""
    return f"{count / 1e6:.1f} MB" if count >= 1_000_000 else f"{count / 1000:.1f} kB"


def ending_words(exhibit: Exhibit) -> str:
    """Say how its collecting ended, where that was not as it should; empty where it was."""
    if exhibit.is_whole:
        return ""
    if exhibit.exit_status and exhibit.ending.name == "WHOLE":
        return f"exit status {exhibit.exit_status}"
    return exhibit.ending.value


def exhibit_words(exhibit: Exhibit) -> str:
    """Give what an exhibit is, and how its collecting ended where that was not as it should."""
    title, ending = inert(exhibit.title), ending_words(exhibit)
    return f"▲  {title}: {ending}" if ending else title


def told_about(recording: Recording, now: datetime) -> str:
    """Give one sentence about a recording: why, by whom, how long, what it holds."""
    by = f" Asked for by {inert(recording.asked_by)}." if recording.asked_by else ""
    ended = f" Ended: {inert(recording.ended_why)}." if recording.ended_why else ""
    zone = f"{recording.started_at.astimezone():%Z}"
    return (
        f"{day_and_time(recording.started_at)} {zone}, "
        f"{span_words(recording.lasted(now).total_seconds())}. Why: {inert(recording.why)}.{by}"
        f"{ended} {recording.exhibits} exhibits, {size_words(recording.raw_bytes)}, stored in "
        f"{size_words(recording.stored_bytes)}."
    )


def absence_words(recording: Recording) -> str:
    """Say what was there and could not be collected, and why; empty where nothing was amiss."""
    told = [
        f"{inert(name)}: {inert(why)}"
        for name, why in recording.absences.items()
        if why not in _NOT_THERE and not why.endswith(_NOT_INSTALLED)
    ]
    return "Not collected: " + "; ".join(told) if told else ""


def all_absence_words(recording: Recording) -> str:
    """Say of each kind of exhibit that was not collected why."""
    told = [f"{inert(name)}: {inert(why)}" for name, why in recording.absences.items()]
    return "Not collected: " + "; ".join(told) if told else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownText:
    """An exhibit's text for the screen, and which of its lines is the one asked for."""

    text: str
    line: int


def shown_text(text: str, line: int = 1) -> ShownText:
    """Give an exhibit's text for the screen: each line inert, columns still apart.

    Of a very long one a part is given that holds the line asked for.
    """
    lines = text.split("\n")
    first = 0
    if len(text) > MAX_SHOWN:
        first = max(0, line - _LINES_BEFORE)
    shown: list[str] = ["… it begins before: save the recording to read all of it"] * bool(first)
    size = 0
    for one in lines[first:]:
        size += len(one) + 1
        if size > MAX_SHOWN:
            shown.append("… it goes on: save the recording to read all of it")
            break
        shown.append(_shown_line(one))
    return ShownText(text="\n".join(shown), line=line - first + bool(first))


def shown_difference(lines: Sequence[ChangedLine]) -> str:
    """Give what changed: `-` before what is gone, `+` what is new; at last `~` only figures."""
    signs = {Change.GONE: "-", Change.NEW: "+", Change.FIGURES: "~"}
    changed = [
        f"{signs[one.change]} {_shown_line(one.shown)}"
        for one in sorted(lines, key=lambda one: one.change is Change.FIGURES)
        if one.change is not Change.SAME
    ]
    return "\n".join(changed)


def _shown_line(line: str) -> str:
    """Make a line inert; runs of spaces and tabs stay, for they are columns."""
    if line.isascii() and line.isprintable():
        return line[:_LONGEST_LINE]
    parts = line[:_LONGEST_LINE].replace("\t", "    ").split(" ")
    return " ".join(inert(part, _LONGEST_LINE) if part else "" for part in parts)
