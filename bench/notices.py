"""Ten thousand mails of one notice: how fast, in how much memory, and what a killed sender leaves.

The receiving side is a real Postfix that keeps each mail durably before it answers (only as root).
Baseline of the speed is Postfix's own `smtp-source`: one session too, one of our mails to as many
recipients, in turns with ours in the same run. Ours words each mail, gives it a return path of its
own, and writes to the store before and after it.
"""

import os
import random
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event as StopFlag
from typing import Any

import psutil

from bench.measure import Baseline, Measure
from noc_console.engine.notice_mail import MailSender
from noc_console.notices.channel_records import list_channels
from noc_console.notices.channels.mailing import Outgoing
from noc_console.notices.posting_records import begin, ready
from noc_console.notices.rendering import Renderer
from noc_console.notices.sender_name import own_name
from noc_console.notices.template_shelf import read_shelf
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store
from tests.mail_run import OPEN_RELAY, kill_senders, put_notice
from tests.postfix import Postfix

_ROUND = 500
_KILLS = {True: 4, False: 20}
_COUNT = {True: 2000, False: 10_000}
_SHARE = 0.8


def run(folder: Path, *, quick: bool) -> list[Measure]:
    """Measure the speed against `smtp-source`, then kill senders."""
    if os.geteuid() != 0:
        raise RuntimeError("Postfix starts as root only")
    return [
        *_speed(folder, _COUNT[quick]),
        *_killed(folder, _COUNT[quick], _KILLS[quick]),
    ]


@contextmanager
def _postfix() -> Iterator[Postfix]:
    running = Postfix(OPEN_RELAY)
    try:
        yield running.start()
    finally:
        running.remove()


def _speed(folder: Path, count: int) -> list[Measure]:
    with (
        _postfix() as postfix,
        closing(open_store(StoreLocation.parse(str(folder / "speed")))) as store,
        closing(Renderer(read_shelf(store))) as renderer,
    ):
        put_notice(store, postfix.port, count)
        sender = _RoundSender(store, renderer, postfix)
        sender.send_all()
    ours, theirs = (_median(some) / _ROUND * 1000 for some in (sender.ours_s, sender.theirs_s))
    rounds = f"medians of {len(sender.ours_s)} rounds of {_ROUND}"
    speeds = f"{1000 / ours:.0f} mails/s against {1000 / theirs:.0f}/s"
    return [
        Measure(
            name=f"one of {count:,} mails to a Postfix, worded and written down",
            unit="ms",
            ours=ours,
            baseline=Baseline(name="smtp-source on one session", value=theirs),
            times_less=_SHARE,
            note=f"{speeds}, {rounds}; the goal is {_SHARE:.0%} of its speed",
        ),
        Measure(
            name=f"memory of {count:,} mails beyond that of the first {_ROUND}",
            unit="MB",
            ours=max(0.0, sender.rss_mb[-1] - sender.rss_mb[1]),
            at_most=20.0,
            note=f"{sender.rss_mb[-1]:.0f} MB in all",
        ),
    ]


class _RoundSender(MailSender):
    """The engine's own sender of mail. After each round theirs sends one to the same Postfix: the
    machine is not as quick at all times.
    """

    def __init__(self, store: Store, renderer: Renderer, postfix: Postfix) -> None:
        self.ours_s: list[float] = []
        self.theirs_s: list[float] = []
        self.rss_mb: list[float] = []
        self._bench_store, self._postfix = store, postfix
        self._file = postfix.folder / "mail"
        self._began_s = 0.0
        self._name = own_name()
        super().__init__(store, renderer, self._name, _in_a_minute, lambda _: 1.0, StopFlag())

    def send_all(self) -> None:
        """Send all mails in one session."""
        (one,) = ready(self._bench_store, _in_a_minute())
        job = begin(self._bench_store, one.posting_id, self._name, _in_a_minute())
        (channel,) = list_channels(self._bench_store)
        if job is None:
            raise RuntimeError("nothing is to be sent")
        self.send(job, channel)

    def _outgoing(self, *arguments: Any) -> Iterator[Outgoing]:
        for number, mail in enumerate(super()._outgoing(*arguments)):
            if number % _ROUND == 0:
                if self._began_s:
                    self.ours_s.append(time.monotonic() - self._began_s)
                self._interlude(mail.content)
                self._began_s = time.monotonic()
            yield mail

    def _interlude(self, content: bytes) -> None:
        self.rss_mb.append(psutil.Process().memory_info().rss / 2**20)
        _wait_until_quiet(self._postfix)
        began_s = time.monotonic()
        self._file.write_bytes(content.replace(b"\r\n", b"\n"))
        options = ("-d", "-N", "-s", "1", "-m", str(_ROUND), "-F", str(self._file))
        addresses = ("-f", "noc@example.com", "-t", "to@example.com")
        where = f"inet:127.0.0.1:{self._postfix.port}"
        subprocess.run(["smtp-source", *options, *addresses, where], check=True, timeout=300)
        self.theirs_s.append(time.monotonic() - began_s)
        _wait_until_quiet(self._postfix)


def _in_a_minute() -> datetime:
    """By then mail is due too: the web site goes first."""
    return datetime.now(UTC) + timedelta(minutes=1)


def _wait_until_quiet(postfix: Postfix) -> None:
    """Wait until it delivered what it took: the next round must not pay for it."""
    queue = postfix.folder / "queue"
    deadline_s = time.monotonic() + 300
    while any(next((queue / name).rglob("[0-9A-F]*"), None) for name in ("incoming", "active")):
        if time.monotonic() > deadline_s:
            raise RuntimeError("Postfix does not deliver")
        time.sleep(0.05)


def _median(some: list[float]) -> float:
    return sorted(some)[len(some) // 2]


def _killed(folder: Path, count: int, kills: int) -> list[Measure]:
    where = str(folder / "killed")
    with _postfix() as postfix, closing(open_store(StoreLocation.parse(where))) as store:
        put_notice(store, postfix.port, count)
        outcome = kill_senders(where, store, postfix, kills, random.SystemRandom())
    what = f"{count:,} mails, {kills} senders killed"
    return [
        Measure(name=f"{what}: mails that arrived twice", unit="", ours=outcome.twice, at_most=0),
        Measure(name=f"{what}: mails that are lost", unit="", ours=outcome.lost, at_most=0),
        Measure(
            name=f"{what}: mails of which nobody knows",
            unit="",
            ours=outcome.in_doubt,
            at_most=kills,
            note=f"{outcome.in_doubt_arrived} of them had arrived",
        ),
    ]
