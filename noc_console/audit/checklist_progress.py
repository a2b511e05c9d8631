"""How far people are with an audit: over all, by step, by person. Pure: no I/O, no clock."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from noc_console.audit.audit import CollectState
from noc_console.audit.check import Step
from noc_console.audit.checklist import Checklist, ChecklistRow, Mark
from noc_console.audit.decision import Decision, DecisionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class StepProgress:
    """One step over all servers."""

    step: Step
    counts: Mapping[Mark, int]

    @property
    def open(self) -> int:
        """What waits for a person."""
        return sum(many for mark, many in self.counts.items() if mark.is_open)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonProgress:
    """What one person decided in this audit, and which tasks are theirs."""

    name: str
    decided: int
    tasks: int
    overdue: int
    next_due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """An audit's progress."""

    steps: tuple[StepProgress, ...]
    people: tuple[PersonProgress, ...]
    """Those with overdue tasks first, then those who decided most."""
    open: int
    decided: int
    not_measured: int
    unasked: int
    servers: Mapping[CollectState, int]

    @property
    def percent(self) -> int:
        """How much of what wanted a person was decided; all of it where nothing did."""
        both = self.open + self.decided
        return 100 if not both else self.decided * 100 // both

    @property
    def is_being_asked(self) -> bool:
        """Whether a server is still to be asked something: more may be found."""
        return any(self.servers.get(one) for one in (CollectState.WAITING, CollectState.RUNNING))


def progress_of(checklist: Checklist, rows: Sequence[ChecklistRow], today: date) -> Progress:
    """Give the progress; `rows` are those of the checklist."""
    heads = [one for one in rows if one.server_id is None]
    steps = []
    for place, step in enumerate(Step):
        counts: Counter[Mark] = Counter()
        for head in heads:
            counts.update(head.cells[place].counts)
        steps.append(StepProgress(step=step, counts=dict(counts)))
    sums: Counter[Mark] = Counter()
    for one in steps:
        sums.update(one.counts)
    return Progress(
        steps=tuple(steps),
        people=_people(checklist, today),
        open=sum(one.open for one in rows if not one.server_id),
        decided=sums[Mark.DECIDED],
        not_measured=sums[Mark.NOT_MEASURED],
        unasked=sums[Mark.UNASKED],
        servers=Counter(part.row.state for part in checklist.parts.values()),
    )


def _people(checklist: Checklist, today: date) -> tuple[PersonProgress, ...]:
    holding = [one for one in checklist.decisions.values() if one.audit_id == checklist.audit.id]
    decided = Counter(one.by for one in holding)
    tasks: dict[str, list[Decision]] = {}
    for one in holding:
        if one.kind is DecisionKind.TASK:
            tasks.setdefault(one.owner, []).append(one)
    people = [
        _person(name, decided[name], tasks.get(name, ()), today)
        for name in decided.keys() | tasks.keys()
    ]
    order = sorted(people, key=lambda one: (-one.overdue, -one.decided, one.name.casefold()))
    return tuple(order)


def _person(name: str, decided: int, tasks: Sequence[Decision], today: date) -> PersonProgress:
    days = sorted(one.until for one in tasks if one.until is not None)
    return PersonProgress(
        name=name,
        decided=decided,
        tasks=len(tasks),
        overdue=sum(day < today for day in days),
        next_due=days[0] if days else None,
    )
