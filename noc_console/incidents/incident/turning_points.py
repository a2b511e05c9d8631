"""Where a metric turned: first past a line, at its worst, back. Pure: no I/O, no clock."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from noc_console.fleet.inert import inert
from noc_console.incidents.incident.timeline import Moment, Source
from noc_console.store.schema.metadata import from_ms
from noc_console.telemetry.metrics import METRICS, family


class Turn(Enum):
    """Which kind of turn."""

    PAST_EARLY = "first past the early line"
    PAST_CUT_OFF = "first past the cut-off"
    WORST = "at its worst"
    BACK = "back on the good side of its line"


@dataclass(frozen=True, slots=True, kw_only=True)
class TurningPoint:
    """One turn of a metric, with the figure at it."""

    turn: Turn
    at: datetime
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The lines by which a metric turns, where it has them; `is_low_bad`: danger lies below."""

    early: float | None = None
    cut_off: float | None = None
    is_low_bad: bool = False


def turning_points(
    times_ms: NDArray[np.int64], values: NDArray[np.float64], bounds: Bounds
) -> list[TurningPoint]:
    """Give the turns of a metric; none where it never reached a line.

    The figures may have holes (nan). The way back is the first figure on the good side of the
    nearer line after the last one beyond it; there is none while it is still beyond.
    """
    known = np.isfinite(values)
    times, figures = times_ms[known], values[known]
    sign = -1.0 if bounds.is_low_bad else 1.0
    badness = sign * figures
    past = {
        turn: np.flatnonzero(badness >= sign * line)
        for turn, line in ((Turn.PAST_EARLY, bounds.early), (Turn.PAST_CUT_OFF, bounds.cut_off))
        if line is not None
    }
    places = [(turn, int(found[0])) for turn, found in past.items() if found.size]
    if not places:
        return []
    places.append((Turn.WORST, int(np.argmax(badness))))
    nearer = next(iter(past.values()))
    if nearer.size and nearer[-1] + 1 < figures.size:
        places.append((Turn.BACK, int(nearer[-1]) + 1))
    found_turns = [
        TurningPoint(turn=turn, at=from_ms(int(times[place])), value=float(figures[place]))
        for turn, place in places
    ]
    return sorted(found_turns, key=lambda one: (one.at, list(Turn).index(one.turn)))


def of_turns(
    server_id: int, name: str, metric: str, points: list[TurningPoint], bounds: Bounds
) -> list[Moment]:
    """Give turns as moments of a timeline."""
    known = METRICS.get(family(metric))
    part = metric.partition(":")[2]
    title = f"{known.title if known else metric}{f' of {inert(part)}' if part else ''}"
    unit = known.unit.value if known else ""
    line_of = {Turn.PAST_EARLY: bounds.early, Turn.PAST_CUT_OFF: bounds.cut_off}
    whose = f"{name}: " if name else ""
    moments = []
    for place, one in enumerate(points):
        line = f" ({line_of[one.turn]:g} {unit})".replace(" )", ")") if one.turn in line_of else ""
        figure = f"{one.value:.4g} {unit}".rstrip()
        moments.append(
            Moment(
                at=one.at,
                source=Source.READING,
                words=f"{whose}{title} {figure}, {one.turn.value}{line}.",
                number=place,
                server_id=server_id,
            )
        )
    return moments
