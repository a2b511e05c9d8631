"""What was written lately: one metric of all servers as arrays, or all that some servers told.

Only what is not sealed yet is looked at: about the last ten minutes.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from noc_console.store.journal import Reading
from noc_console.store.metric_names import MetricNames
from noc_console.store.schema.history import journal as journal_table
from noc_console.store.schema.metadata import to_ms
from noc_console.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RecentFigures:
    """Figures in the order in which they were written; the arrays have one length."""

    server_ids: NDArray[np.int64]
    times_ms: NDArray[np.int64]
    figures: NDArray[np.float32]


def recent_figures(store: Store, metric: str, since: datetime) -> RecentFigures:
    """Give what was written of a metric since a moment."""
    names, bodies = _written(store, since)
    with store.naming_damage():
        parts = [names.figures_of(body, metric) for body in bodies]
    return RecentFigures(
        server_ids=np.concatenate([np.empty(0, np.int64), *(part[0] for part in parts)]),
        times_ms=np.concatenate([np.empty(0, np.int64), *(part[1] for part in parts)]),
        figures=np.concatenate([np.empty(0, np.float32), *(part[2] for part in parts)]),
    )


def recent_readings(
    store: Store, server_ids: Collection[int], since: datetime
) -> Iterator[Reading]:
    """Give what some servers told since a moment, in the order in which it was written."""
    names, bodies = _written(store, since)
    for body in bodies:
        for entry in names.whole_entries(body):
            if entry.server_id in server_ids:
                yield names.reading(entry)


def _written(store: Store, since: datetime) -> tuple[MetricNames, Sequence[bytes]]:
    """Give the rows of the journal since a moment, and the names that read them."""
    names = MetricNames()
    with store.history_read() as connection:
        bodies = (
            connection.execute(
                sa.select(journal_table.c.body)
                .where(journal_table.c.at_ms >= to_ms(since))
                .order_by(journal_table.c.id)
            )
            .scalars()
            .all()
        )
        names.load(connection)
    return names, bodies
