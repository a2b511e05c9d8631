"""The fleet as columns: one row a server, in no order, in numpy arrays. No Qt, no I/O, no clock.

A row keeps its place as long as its server is there, so that orders of rows stay true. One thread
at a time may use it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from noc_console.desk.fleet.fleet_change import FleetChange, SearchText
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.server import Server, ServerKind
from noc_console.health.reason_words import beside_name
from noc_console.health.records import ServerState
from noc_console.health.verdict import Judgement, Verdict
from noc_console.incidents.evidence.evidence import Recording
from noc_console.store.journal import Reading
from noc_console.telemetry.summaries import FullestMount, ServicesWell

SLOTS = 120
SLOT_S = 5.0
"""A curve holds the last ten minutes: a figure for each five seconds."""

VERDICTS = tuple(Verdict)
LINKS = tuple(LinkState)
_PLACE = {verdict: place for place, verdict in enumerate(VERDICTS)}
_LINK_PLACE = {link: place for place, link in enumerate(LINKS)}
UNKNOWN, STALE = _PLACE[Verdict.UNKNOWN], _PLACE[Verdict.STALE]

Rows = NDArray[np.intp]

_ROW = np.dtype(
    [
        ("id", "i8"),
        ("is_there", "?"),
        ("verdict", "i1"),
        ("since_s", "f8"),
        ("danger_s", "f8"),
        ("link", "i1"),
        ("sample_s", "f8"),
        ("figures_s", "f8"),
        ("tick_s", "f4"),
        ("load", "f4"),
        ("cores", "f4"),
        ("cpu", "f4"),
        ("memory", "f4"),
        ("disk", "f4"),
        ("services_ok", "i4"),
        ("services", "i4"),
        ("name_rank", "i4"),
        ("group_rank", "i4"),
    ]
)
_FIGURES = (
    ("load", "load1"),
    ("cores", "cores"),
    ("cpu", "cpu_percent"),
    ("memory", "mem_used_percent"),
)
_NAN = float("nan")
_BLANK = np.array(
    [(0, False, UNKNOWN, _NAN, _NAN, 0, _NAN, -np.inf, 5, *[_NAN] * 5, 0, 0, 0, 0)],
    dtype=_ROW,
)
_NO_TEXT = SearchText()


class FleetColumns:
    """What is known of each server, by row."""

    def __init__(self) -> None:
        """Start without a server."""
        self.figures: NDArray[Any] = _BLANK[:0].copy()
        self.curves = np.empty((SLOTS, 0), dtype=np.float32)
        """Load by time slot and row; the slot of a time is `slot_of` it."""
        self.servers: list[Server | None] = []
        self.states: list[ServerState | None] = []
        self.texts: list[SearchText] = []
        self.mounts: list[FullestMount | None] = []
        self.services: list[ServicesWell | None] = []
        self.whys: list[str] = []
        """The worst reason of each state, to sort by."""
        self.row_of: dict[int, int] = {}
        self.recordings: Mapping[int, Recording] = {}
        """What is being recorded now, by server id."""
        self.is_watched = True
        self.version = 0
        """Another one after each change of servers."""
        self._there: Rows = np.empty(0, dtype=np.intp)
        self._there_version = 0
        self._free: list[int] = []
        self._slot = 0

    def __len__(self) -> int:
        """Give how many rows there are, free ones too."""
        return len(self.servers)

    def there(self) -> Rows:
        """Give the rows that hold a server, by name."""
        if self._there_version != self.version:
            rows = np.flatnonzero(self.figures["is_there"])
            ranks = self.figures["name_rank"][rows]
            self._there, self._there_version = rows[np.argsort(ranks, kind="stable")], self.version
        return self._there

    @property
    def holds_no_server_of_ours(self) -> bool:
        """Whether there is none yet but the machine the engine runs on.

        A team's engines each bring their own machine: two rows are no first start.
        """
        there = self.there()
        few = [self.servers[row] for row in there[:2]]
        return len(few) < 2 and all(one and one.kind is ServerKind.THIS_MACHINE for one in few)

    def by_id(self) -> dict[int, Server]:
        """Give the servers by their ids."""
        return {server.id: server for server in self.servers if server is not None}

    def verdicts(self) -> NDArray[np.int8]:
        """Give each row's verdict now, as a place in `VERDICTS`; see `health.rules.verdict_now`."""
        told: NDArray[np.int8] = self.figures["verdict"]
        if self.is_watched:
            return told
        return np.where(told == UNKNOWN, told, np.int8(STALE))

    def take_change(self, change: FleetChange) -> None:
        """Take other servers. Rows of those that are gone are free and may be given again."""
        self.version += 1
        for server_id in change.gone:
            self._free_row(server_id)
        new = [pair for pair in change.changed if pair[0].id not in self.row_of]
        self._make_room(len(new))
        for server, text in change.changed:
            row = self._row_for(server.id)
            self.servers[row] = server
            self.texts[row] = text
            self.figures["tick_s"][row] = server.tick_s
        rows = np.array([self.row_of[one] for one in change.ids.tolist()], dtype=np.intp)
        self.figures["name_rank"][rows] = change.name_ranks
        self.figures["group_rank"][rows] = change.group_ranks

    def take_state(self, state: ServerState) -> int:
        """Take what an engine judged; gives the row, or -1 where nothing changed."""
        row = self.row_of.get(state.server_id, -1)
        if row < 0 or self.states[row] == state:
            return -1
        self.states[row] = state
        reasons = state.judgement.reasons
        server = self.servers[row]
        name = server.name if server else ""
        self.whys[row] = beside_name(reasons[0].key, reasons[0].words, name) if reasons else ""
        one = self.figures[row]
        one["verdict"] = _PLACE[state.judgement.verdict]
        one["since_s"] = state.judgement.since.timestamp()
        one["danger_s"] = _danger_s(state.judgement)
        one["link"] = _LINK_PLACE[state.link]
        if state.last_sample_at is not None:
            one["sample_s"] = np.fmax(one["sample_s"], state.last_sample_at.timestamp())
        return row

    def take_sample(self, reading: Reading) -> int:
        """Take a sample; gives the row, or -1 where it is not newer or of nobody here."""
        row = self.row_of.get(reading.server_id, -1)
        at_s = reading.at_ms / 1000
        if row < 0 or at_s <= self.figures["figures_s"][row]:
            return -1
        one, values = self.figures[row], reading.values
        one["figures_s"] = at_s
        one["sample_s"] = np.fmax(one["sample_s"], at_s)
        for name, metric in _FIGURES:
            one[name] = values.get(metric, _NAN)
        age = self._slot - self.slot_of(at_s)
        if age < SLOTS:
            self.curves[(self._slot - max(age, 0)) % SLOTS, row] = one["load"]
        return row

    def take_mount(self, server_id: int, fullest: FullestMount) -> int:
        """Take the fullest file system; gives the row, or -1."""
        row = self.row_of.get(server_id, -1)
        if row >= 0:
            self.figures["disk"][row] = fullest.used_percent
            self.mounts[row] = fullest
        return row

    def take_services(self, server_id: int, well: ServicesWell) -> int:
        """Take how many of the expected services are well; gives the row, or -1."""
        row = self.row_of.get(server_id, -1)
        if row >= 0:
            self.figures["services_ok"][row] = well.ok
            self.figures["services"][row] = well.expected
            self.services[row] = well
        return row

    def advance(self, now: datetime) -> None:
        """Move the curves on to this time; what is older than they are long is forgotten."""
        slot = self.slot_of(now.timestamp())
        for passed in range(max(self._slot + 1, slot - SLOTS + 1), slot + 1):
            self.curves[passed % SLOTS] = _NAN
        self._slot = max(slot, self._slot)

    def take_past(self, slot: int, rows: Rows, load: NDArray[np.float32]) -> None:
        """Lay the load of some rows into one time slot, where nothing newer stands."""
        if self._slot - SLOTS < slot <= self._slot:
            line = self.curves[slot % SLOTS]
            line[rows] = np.where(np.isnan(line[rows]), load, line[rows])

    def curve(self, row: int) -> NDArray[np.float32]:
        """Give a row's load over the last ten minutes, oldest first; nan where there is none."""
        first = (self._slot + 1) % SLOTS
        line = self.curves[:, row]
        return np.concatenate((line[first:], line[:first]))

    @staticmethod
    def slot_of(at_s: float) -> int:
        """Give the slot of a moment."""
        return int(at_s // SLOT_S)

    def ids_of(self, rows: Iterable[int]) -> list[int]:
        """Give the ids of servers by row."""
        return [int(self.figures["id"][row]) for row in rows]

    def rows_of(self, ids: Sequence[int]) -> list[int]:
        """Give the rows of servers by id; those not here are left out."""
        return [self.row_of[one] for one in ids if one in self.row_of]

    def _free_row(self, server_id: int) -> None:
        row = self.row_of.pop(server_id, -1)
        if row >= 0:
            self.figures[row] = _BLANK[0]
            self.curves[:, row] = _NAN
            self.servers[row] = self.states[row] = None
            self.whys[row] = ""
            self.mounts[row] = self.services[row] = None
            self.texts[row] = _NO_TEXT
            self._free.append(row)

    def _row_for(self, server_id: int) -> int:
        row = self.row_of.get(server_id, -1)
        if row < 0:
            row = self.row_of[server_id] = self._free.pop()
            self.figures["id"][row] = server_id
            self.figures["is_there"][row] = True
        return row

    def reserve(self, count: int) -> None:
        """Have room for so many servers in all: once, not again with each part of a large fleet."""
        self._make_room(count - len(self.row_of))

    def _make_room(self, count: int) -> None:
        """Have at least so many free rows; many at once cost as little as few."""
        more = count - len(self._free)
        if more <= 0:
            return
        first = len(self)
        more = max(more, first // 2)
        self.figures = np.concatenate((self.figures, np.repeat(_BLANK, more)))
        empty = np.full((SLOTS, more), _NAN, dtype=np.float32)
        self.curves = np.concatenate((self.curves, empty), axis=1)
        self.servers += [None] * more
        self.states += [None] * more
        self.whys += [""] * more
        self.mounts += [None] * more
        self.services += [None] * more
        self.texts += [_NO_TEXT] * more
        self._free += range(first + more - 1, first - 1, -1)


def _danger_s(judgement: Judgement) -> float:
    """Give when the first value will reach its cut-off, in seconds since 1970; 0: it has."""
    if judgement.verdict is Verdict.CUT_OFF:
        return 0.0
    danger = judgement.danger
    return _NAN if danger is None else danger.at.timestamp() + danger.earliest_s
