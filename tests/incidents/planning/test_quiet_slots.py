"""The quietest time is found where it was made, and never guessed from too little."""

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from noc_console.incidents.planning.quiet_slots import (
    NotEnoughHistory,
    basis_words,
    hour_words,
    quiet_slots,
    slot_load,
    week_profile,
)
from noc_console.store.schema.metadata import to_ms

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 2, 16, 9, 7, tzinfo=UTC)  # a Monday


def history(days, quiet_weekday, quiet_hour, zone=BERLIN, scale=1.0):
    """Five-minute load over some days: 4 in office hours, 2 else, 0.5 in the quiet hour."""
    start = NOW - timedelta(days=days)
    times_ms = np.arange(to_ms(start), to_ms(NOW), 300_000)
    load = []
    for at in times_ms.tolist():
        local = datetime.fromtimestamp(at / 1000, zone)
        figure = 4.0 if 9 <= local.hour < 17 else 2.0
        if (local.weekday(), local.hour) == (quiet_weekday, quiet_hour):
            figure = 0.5
        load.append(figure * scale)
    return times_ms, [np.array(load)]


def profile(name, days=28, quiet_weekday=3, quiet_hour=4, scale=1.0):
    times_ms, figures = history(days, quiet_weekday, quiet_hour, scale=scale)
    return week_profile(name, times_ms, figures, BERLIN)


def slots(*profiles, **fields):
    usual = {"minutes": 60, "earliest": NOW, "days": 7, "zone": BERLIN}
    return quiet_slots(profiles, **(usual | fields))


def test_the_quietest_hour_of_the_week_is_found():
    found = slots(profile("web1"))

    assert found[0].start.astimezone(BERLIN) == datetime(2026, 2, 19, 4, 0, tzinfo=BERLIN)
    assert found[0].load < found[1].load
    assert found[0].busiest_server == "web1"


def test_slots_do_not_overlap_one_another_or_what_is_taken():
    quiet = datetime(2026, 2, 19, 4, 0, tzinfo=BERLIN)
    taken = [(quiet, quiet + timedelta(minutes=30))]

    found = slots(profile("web1"), taken=taken)

    spans = sorted([*taken, *((one.start, one.end) for one in found)])
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))


def test_of_two_servers_a_time_quiet_for_both_is_found_whatever_their_size():
    small, large = profile("web1", quiet_hour=3), profile("db1", quiet_hour=4, scale=100.0)

    found = slots(small, large, minutes=120)

    assert found[0].start.astimezone(BERLIN) == datetime(2026, 2, 19, 3, 0, tzinfo=BERLIN)


def test_a_week_too_short_is_said_and_nothing_is_guessed():
    with pytest.raises(NotEnoughHistory, match=r"web2 has 3\.0 days"):
        slots(profile("web1"), profile("web2", days=3))
    with pytest.raises(NotEnoughHistory):
        slots(week_profile("new", np.empty(0, np.int64), [], BERLIN))


def test_the_basis_of_a_proposal_is_said():
    words = basis_words([profile("web1"), profile("web2", days=14)])

    assert "2 servers" in words
    assert "14 days (web2)" in words
    assert "at least 2 times" in words


def test_no_slot_holds_a_change_of_the_clocks():
    saturday = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    found = slots(profile("web1", quiet_weekday=6, quiet_hour=1), earliest=saturday, minutes=120)

    change = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert not any(one.start < change < one.end for one in found)


def test_a_busy_hour_is_known_as_one():
    held = profile("web1")
    noon = datetime(2026, 2, 18, 12, 0, tzinfo=BERLIN)

    load, is_busy = slot_load(held, noon, noon + timedelta(hours=1), BERLIN)

    assert is_busy
    assert load == pytest.approx(held.peak()[1])
    assert hour_words(held.peak()[0]).startswith(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))


def test_one_wild_week_does_not_make_an_hour_busy():
    times_ms, figures = history(28, 3, 4)
    wild = (times_ms > to_ms(NOW - timedelta(days=28))) & (
        times_ms < to_ms(NOW - timedelta(days=21))
    )
    figures[0][wild] *= 50

    found = slots(week_profile("web1", times_ms, figures, BERLIN))

    assert found[0].start.astimezone(BERLIN) == datetime(2026, 2, 19, 4, 0, tzinfo=BERLIN)


def test_gaps_in_the_history_are_no_load():
    times_ms, figures = history(28, 3, 4)
    figures[0][::3] = np.nan

    assert slots(week_profile("web1", times_ms, figures, BERLIN))[0].load < 0.5
