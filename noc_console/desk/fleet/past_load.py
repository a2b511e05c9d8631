"""The load before the window was opened, laid into the time slots of the fleet's curves.

Pure: no Qt, no I/O, no clock.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from noc_console.desk.fleet.fleet_columns import SLOT_S, SLOTS
from noc_console.store.recent import RecentFigures


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PastLoad:
    """Load by slot and server; nan where there was no sample."""

    ids: NDArray[np.int64]
    first_slot: int
    load: NDArray[np.float32]
    """One row a slot, from `first_slot` on; one column a server, as in `ids`."""


def past_load(recent: RecentFigures, now_s: float) -> PastLoad:
    """Give the last ten minutes by slot; of several samples in one slot the newest."""
    first = int(now_s // SLOT_S) - SLOTS + 1
    slots = (recent.times_ms / (1000 * SLOT_S)).astype(np.int64) - first
    fits = (slots >= 0) & (slots < SLOTS)
    ids, places = np.unique(recent.server_ids[fits], return_inverse=True)
    load = np.full((SLOTS, len(ids)), np.nan, dtype=np.float32)
    load[slots[fits], places] = recent.figures[fits]
    return PastLoad(ids=ids, first_slot=first, load=load)
