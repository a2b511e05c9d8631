from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from noc_console.health.alarm import AlarmEventKind
from noc_console.health.alarm_change import Place, applied, born, come_again
from noc_console.health.alarm_life import (
    LONGEST_CLEAR_S,
    REOPEN_S,
    AlarmLife,
    Hold,
    Moment,
    Standing,
)
from noc_console.health.verdict import Verdict
from tests.conftest import NOW

Kind = AlarmEventKind
CAUSE = Place(9, "link")

seen = st.sampled_from([Verdict.DOWN, Verdict.CUT_OFF, Verdict.EARLY, Verdict.STALE])
holds = st.sampled_from([Hold(), Hold(), Hold(cause=CAUSE), Hold(muted=True)])
step = st.tuples(
    st.one_of(seen, st.sampled_from(Standing)),
    st.floats(0.1, 400.0),
    st.integers(-7200, 7200),
    holds,
)
keys = st.sampled_from(["link", "load5"])


def changes_of(life, steps):
    """Live through some steps (what is seen, seconds, jump of the wall clock, hold)."""
    s, at, found = 0.0, NOW, []
    for what, wait_s, jump_s, hold in steps:
        s += wait_s
        at += timedelta(seconds=wait_s + jump_s)
        if isinstance(what, Verdict):
            life.see(what, f"it is {what.value}", Moment(at, s))
        else:
            life.miss(what)
        found += life.settle(Moment(at, s), hold)
    return found


@given(keys, st.lists(step, max_size=60))
def test_events_follow_one_another_as_an_alarm_lives(key, steps):
    is_open, before = False, None
    for change in changes_of(AlarmLife(place=Place(1, key)), steps):
        if change.kind in {Kind.RAISED, Kind.RAISED_AGAIN}:
            assert not is_open
            assert change.kind is Kind.RAISED or before is not None
            is_open = True
        else:
            assert is_open
            is_open = change.kind is not Kind.CLEARED
        before = change


@given(keys, st.lists(step, max_size=60))
def test_its_row_agrees_with_its_life_and_never_ends_before_it_began(key, steps):
    life = AlarmLife(place=Place(1, key))
    row = None
    for change in changes_of(life, steps):
        if row is None:
            row = born(change)
        elif row.is_open:
            row = applied(row, change, 9 if change.cause else None).alarm
        elif change.kind is Kind.RAISED_AGAIN:
            row = come_again(row, change).alarm
        else:
            assert change.kind is Kind.RAISED
            row = born(change)
        assert row.cleared_at is None or row.cleared_at >= row.raised_at
    assert (row is not None and row.is_open) == life.is_open
    if life.is_open:
        assert (row.verdict, row.is_muted, row.cause_id) == (
            life.verdict,
            life.muted,
            9 if life.cause else None,
        )


@given(st.lists(step, max_size=60))
def test_nobody_is_called_while_it_is_held(steps):
    life = AlarmLife(place=Place(1, "load5"))
    held = [(what, wait_s, jump_s, Hold(cause=CAUSE)) for what, wait_s, jump_s, _ in steps]
    assert all(not one.kind.calls_person for one in changes_of(life, held) if one.kind)


@given(st.lists(st.tuples(st.floats(1.0, 1200.0), st.floats(1.0, 1200.0)), min_size=30))
def test_however_it_flaps_it_calls_less_and_less(pairs):
    life = AlarmLife(place=Place(1, "load5"))
    steps = [
        step
        for up_s, down_s in pairs
        for step in (
            (Verdict.EARLY, down_s, 0, Hold()),
            (Standing.NORMAL, up_s, 0, Hold()),
        )
    ]
    hours = sum(up_s + down_s for up_s, down_s in pairs) / 3600
    calls = sum(bool(one.kind and one.kind.calls_person) for one in changes_of(life, steps))
    # with each return it must be gone for twice as long, up to half an hour
    assert calls <= 6 + 2 * hours


@given(st.integers(1, 10_000))
def test_it_clears_in_the_end(times):
    life = AlarmLife(place=Place(1, "load5"), times=times, is_open=True)
    life.miss(Standing.NORMAL)
    life.settle(Moment(NOW, 0.0))
    (cleared,) = life.settle(Moment(NOW, LONGEST_CLEAR_S))
    assert cleared.kind is Kind.CLEARED


def test_what_is_not_known_never_clears():
    life = AlarmLife(place=Place(1, "load5"), times=1, is_open=True)
    life.miss(Standing.NOT_KNOWN)
    for hour in range(100):
        assert life.settle(Moment(NOW, hour * 3600.0)) == []


def test_what_is_no_longer_measured_is_given_up_with_a_word():
    life = AlarmLife(place=Place(1, "load5"), times=1, is_open=True)
    life.miss(Standing.NOT_MEASURED)
    assert life.settle(Moment(NOW, 0.0)) == []
    assert life.settle(Moment(NOW, 1799.0)) == []
    (cleared,) = life.settle(Moment(NOW, 1800.0))
    assert cleared.why == "it is no longer measured"


def test_figures_are_told_seldom():
    life = AlarmLife(place=Place(1, "load5"))
    told = []
    for second in range(120):
        life.see(Verdict.EARLY, f"load {second}", Moment(NOW, float(second)))
        told += life.settle(Moment(NOW, float(second)))
    assert [change.kind for change in told] == [Kind.RAISED, None, None, None]


def live(life, *steps):
    """Live through steps of a verdict, None where all is well, at a second."""
    found = []
    for verdict, second in steps:
        moment = Moment(NOW + timedelta(seconds=second), second)
        if verdict is None:
            life.miss(Standing.NORMAL)
        else:
            life.see(verdict, f"it is {verdict.value}", moment)
        found += [one.kind for one in life.settle(moment)]
    return found


def test_it_counts_how_often_it_came_back_and_begins_anew_after_a_long_rest():
    life = AlarmLife(place=Place(1, "oom"))
    live(life, (Verdict.CUT_OFF, 0.0))
    assert (life.is_open, life.times) == (True, 1)

    soon, over = 60.0, LONGEST_CLEAR_S + 120.0
    live(life, (None, soon), (None, over), (Verdict.CUT_OFF, over + 60.0))
    assert (life.is_open, life.times) == (True, 2)

    again, rest = over + 120.0, over + 2 * LONGEST_CLEAR_S
    live(life, (None, again), (None, rest), (Verdict.CUT_OFF, rest + REOPEN_S + 1.0))
    assert (life.is_open, life.times) == (True, 1)


def test_one_that_got_better_and_worse_again_counts_as_come_again():
    life = AlarmLife(place=Place(1, "oom"))
    live(life, (Verdict.CUT_OFF, 0.0), (Verdict.EARLY, 10.0), (Verdict.CUT_OFF, 20.0))

    assert life.times == 2
