"""A book of alarms over a made-up fleet whose time a test turns by hand."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from noc_console.health.alarm import AlarmEventKind
from noc_console.health.alarm_book import AlarmBook, Reach, View
from noc_console.health.alarm_change import Change
from noc_console.health.alarm_life import Moment, Standing
from noc_console.health.storms import Kinship
from noc_console.health.verdict import Reason, Verdict
from tests.conftest import NOW

DEAD = Reason("link", Verdict.DOWN, "it does not answer")
BUSY = Reason("load5", Verdict.EARLY, "load 5, early line 4")
BUSIER = Reason("load5", Verdict.CUT_OFF, "load 9, cut-off 8")
PAGE = Reason("check:https:/", Verdict.CUT_OFF, "https:/: no answer")


class WatchedFleet:
    """Servers 1 to `size`, looked at once a second; `changes` is all that was to be written."""

    def __init__(self, size: int = 1, **kin: Kinship) -> None:
        self.book = AlarmBook()
        self.at: datetime = NOW
        self.s = 1000.0
        self.changes: list[Change] = []
        self.fleet = {number: Kinship(name=f"web{number}") for number in range(1, size + 1)}
        self.fleet |= {int(name[1:]): one for name, one in kin.items()}
        self.views = {number: self.view(number) for number in self.fleet}
        self.changes += self.book.set_fleet(self.fleet, self.moment)

    @property
    def moment(self) -> Moment:
        return Moment(self.at, self.s)

    def view(self, server_id: int, *reasons: Reason, muted: bool = False) -> View:
        lost = any(reason.key == "link" for reason in reasons)
        away = Standing.NOT_KNOWN if lost else Standing.NORMAL
        return View(
            server_id=server_id,
            reasons=reasons,
            reach=Reach.LOST if lost else Reach.FINE,
            hides=lost,
            is_muted=muted,
            standing=lambda key: Standing.NORMAL if key.startswith("check:") else away,
        )

    def set(self, servers: Iterable[int], *reasons: Reason, muted: bool = False) -> None:
        """Have servers give these reasons from now on, and look at them at once."""
        for server_id in servers:
            self.views[server_id] = self.view(server_id, *reasons, muted=muted)
            self.look(server_id)

    def look(self, server_id: int) -> None:
        self.changes += self.book.observe(self.views[server_id], self.moment)

    def run(self, seconds: float, *, look: bool = True, step_s: float = 1.0) -> None:
        """Let time pass; every server is looked at each step."""
        for _ in range(round(seconds / step_s)):
            self.at += timedelta(seconds=step_s)
            self.s += step_s
            if look:
                for server_id in self.views:
                    self.look(server_id)
            self.changes += self.book.pass_time(self.moment)

    def told(self) -> list[tuple[int | None, str, AlarmEventKind]]:
        """Give each event so far: server, key and kind."""
        return [(one.place.server_id, one.place.key, one.kind) for one in self.changes if one.kind]

    def kinds(self) -> Counter[AlarmEventKind]:
        """Give how many events of each kind there were."""
        return Counter(one.kind for one in self.changes if one.kind)

    def calls(self) -> int:
        """Give how often a person was called."""
        return sum(bool(one.kind and one.kind.calls_person) for one in self.changes)

    def forget(self) -> None:
        """Begin a new count."""
        self.changes.clear()
