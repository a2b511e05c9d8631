"""The page that one shift hands to the next, made of facts. Pure: no I/O, no clock."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from noc_console.fleet.inert import inert
from noc_console.health.alarm import Alarm, AlarmState, pressing_order
from noc_console.health.reason_words import beside_name
from noc_console.health.verdict import Judgement, Verdict
from noc_console.incidents.handover.handover import (
    AHEAD,
    MOST_ROWS,
    Cell,
    HandoverPage,
    Row,
    Section,
    ShiftFacts,
)
from noc_console.incidents.incident.incident import Role, in_order_of_need
from noc_console.incidents.times import span_text
from noc_console.incidents.windows.window import Stage

ODD_AFTER = timedelta(minutes=10)
EARLY_FOR_LONG = timedelta(hours=1)


def make_page(facts: ShiftFacts, now: datetime) -> HandoverPage:
    """Give the page of a moment."""
    names = {one.id: inert(one.name) for one in facts.servers.values()}
    parts: Sequence[Callable[[ShiftFacts, Mapping[int, str], datetime], Section]] = (
        _promises,
        _incidents,
        _alarms,
        _who_has_what,
        _shelved,
        _windows,
        _untold,
        _odd,
        _recordings,
    )
    return HandoverPage(at=now, sections=tuple(part(facts, names, now) for part in parts))


def _section(
    key: str,
    title: str,
    columns: Sequence[str],
    rows: Iterable[Row],
    empty: str,
    link_at: int = 1,
) -> Section:
    every = tuple(rows)
    return Section(
        key=key,
        title=title,
        columns=tuple(columns),
        rows=every[:MOST_ROWS],
        empty=empty,
        left_out=max(0, len(every) - MOST_ROWS),
        link_at=link_at,
    )


def _promises(facts: ShiftFacts, names: Mapping[int, str], now: datetime) -> Section:
    del names
    due = [one for one in facts.incidents if one.next_update_at is not None]
    rows = []
    for one in sorted(due, key=lambda one: (one.next_update_at or now, one.id)):
        overdue = one.overdue_by(now)
        how = f"OVERDUE by {span_text(overdue)}" if overdue is not None else "due"
        who = inert(one.communicator or one.lead) or "nobody"
        cells = (one.next_update_at or now, how, f"{one.id}: {inert(one.title)}", who)
        link = f"incident:{one.id}"
        rows.append(Row(cells=cells, link=link, is_loud=overdue is not None))
    return _section(
        "promises",
        "Promises made to customers",
        ("Due", "Standing", "Incident", "Who tells them"),
        rows,
        "Nothing is promised.",
        link_at=2,
    )


def _incidents(facts: ShiftFacts, names: Mapping[int, str], now: datetime) -> Section:
    del names
    rows = [
        Row(
            cells=(
                f"{one.id}: {inert(one.title)}",
                one.severity.value,
                one.state.value,
                one.began_at,
                inert(one.lead) or "nobody",
                f"{len(one.server_ids)}",
            ),
            link=f"incident:{one.id}",
        )
        for one in in_order_of_need(facts.incidents, now)
    ]
    return _section(
        "incidents",
        "Incidents that are not closed",
        ("Incident", "Severity", "State", "Began", "Lead", "Servers"),
        rows,
        "No incident is open.",
        link_at=0,
    )


def _alarms(facts: ShiftFacts, names: Mapping[int, str], now: datetime) -> Section:
    del now
    shown = {AlarmState.RAISED, AlarmState.RETURNED, AlarmState.ACKNOWLEDGED}
    rows = [
        Row(
            cells=(
                one.verdict.value,
                _whose(one, names),
                _beside(one, names),
                one.raised_at,
                _noted(one),
                inert(one.claimed.by) if one.claimed is not None else "nobody",
            ),
            verdict=one.verdict,
            link=f"alarm:{one.id}",
        )
        for one in sorted(facts.alarms, key=pressing_order)
        if one.state in shown
    ]
    return _section(
        "alarms",
        "Open and acknowledged alarms",
        ("Severity", "Server", "What", "Since", "State", "Who has it"),
        rows,
        "No alarm is open.",
    )


def _noted(one: Alarm) -> str:
    if one.acknowledged is None:
        return "waits for a person"
    noted = one.acknowledged
    return f"acknowledged by {inert(noted.by)}: {inert(noted.reason)}"


def _who_has_what(facts: ShiftFacts, names: Mapping[int, str], now: datetime) -> Section:
    del now
    has: dict[str, list[tuple[str, str]]] = {}
    for incident in facts.incidents:
        for role in Role:
            if holder := inert(incident.holder(role)):
                what = f"{role.value} of incident {incident.id}: {inert(incident.title)}"
                has.setdefault(holder, []).append((what, f"incident:{incident.id}"))
    for alarm in facts.alarms:
        if alarm.claimed is not None and alarm.is_open:
            what = f"alarm of {_whose(alarm, names)}: {inert(alarm.words)}"
            has.setdefault(inert(alarm.claimed.by), []).append((what, f"alarm:{alarm.id}"))
    rows = [Row(cells=(who, what), link=link) for who in sorted(has) for what, link in has[who]]
    return _section(
        "people", "Who has what", ("Who", "What"), rows, "Nobody has taken anything on."
    )


def _beside(alarm: Alarm, names: Mapping[int, str]) -> str:
    """Give an alarm's words for a row that names its server."""
    name = names.get(alarm.server_id, "") if alarm.server_id is not None else ""
    return inert(beside_name(alarm.key, alarm.words, name))


