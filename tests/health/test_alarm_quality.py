"""How good alarms were, against EEMUA 191."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from noc_console.health.alarm import Alarm, AlarmEvent, AlarmEventKind
from noc_console.health.alarm_quality import Figure, floods_of, quality_of
from noc_console.health.verdict import Verdict
from tests.conftest import NOW

Kind = AlarmEventKind
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def alarm(number, key="load5", server_id=1, age=DAY / 2, cleared=True, times=1):
    raised_at = NOW - age
    return Alarm(
        id=number,
        server_id=server_id,
        key=key,
        verdict=Verdict.EARLY,
        words="",
        raised_at=raised_at,
        cleared_at=raised_at + MINUTE if cleared else None,
        times=times,
    )


def call(number, before, alarm_id=1, kind=Kind.RAISED, verdict=Verdict.EARLY):
    return AlarmEvent(
        id=number,
        alarm_id=alarm_id,
        kind=kind,
        at=NOW - before,
        by="",
        words="",
        verdict=verdict,
    )


def measured(events, alarms=(), people=1, **fields):
    found = quality_of(
        events, {one.id: one for one in alarms}, NOW - DAY, NOW, people=people, **fields
    )
    return {one.figure: one for one in found.measures}


def test_the_rate_is_per_person_and_ten_watched_minutes():
    calls = [call(number, timedelta(minutes=10 * number + 1)) for number in range(72)]
    assert measured(calls)[Figure.AVERAGE].text == "0.50"
    assert measured(calls, people=2)[Figure.AVERAGE].text == "0.25"
    half = measured(calls, not_watched=DAY / 2)
    assert half[Figure.AVERAGE].text == "1.00"
    assert half[Figure.AVERAGE].is_met


def test_only_what_calls_a_person_counts():
    quiet = [call(1, MINUTE, kind=Kind.CLEARED), call(2, MINUTE, kind=Kind.ACKNOWLEDGED)]
    assert measured(quiet)[Figure.AVERAGE].calls == ()


def test_eleven_in_ten_minutes_are_a_flood_and_ten_are_none():
    eleven = [call(n, timedelta(seconds=600 - 50 * n)) for n in range(11)]
    assert measured(eleven)[Figure.FLOODS].text == "1"
    assert not measured(eleven)[Figure.PEAK].is_met
    assert measured(eleven[:10])[Figure.FLOODS].is_met
    assert measured(eleven[:10])[Figure.PEAK].text == "10"


def test_a_flood_lasts_until_fewer_than_five_come_in_ten_minutes():
    flood = [call(n, timedelta(minutes=60) - n * 30 * timedelta(seconds=1)) for n in range(40)]
    later = [call(99, timedelta(minutes=1))]
    (found,) = floods_of([*flood, *later])
    assert found.calls == tuple(flood)


def test_every_figure_can_be_traced_to_its_rows():
    alarms = [alarm(1), alarm(2, key="oom", age=3 * DAY, cleared=False), alarm(3, times=12)]
    calls = [call(1, 3 * MINUTE, 1), call(2, 2 * MINUTE, 3), call(3, MINUTE, 3)]
    found = measured(calls, alarms)
    assert found[Figure.AVERAGE].calls == tuple(calls)
    assert [one.id for one in found[Figure.STALE].alarms] == [2]
    assert [one.id for one in found[Figure.CHATTERING].alarms] == [3]
    assert found[Figure.CHATTERING].calls == tuple(calls[1:])


def test_the_worst_offenders_come_first_by_place_and_not_by_alarm():
    alarms = [alarm(1, "load5"), alarm(2, "load5"), alarm(3, "oom")]
    calls = [call(1, 9 * MINUTE, 3), call(2, 8 * MINUTE, 1), call(3, 7 * MINUTE, 2)]
    found = quality_of(calls, {one.id: one for one in alarms}, NOW - DAY, NOW, people=1)
    assert [(one.key, len(one.calls)) for one in found.offenders] == [("load5", 2), ("oom", 1)]


def test_an_empty_span_meets_every_target():
    assert all(one.is_met for one in measured([]).values())


@given(st.lists(st.integers(0, 86_399), max_size=200), st.integers(1, 5))
def test_floods_hold_each_call_once_and_the_peak_agrees_with_a_plain_count(seconds, people):
    calls = [call(n, timedelta(seconds=86_400 - at)) for n, at in enumerate(sorted(seconds))]
    found = measured(calls, people=people)
    ids = [one.id for flood in floods_of(calls, people) for one in flood.calls]
    assert len(ids) == len(set(ids))
    most = max(
        (sum(0 <= (last.at - one.at).total_seconds() < 600 for one in calls) for last in calls),
        default=0,
    )
    assert len(found[Figure.PEAK].calls) == most
    assert (found[Figure.FLOODS].text == "0") == (most <= 10 * people)


def test_a_place_that_calls_three_times_in_half_an_hour_chatters_and_twice_does_not():
    alarms = [alarm(1), alarm(2), alarm(3), alarm(4, "oom"), alarm(5, "oom")]
    calls = [call(n, (40 - 10 * n) * MINUTE, n) for n in (1, 2, 3)]
    calls += [call(n, (60 - 10 * n) * MINUTE, n) for n in (4, 5)]

    assert [one.id for one in measured(calls, alarms)[Figure.CHATTERING].alarms] == [3]


def test_calls_of_one_place_over_more_than_half_an_hour_are_no_chatter():
    calls = [call(n, (100 - 16 * n) * MINUTE, n) for n in (1, 2, 3)]

    assert measured(calls, [alarm(1), alarm(2), alarm(3)])[Figure.CHATTERING].alarms == ()


def test_ten_offenders_are_named():
    alarms = [alarm(number, f"key{number}") for number in range(1, 12)]
    calls = [call(one.id, one.id * MINUTE, one.id) for one in alarms]
    found = quality_of(calls, {one.id: one for one in alarms}, NOW - DAY, NOW, people=1)

    assert len(found.offenders) == 10


def test_three_of_five_calls_while_there_is_time_are_enough_and_two_are_not():
    def spread(early):
        verdicts = [Verdict.EARLY] * early + [Verdict.CUT_OFF] * (5 - early)
        calls = [call(n, n * MINUTE, verdict=one) for n, one in enumerate(verdicts, start=1)]
        return measured(calls)[Figure.SPREAD]

    assert (spread(3).text, spread(3).is_met) == ("60 %", True)
    assert not spread(2).is_met
