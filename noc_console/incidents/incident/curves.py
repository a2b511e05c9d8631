"""Figures of a server over some time, with the lines they are judged by, and where they turned.

Reads only; meant for a thread of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from noc_console.fleet.server import Server
from noc_console.health.line_book import LineBook
from noc_console.health.line_records import load_book
from noc_console.incidents.incident.timeline import Moment
from noc_console.incidents.incident.turning_points import Bounds, of_turns, turning_points
from noc_console.store.history import History, Step
from noc_console.store.store import Store

MOST_CURVES = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """The figures of one metric of one server over some time, and its lines where it has any."""

    server_id: int
    name: str
    metric: str
    times_ms: NDArray[np.int64]
    values: NDArray[np.float64]
    bounds: Bounds | None
    not_watched: Sequence[tuple[int, int]] = ()


def read_curves(
    store: Store,
    wanted: Iterable[tuple[int, str]],
    servers: Mapping[int, Server],
    names: Mapping[int, str],
    span: tuple[datetime, datetime],
    step: Step = Step.AUTO,
) -> list[Curve]:
    """Give the figures of these metrics of these servers within `span`; none where none was told.

    A server that is not in `servers` any more has no lines.
    """
    history, book = History(store), load_book(store)
    ordered = list(wanted)
    metrics: dict[int, list[str]] = {}
    for server_id, metric in ordered:
        metrics.setdefault(server_id, ["cores"]).append(metric)
    told = {  # each look costs as much for one metric as for ten
        server_id: history.read(server_id, some, *span, step) for server_id, some in metrics.items()
    }
    curves = []
    for server_id, metric in ordered:
        figures = told[server_id]
        known = figures.average["cores"][np.isfinite(figures.average["cores"])]
        cores = float(known[-1]) if known.size else 1.0
        curve = Curve(
            server_id=server_id,
            name=names[server_id],
            metric=metric,
            times_ms=figures.times_ms,
            values=figures.maximum[metric],
            bounds=_bounds(book, servers.get(server_id), metric, cores),
            not_watched=figures.not_watched,
        )
        if np.isfinite(curve.values).any():
            curves.append(curve)
    return curves


def turns_of(curve: Curve) -> list[Moment]:
    """Give where a metric turned; none without lines."""
    if curve.bounds is None:
        return []
    points = turning_points(curve.times_ms, curve.values, curve.bounds)
    return of_turns(curve.server_id, curve.name, curve.metric, points, curve.bounds)


def _bounds(book: LineBook, server: Server | None, metric: str, cores: float) -> Bounds | None:
    lines = book.line_set(server).lines(metric, cores) if server is not None else None
    if lines is None:
        return None
    return Bounds(early=lines.early, cut_off=lines.cut_off, is_low_bad=lines.below)
