"""How an incident reads on the screen: severity as shape, word and colour, its clock, its people.

Pure: no I/O, no clock.
"""

from datetime import datetime

from PySide6.QtGui import QColor

from noc_console.desk.look import Look
from noc_console.fleet.inert import inert
from noc_console.health.verdict import Verdict
from noc_console.incidents.incident.incident import Incident, IncidentState, Role, Severity
from noc_console.incidents.times import clock_text, span_text

_AS_BAD_AS = {
    Severity.CRITICAL: Verdict.DOWN,
    Severity.MAJOR: Verdict.CUT_OFF,
    Severity.MINOR: Verdict.EARLY,
}

_LONGEST_NAME = 26


def verdict_of(incident: Incident) -> Verdict:
    """Give the verdict whose shape and colour an incident takes; what is over is calm."""
    return _AS_BAD_AS[incident.severity] if incident.is_open else Verdict.OK


def severity_words(incident: Incident, look: Look) -> str:
    """Give severity and state with their shape: `◆  major, open`."""
    return look.worded(verdict_of(incident), f"{incident.severity.value}, {incident.state.value}")


def short_severity_words(incident: Incident, look: Look) -> str:
    """Give the severity of what is open, else the state, with its shape: `◆  major`."""
    word = incident.severity.value if incident.is_open else incident.state.value
    return look.worded(verdict_of(incident), word)


def clock_colour(incident: Incident, look: Look, now: datetime) -> QColor | None:
    """Give the colour of a promise that has passed."""
    return look.colour(Verdict.DOWN) if incident.overdue_by(now) is not None else None


def severity_colour(incident: Incident, look: Look) -> QColor | None:
    """Give the colour of what needs a person; the rest is faint."""
    return look.colour(verdict_of(incident)) if incident.is_open else look.faint


def clock_words(incident: Incident, now: datetime) -> str:
    """Give when customers hear again, in a few words for a cell."""
    overdue = incident.overdue_by(now)
    if overdue is not None:
        return f"▲ overdue {span_text(overdue)}"
    if incident.next_update_at is None or incident.is_closed:
        return "–"
    return f"in {span_text(incident.next_update_at - now)}"


def clock_sentence(incident: Incident, now: datetime) -> str:
    """Give when customers hear again, as a sentence."""
    overdue = incident.overdue_by(now)
    if overdue is not None:
        return (
            f"▲  UPDATE OVERDUE by {span_text(overdue)}: customers were promised to hear by "
            f"{clock_text(incident.next_update_at or now, now)}. Press U."
        )
    if incident.is_closed:
        return "Closed: nothing more is due."
    if incident.next_update_at is None:
        return "No further update is promised to customers."
    left = span_text(incident.next_update_at - now)
    return f"Next update due {clock_text(incident.next_update_at, now)}, in {left}."


def moment_words(at: datetime, now: datetime) -> str:
    """Give a moment of a timeline to the second, with its day where that is not today's."""
    local = at.astimezone()
    form = "%H:%M:%S" if local.date() == now.astimezone().date() else "%a %d %H:%M:%S"
    return local.strftime(form)


def since_words(incident: Incident, now: datetime) -> str:
    """Give since when it lasts, or how long it lasted."""
    if incident.state is IncidentState.OPEN:
        return f"since {clock_text(incident.began_at, now)} ({span_text(incident.lasted(now))})"
    return f"{clock_text(incident.began_at, now)}, lasted {span_text(incident.lasted(now))}"


def people_words(incident: Incident) -> str:
    """Give who does what."""
    return "   ".join(
        f"{role.value.capitalize()}: {inert(incident.holder(role)) or 'nobody'}" for role in Role
    )


def short_name(name: str) -> str:
    """Give a server's name with its middle left out where it is long."""
    if len(name) <= _LONGEST_NAME:
        return name
    kept = _LONGEST_NAME - 1
    return f"{name[: kept - kept // 2]}…{name[-(kept // 2) :]}"
