"""One month beside another: what is new, gone, changed, and the same since when.

Pure: no I/O, no clock. A finding is the same when server, check and item are. One that is missing
is gone only where its check was measured again; where it was not, nobody knows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from noc_console.audit.finding import Finding, Result

Key = tuple[int, str, str]
"""Server, check, item."""


class Change(Enum):
    """What became of a finding from one month to the next, what asks for a look first."""

    NEW = "new"
    CHANGED = "changed"
    NOT_LOOKED = "not looked at again"
    GONE = "gone"
    SAME = "same"

    @property
    def urgency(self) -> int:
        """Give the place in the order in which people look, 0 the first."""
        return _URGENCY[self]


_URGENCY = {one: place for place, one in enumerate(Change)}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditMonth:
    """What one audit found: its findings, and which checks of which servers were measured."""

    month: str
    audit_id: int
    findings: Mapping[Key, Finding]
    measured: frozenset[tuple[int, str]]
    """Server and check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One finding in both months. `before` or `after` is None where it was not there.

    `since` is the first month of an unbroken row in which it was there.
    """

    server_id: int
    check_id: str
    item: str
    change: Change
    before: Finding | None
    after: Finding | None
    since: str

    @property
    def worst(self) -> Result:
        """The worse of both results."""
        results = [one.result for one in (self.before, self.after) if one is not None]
        return min(results, key=lambda one: one.urgency)


def compare(
    earlier: AuditMonth, later: AuditMonth, older: Sequence[AuditMonth] = ()
) -> list[Compared]:
    """Compare two months, what asks for a look first; `older` are those before, newest first."""
    keys = earlier.findings.keys() | later.findings.keys()
    heaps: dict[tuple[int, int, str], list[Compared]] = {}
    for key in keys:
        one = _compared(key, earlier, later, older)
        order = (one.change.urgency, one.worst.urgency, one.check_id)
        heaps.setdefault(order, []).append(one)
    return [  # sorted by heaps: while Python sorts a long list no thread runs, the window neither
        one
        for heap in sorted(heaps)
        for one in sorted(heaps[heap], key=lambda one: (one.server_id, one.item))
    ]


def since_of(key: Key, months: Sequence[AuditMonth]) -> str:
    """Give the first month of the unbroken row in which a finding was there; newest month first.

    A month in which its check was not measured neither proves nor breaks the row.
    """
    first = ""
    for one in months:
        if key in one.findings:
            first = one.month
        elif key[:2] in one.measured:
            break
    return first


def _compared(
    key: Key, earlier: AuditMonth, later: AuditMonth, older: Sequence[AuditMonth]
) -> Compared:
    before, after = earlier.findings.get(key), later.findings.get(key)
    if after is not None:
        change = _change(before, after)
        since = since_of(key, [later, earlier, *older])
    else:
        change = Change.GONE if key[:2] in later.measured else Change.NOT_LOOKED
        since = since_of(key, [earlier, *older])
    return Compared(
        server_id=key[0],
        check_id=key[1],
        item=key[2],
        change=change,
        before=before,
        after=after,
        since=since,
    )


def _change(before: Finding | None, after: Finding) -> Change:
    if before is None:
        return Change.NEW
    is_same = (before.result, before.severity) == (after.result, after.severity)
    return Change.SAME if is_same else Change.CHANGED
