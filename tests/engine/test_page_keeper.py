"""A status page stays true as time passes, though nothing is posted on it."""

import json
from datetime import timedelta

import pytest

from noc_console.engine.page_keeper import LATEST_S, SOONEST_S, PageKeeper
from noc_console.notices.channel_records import add_channel
from noc_console.notices.channels.channel import Channel, ChannelKind
from noc_console.notices.channels.ways import way_of
from tests.conftest import NOW
from tests.engine.running import wait_until
from tests.notices.channel_contract import AT, nothing, text


class Times:
    """Both clocks, set by the test."""

    def __init__(self):
        self.wall, self.monotonic_s = AT, 1000.0

    def pass_by(self, span):
        """Let time pass."""
        self.wall += span
        self.monotonic_s += span.total_seconds()


@pytest.fixture
def times():
    return Times()


@pytest.fixture
def keeper(store, times):
    made = PageKeeper(store, lambda: times.wall, lambda: times.monotonic_s)
    yield made
    made.close()


def page(store, folder, name="Status"):
    folder.mkdir()
    settings = {"address": "https://status.example.com", "folder": str(folder)}
    channel = Channel(name=name, kind=ChannelKind.STATIC_SITE, settings=settings)
    return add_channel(store, channel, "anna", NOW)


def section(folder):
    return json.loads((folder / "status.json").read_bytes())["notices"][0]["section"]


def turned(keeper):
    keeper.turn()
    wait_until(lambda: not keeper.is_looking)


def test_what_is_planned_becomes_current_at_its_start_and_past_when_it_is_late(
    store, tmp_path, keeper, times
):
    channel = page(store, tmp_path / "page")
    way_of(store, channel, lambda: times.wall).post(text(), None, nothing)
    times.pass_by(timedelta(seconds=SOONEST_S))
    turned(keeper)
    assert section(tmp_path / "page") == "planned"

    for _hour in range(7 * 24):
        times.pass_by(timedelta(seconds=LATEST_S))
        turned(keeper)
    times.pass_by(timedelta(seconds=SOONEST_S))
    turned(keeper)
    assert section(tmp_path / "page") == "current"


def test_a_page_that_cannot_be_had_holds_no_other_up(store, tmp_path, keeper, times):
    gone = page(store, tmp_path / "gone", "Gone")
    way_of(store, gone, lambda: times.wall).post(text(), None, nothing)
    (tmp_path / "gone" / "status.json").write_text("nonsense")
    there = page(store, tmp_path / "there", "There")
    way_of(store, there, lambda: times.wall).post(text(), None, nothing)
    times.pass_by(timedelta(days=7, minutes=1))
    turned(keeper)

    assert section(tmp_path / "there") == "current"


def test_what_is_posted_makes_it_look_again_soon(keeper, times):
    times.pass_by(timedelta(seconds=SOONEST_S))
    turned(keeper)
    times.pass_by(timedelta(seconds=SOONEST_S))
    turned(keeper)
    first = keeper._next_s
    keeper.heed({"alarm"})
    assert keeper._next_s == first
    keeper.heed({"posting"})
    assert keeper._next_s == times.monotonic_s + SOONEST_S
