"""Program of the alarms group: an engine's alarms without its links, so that moments are known.

Arguments: the store's folder, "single" or "storm", how many. It writes samples of the whole fleet
twice a second as an engine does, and prints a line of JSON for what it did: the server and the
moment on the monotonic clock, which all processes of a machine share.
"""

import json
import random
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue

from noc_console.engine.alarms import AlarmWatch
from noc_console.engine.events import Event, Said
from noc_console.engine.picture import Picture
from noc_console.engine.store_work import StoreWork
from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.records import list_servers
from noc_console.fleet.server import Server
from noc_console.health.verdict import Judgement, Reason, Verdict
from noc_console.store.heartbeat import beat, register
from noc_console.store.history import History, Reading
from noc_console.store.location import StoreLocation
from noc_console.store.schema.metadata import to_ms
from noc_console.store.store import open_store

METRICS = ("load1", "load5", "cpu_percent", "mem_used_percent", "uptime_s", "cores")
FLUSH_S, BEAT_S = 0.5, 5.0
LOST_WITHIN_S = 5.0
AWAY_S = 20.0
BUSY = Reason("load5", Verdict.CUT_OFF, "Load, 5 min 9.7 on 4 cores, cut-off 8")
DEAD = Reason("link", Verdict.DOWN, "it stopped answering; we try again by ourselves.")
GONE = Failure(kind=FailureKind.STOPPED_ANSWERING, sentence=DEAD.words)


class Source:
    """The fleet's pictures, and the thread that decides."""

    def __init__(self, folder: Path) -> None:
        """Begin with every server well."""
        self.store = open_store(StoreLocation.parse(str(folder)))
        self.engine = register(self.store, "bench", 1, "0", datetime.now(UTC))
        self.work = StoreWork()
        self.events: SimpleQueue[Event] = SimpleQueue()
        self.watch = AlarmWatch(
            self.store, self.events.put, lambda: datetime.now(UTC), time.monotonic
        )
        self.history = History(self.store)
        servers = list_servers(self.store)
        self.pictures = {server.id: _well(server) for server in servers}
        self.watch.take_fleet(servers)
        self._next_s = self._next_beat_s = 0.0

    def judge(self, server_id: int, *reasons: Reason) -> float:
        """Give a server these reasons; gives the moment before."""
        picture = self.pictures[server_id]
        lost = DEAD in reasons
        picture.link = LinkState.DOWN if lost else LinkState.UP
        picture.failure = GONE if lost else None
        worst = reasons[0].verdict if reasons else Verdict.OK
        picture.judgement = Judgement(verdict=worst, since=datetime.now(UTC), reasons=reasons)
        began_s = time.monotonic()
        self.watch.judged(picture)
        return began_s

    def run(self, seconds: float) -> None:
        """Do for some time what a conductor does."""
        ends_s = time.monotonic() + seconds
        while (now_s := time.monotonic()) < ends_s:
            try:
                event = self.events.get(timeout=min(0.05, ends_s - now_s))
            except Empty:
                event = None
            if isinstance(event, Said):
                event.act()
            if now_s >= self._next_s:
                self._next_s = now_s + FLUSH_S
                self.watch.pass_time(frozenset())
                self.work.start("recording", self._record)
            if now_s >= self._next_beat_s:
                self._next_beat_s = now_s + BEAT_S
                self.work.start("heartbeat", self._beat)

    def _record(self) -> None:
        now = datetime.now(UTC)
        at_ms = to_ms(now)
        values = {name: random.uniform(0.0, 100.0) for name in METRICS}  # noqa: S311 - samples
        some = [Reading(server_id=one, at_ms=at_ms, values=values) for one in self.pictures]
        self.history.append(some, now)

    def _beat(self) -> None:
        beat(self.store, self.engine.id, datetime.now(UTC))


def _well(server: Server) -> Picture:
    now = datetime.now(UTC)
    picture = Picture(server=server, link_since=now, link=LinkState.UP, was_up=True)
    picture.judgement = Judgement(verdict=Verdict.OK, since=now)
    return picture


def _say(**words: object) -> None:
    print(json.dumps(words), flush=True)


def _single(source: Source, count: int) -> None:
    """One server after another crosses its cut-off."""
    for server_id in list(source.pictures)[:count]:
        source.run(random.uniform(0.12, 0.3))  # noqa: S311 - a spread
        _say(server=server_id, s=source.judge(server_id, BUSY))
    source.run(2.0)


def _storm(source: Source) -> None:
    """All are lost within some seconds, and come back within some more."""
    servers = list(source.pictures)
    for reasons, word in (((DEAD,), "lost"), ((), "back")):
        _say(word=word, s=time.monotonic())
        steps = round(LOST_WITHIN_S / FLUSH_S)
        for step in range(steps):
            for server_id in servers[step::steps]:
                source.judge(server_id, *reasons)
            source.run(FLUSH_S)
        source.run(AWAY_S if reasons else 90.0)
    _say(word="over", s=time.monotonic())


def main() -> None:
    """Do what was asked, then end."""
    source = Source(Path(sys.argv[1]))
    for server_id in source.pictures:
        source.judge(server_id)
    source.run(2.0)
    for server_id in source.pictures:
        source.judge(server_id)
    _say(word="ready", s=time.monotonic())
    if sys.argv[2] == "storm":
        _storm(source)
    else:
        _single(source, int(sys.argv[3]))
    source.watch.close(5.0)
    source.work.finish(5.0)


if __name__ == "__main__":
    main()