def _shelved(facts: ShiftFacts, names: Mapping[int, str], now: datetime) -> Section:
    del now
    shelved = [one for one in facts.alarms if one.is_open and one.shelved is not None]
    rows = [
        Row(
            cells=(
                one.shelved.until,
                _whose(one, names),
                _beside(one, names),
                inert(one.shelved.by),
                inert(one.shelved.reason),
            ),
            verdict=one.verdict,
            link=f"alarm:{one.id}",
        )
        for one in sorted(shelved, key=lambda one: (one.shelved and one.shelved.until, one.id))
        if one.shelved is not None
    ]
    return _section(
        "shelved",
        "Shelved alarms, and when each wakes",
        ("Wakes", "Server", "What", "Shelved by", "Why"),
        rows,
        "Nothing is shelved.",
    )


def _windows(facts: ShiftFacts, names: Mapping[int, str], now: datetime) -> Section:
    del names
    shown = {Stage.PLANNED, Stage.RUNNING, Stage.OVERRUN}
    servers = list(facts.servers.values())
    rows = []
    for one in sorted(facts.windows, key=lambda one: (one.planned_start, one.window.id)):
        stage = one.stage(now)
        if stage not in shown or one.planned_start >= now + AHEAD:
            continue
        covered = [inert(server.name) for server in servers if one.covers(server)]
        whom = ", ".join(covered[:4]) + (
            f" and {len(covered) - 4} more" if len(covered) > 4 else ""
        )
        cells = (one.planned_start, one.planned_end, stage.value, inert(one.window.title), whom)
        link = f"window:{one.window.id}"
        rows.append(Row(cells=cells, link=link, is_loud=stage is Stage.OVERRUN))
    return _section(
        "windows",
        "Windows in the next 24 hours",
        ("Begins", "Ends", "Stage", "What", "Servers"),
        rows,
        "No maintenance is planned in the next 24 hours.",
        link_at=3,
    )


def _odd(facts: ShiftFacts, names: Mapping[int, str], now: datetime) -> Section:
    """Servers that raise no alarm and yet are not as they should be."""
    loud = {one.server_id for one in facts.alarms if one.is_open}
    rows = []
    for server_id, name in names.items():
        judgement = facts.judgements.get(server_id)
        why = _oddness(judgement, now)
        if server_id in loud or not why:
            continue
        verdict = judgement.verdict if judgement is not None else Verdict.UNKNOWN
        since: Cell = judgement.since if judgement is not None else ""
        cells = (verdict.value, name, why, since)
        rows.append(Row(cells=cells, verdict=verdict, link=f"server:{server_id}"))
    rows.sort(key=lambda row: (row.verdict.urgency if row.verdict else 0, str(row.cells[1])))
    empty = "No quiet server is odd." if facts.is_watched else "Nobody watches: nothing is known."
    return _section(
        "odd",
        "Odd but quiet servers",
        ("Verdict", "Server", "What is odd", "Since"),
        rows,
        empty,
    )


def _oddness(judgement: Judgement | None, now: datetime) -> str:
    if judgement is None:
        return "never looked at"
    reason = inert(judgement.words[0]) if judgement.words else ""
    lasted = now - judgement.since
    if judgement.verdict in {Verdict.STALE, Verdict.UNKNOWN} and lasted >= ODD_AFTER:
        return reason or "no figures"
    if judgement.verdict is Verdict.EARLY and lasted >= EARLY_FOR_LONG:
        return f"past an early line for {span_text(lasted)}: {reason}"
    if judgement.verdict is Verdict.OK and reason:
        return reason  # below its lines, yet something was worth words
    return ""


def _recordings(facts: ShiftFacts, names: Mapping[int, str], now: datetime) -> Section:
    rows = [
        Row(
            cells=(
                names.get(one.server_id, inert(one.server_name)),
                one.started_at,
                span_text(one.lasted(now)),
                inert(one.why),
                inert(one.asked_by) or "the console itself",
            ),
            link=f"evidence:{one.id}",
        )
        for one in sorted(facts.recordings, key=lambda one: (one.started_at, one.id))
    ]
    return _section(
        "recordings",
        "Flight recordings that go on",
        ("Server", "Since", "For", "Why", "Begun by"),
        rows,
        "Nothing is being recorded.",
        link_at=0,
    )


def _untold(facts: ShiftFacts, names: Mapping[int, str], now: datetime) -> Section:
    """Ways by which absent people are not reached: what calls at night would stay unheard."""
    del names, now
    ways = {one.id: one.way.value for one in facts.recipients}
    rows = [
        Row(
            cells=(
                "still tried" if one.is_failing else one.state.value,
                inert(one.recipient_name),
                ways.get(one.recipient_id, ""),
                one.made_at,
                inert(one.words) or "no answer yet",
            ),
            verdict=Verdict.EARLY if one.is_failing else Verdict.CUT_OFF,
            link=f"delivery:{one.id}",
        )
        for one in facts.untold
    ]
    rows += [
        Row(cells=("paused", inert(one.name), one.way.value, "", "is told nothing until resumed"))
        for one in facts.recipients
        if one.is_paused
    ]
    empty = "The last message to each of them went, or none was due."
    if not facts.recipients:
        empty = "Nobody is to be told of alarms: no recipient is entered."
    return _section(
        "untold",
        "Absent people who are not reached",
        ("Standing", "Who", "By", "Since", "What came of it"),
        rows,
        empty,
    )


def _whose(alarm: Alarm, names: Mapping[int, str]) -> str:
    if alarm.server_id is None:
        return "several servers"
    return names.get(alarm.server_id, f"server {alarm.server_id}")
