"""Facts of many sources in one order, whatever the order in which they were read."""

from datetime import timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from noc_console.health.alarm import Alarm, AlarmEvent, AlarmEventKind
from noc_console.health.verdict import Verdict
from noc_console.incidents.incident.incident import EntryKind, IncidentEntry
from noc_console.incidents.incident.timeline import (
    Moment,
    Source,
    in_order,
    of_absences,
    of_alarms,
    of_entries,
    of_orders,
)
from noc_console.incidents.incident.turning_points import Bounds, Turn, of_turns, turning_points
from noc_console.store.orders import Order, OrderState
from tests.conftest import NOW

MINUTE = timedelta(minutes=1)
MOMENTS = st.builds(
    Moment,
    at=st.integers(0, 5).map(lambda minutes: NOW + minutes * MINUTE),
    source=st.sampled_from(Source),
    words=st.text(max_size=3),
    number=st.integers(0, 3),
    server_id=st.none() | st.integers(1, 3),
)


@given(st.lists(st.lists(MOMENTS, max_size=8), max_size=4), st.randoms())
def test_the_order_does_not_depend_on_how_facts_were_read(facts, random):
    shuffled = [random.sample(part, len(part)) for part in facts]
    random.shuffle(shuffled)

    told = in_order(facts)

    assert in_order(shuffled) == told
    assert list(told.moments) == sorted(told.moments, key=lambda one: one.at)
    assert set(told.moments) == {one for part in facts for one in part}


@given(st.lists(MOMENTS, max_size=30), st.integers(0, 10))
def test_too_many_facts_leave_out_what_no_person_did(facts, most):
    told = in_order([facts], most)
    whole = in_order([facts])

    assert len(told.moments) + told.left_out == len(whole.moments)
    assert list(told.moments) == [one for one in whole.moments if one in set(told.moments)]
    kept = {one.source for one in told.moments}
    lost = {one.source for one in whole.moments} - kept
    assert not (Source.NOTE in lost and Source.READING in kept)


@given(
    st.lists(st.floats(0, 100) | st.just(float("nan")), min_size=1, max_size=40),
    st.booleans(),
)
def test_turns_are_in_order_and_at_true_figures(values, is_low_bad):
    bounds = Bounds(early=50, cut_off=20 if is_low_bad else 80, is_low_bad=is_low_bad)
    times = np.arange(len(values), dtype=np.int64) * 1000
    figures = np.array(values)

    found = turning_points(times, figures, bounds)

    past = figures <= 50 if is_low_bad else figures >= 50
    assert bool(found) == bool(past.any())
    assert [one.at for one in found] == sorted(one.at for one in found)
    by_turn = {one.turn: one for one in found}
    if found:
        worst = np.nanmin(figures) if is_low_bad else np.nanmax(figures)
        assert by_turn[Turn.WORST].value == worst
        assert by_turn[Turn.PAST_EARLY].at == min(one.at for one in found)
        assert (Turn.BACK in by_turn) == (not past[np.isfinite(figures)][-1])


def test_turns_are_told_with_their_lines_and_units():
    values = np.array([10.0, 88.0, 97.0, 91.0, 40.0])
    times = np.arange(5, dtype=np.int64) * 60_000
    bounds = Bounds(early=85, cut_off=95)

    told = of_turns(
        3, "web", "mount_used_percent:/home", turning_points(times, values, bounds), bounds
    )

    assert [one.words.partition("/home ")[2] for one in told] == [
        "88 %, first past the early line (85 %).",
        "97 %, first past the cut-off (95 %).",
        "97 %, at its worst.",
        "40 %, back on the good side of its line.",
    ]


def entry(kind, words, due_at=None):
    return IncidentEntry(
        id=5,
        incident_id=1,
        kind=kind,
        at=NOW,
        written_at=NOW,
        by="anna",
        words=words,
        due_at=due_at,
    )


def test_what_customers_were_told_stands_with_its_promise():
    (told,) = of_entries([entry(EntryKind.UPDATE, "We are on it.", NOW + MINUTE)])

    assert told.source is Source.UPDATE
    assert told.words.startswith("Customers were told: We are on it. (next update promised 2026-")
    assert (told.by, told.link) == ("anna", "entry:5")


def test_what_a_person_did_to_an_alarm_is_told_apart_from_what_befell_it():
    alarm = Alarm(
        id=2, server_id=7, key="load5", verdict=Verdict.CUT_OFF, words="Load 40", raised_at=NOW
    )
    events = [
        AlarmEvent(
            id=number, alarm_id=2, kind=kind, at=NOW, by=by, words=words, verdict=Verdict.CUT_OFF
        )
        for number, kind, by, words in (
            (1, AlarmEventKind.RAISED, "", "Load 21"),
            (2, AlarmEventKind.ACKNOWLEDGED, "anna", "looking"),
            (3, AlarmEventKind.CLEARED, "", ""),
        )
    ]

    raised, noted, cleared = of_alarms({2: alarm}, events, {7: "web-02"})

    assert (raised.source, raised.words) == (Source.ALARM, "Alarm raised: web-02: Load 21")
    assert (noted.source, noted.by) == (Source.PERSON, "anna")
    assert noted.words == "Alarm acknowledged: web-02: Load 21 (looking)"
    assert cleared.words == "Alarm cleared: web-02: Load 21"


def test_an_order_is_told_when_it_was_asked_and_when_it_ended_but_never_its_request():
    order = Order(
        id=4,
        kind="record now",
        server_id=7,
        request={"password": "hunter2"},
        asked_by="ben",
        asked_at=NOW,
        state=OrderState.FAILED,
        engine_id=1,
        claimed_at=NOW,
        progress=(),
        outcome={"sentence": "It does not answer."},
        closed_at=NOW + MINUTE,
    )

    asked, ended = of_orders([order], {7: "web-02"})

    assert (asked.words, asked.by) == ("Order: record now on web-02.", "ben")
    assert ended.words == "Order failed: record now on web-02. It does not answer."
    assert of_orders([order], {}, without=["record now"]) == []


def test_the_consoles_own_absence_is_told():
    gone, back = of_absences([(NOW, NOW + MINUTE)], NOW + 2 * MINUTE)

    assert "nothing is known" in gone.words
    assert back.at == NOW + MINUTE


def test_an_absence_that_goes_on_is_not_told_as_over():
    (gone,) = of_absences([(NOW, NOW + MINUTE)], NOW + MINUTE)

    assert gone.at == NOW
