"""A server's watch as tests drive it: a scripted curve, told sample by sample."""

from datetime import timedelta

from noc_console.fleet.server import Server
from noc_console.health.line_book import LineBook
from noc_console.health.verdict import Verdict
from noc_console.health.watch import Watch
from tests.conftest import NOW

TICK_S = 5.0


def watch_of(book=None, tick_s=TICK_S, **fields):
    """Give the watch of a server whose lines are those of a book, else the shipped ones."""
    server = Server(**({"id": 1, "name": "web", "address": "192.0.2.1"} | fields))
    return Watch((book or LineBook()).line_set(server), tick_s)


def told(watch, now_s):
    """Give the reasons by key, as they are at a second."""
    now = NOW + timedelta(seconds=now_s)
    return {one.key: one for one in (*watch.inside(now_s, now), *watch.outside(now_s, now))}


def verdict_of(watch, key, now_s):
    """Give what one key means at a second; OK where nothing is told of it."""
    reason = told(watch, now_s).get(key)
    return Verdict.OK if reason is None else reason.verdict


def play(watch, curve, seconds, step_s=TICK_S, cores=4.0, key="load1", told_as=None):
    """Tell a curve sample by sample; give when each verdict of its key came first, in seconds."""
    first = {}
    at_s = 0.0
    while at_s <= seconds:
        watch.take_values({"cores": cores, key: curve(at_s)}, at_s)
        first.setdefault(verdict_of(watch, told_as or key, at_s), at_s)
        at_s += step_s
    return first
