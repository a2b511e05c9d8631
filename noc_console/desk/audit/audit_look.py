"""How an audit looks: the shape, word and colour of each mark, the short names of the steps."""

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtGui import QColor

from noc_console.audit.audit import Audit, AuditState, CollectState
from noc_console.audit.check import Step
from noc_console.audit.checklist import Cell, ChecklistRow, Mark
from noc_console.audit.checklist_progress import Progress
from noc_console.desk.look import Look
from noc_console.fleet.inert import inert
from noc_console.health.verdict import Verdict

SHORT: Mapping[Step, str] = {
    Step.UPDATES: "Updates",
    Step.FIREWALL: "Firewall",
    Step.SERVICES: "Services",
    Step.USERS: "Users",
    Step.LOGGING: "Logging",
    Step.DIRECTORIES: "Folders",
    Step.LOGINS: "Logins",
    Step.SPAM: "Spam",
    Step.PERFORMANCE: "Speed",
    Step.BACKUPS: "Backups",
    Step.CERTIFICATES: "Certs",
    Step.HARDWARE: "Disks",
    Step.BREAK_IN: "Break-in",
    Step.APPLICATIONS: "Web",
    Step.PEOPLE: "People",
}
"""The heads of narrow columns; the whole words are in their tips."""

_AS_BAD_AS = {
    Mark.CRITICAL: Verdict.DOWN,
    Mark.FAIL: Verdict.CUT_OFF,
    Mark.WARN: Verdict.EARLY,
    Mark.ASKS: Verdict.EARLY,
    Mark.NOT_MEASURED: Verdict.UNKNOWN,
}
_SHAPES = {
    Mark.ASKS: "?",
    Mark.UNASKED: "·",
    Mark.DECIDED: "✓",
    Mark.PASS: "●",
    Mark.NOT_APPLICABLE: "–",
    Mark.NO_CHECK: "",
}
_OLD = "▽"


def shape_of(mark: Mark, look: Look) -> str:
    """Give the shape of a mark."""
    return _SHAPES[mark] if mark in _SHAPES else look.shapes[_AS_BAD_AS[mark]]


def colour_of(mark: Mark, look: Look) -> QColor | None:
    """Give the colour of what needs a person; the rest is faint."""
    verdict = _AS_BAD_AS.get(mark)
    if verdict is None:
        return look.faint
    return look.colour(verdict)


def cell_text(cell: Cell, look: Look) -> str:
    """Give what stands in a cell: the shape, and how many are open, or were not measured."""
    shape = shape_of(cell.mark, look)
    many = cell.open or cell.counts.get(cell.mark, 0)
    counted = cell.mark.is_open or cell.mark in {Mark.NOT_MEASURED, Mark.UNASKED}
    words = f"{shape} {many:,}" if counted and many else shape
    return f"{words} {_OLD}" if cell.is_old and words else words


def cell_words(cell: Cell) -> str:
    """Give a cell in words: `2 fail, 1 not measured, 4 passed`."""
    order = sorted(cell.counts, key=lambda one: one.urgency)
    said = ", ".join(f"{cell.counts[one]:,} {one.value}" for one in order if cell.counts[one])
    old = " From before: it could not be asked in the newest run." if cell.is_old else ""
    return f"{said or Mark.NO_CHECK.value}.{old}"


def cell_tip(row: ChecklistRow, step: Step, cell: Cell) -> str:
    """Give what a cell says when it is pointed at, or read aloud."""
    return f"{inert(row.name)}, {step.value}: {cell_words(cell)}"


def legend(look: Look) -> str:
    """Give what each shape of a cell says."""
    marks = [one for one in Mark if one is not Mark.NO_CHECK]
    said = [f"{shape_of(one, look)} {one.value}" for one in marks]
    return "   ".join([*said, f"{_OLD} from an earlier run: could not be asked in the newest"])


def audit_title(one: Audit) -> str:
    """Give an audit in a few words, for the list of months."""
    revision = f", revision {one.revision}" if one.revision > 1 else ""
    return f"{one.month}{revision}  ·  {state_words(one)}  ·  {inert(one.scope, 60)}"


def state_words(one: Audit) -> str:
    """Give where an audit stands."""
    return {
        AuditState.OPEN: "open",
        AuditState.SIGNED: "signed, waits for a second person",
        AuditState.COUNTERSIGNED: "counter-signed",
    }[one.state]


def progress_words(progress: Progress, state: AuditState) -> str:
    """Give how far an audit is, in a line. What is still being asked has no share yet."""
    asked = progress.servers.get(CollectState.DONE, 0)
    failed = progress.servers.get(CollectState.FAILED, 0)
    share = "so far" if progress.is_being_asked else f"({progress.percent} %)"
    is_ready = state is AuditState.OPEN and not progress.open and not progress.is_being_asked
    parts = [
        f"{progress.open:,} open, {progress.decided:,} decided {share}",
        f"{progress.not_measured:,} more not measured" * bool(progress.not_measured),
        f"{asked:,} of {sum(progress.servers.values()):,} servers asked",
        f"{failed:,} could not be asked" * bool(failed),
        "ready to sign" * is_ready,
    ]
    return ";  ".join(part for part in parts if part)


def day_words(at: datetime) -> str:
    """Give a moment by its local day and minute."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}"
