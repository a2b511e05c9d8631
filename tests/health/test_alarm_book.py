from datetime import timedelta

from noc_console.health.alarm import Alarm, AlarmEventKind
from noc_console.health.alarm_life import Moment, restored
from noc_console.health.verdict import Reason, Verdict
from tests.conftest import NOW
from tests.health.watched_fleet import BUSIER, BUSY, DEAD, PAGE, WatchedFleet

Kind = AlarmEventKind
HOUR_S = 3600


def test_a_crossed_line_is_an_alarm_at_once_and_clears_when_it_is_gone_for_a_minute():
    fleet = WatchedFleet()
    fleet.set([1], BUSY)
    assert fleet.told() == [(1, "load5", Kind.RAISED)]

    fleet.run(600)
    fleet.set([1])
    fleet.run(58)
    assert fleet.calls() == 1
    assert fleet.kinds()[Kind.CLEARED] == 0
    fleet.run(5)
    assert fleet.told() == [(1, "load5", Kind.RAISED), (1, "load5", Kind.CLEARED)]


def test_each_reason_is_an_alarm_of_its_own():
    fleet = WatchedFleet()
    fleet.set([1], BUSY, PAGE)
    assert {place for _, place, _ in fleet.told()} == {"load5", "check:https:/"}


def test_a_link_that_blips_raises_nothing():
    fleet = WatchedFleet()
    for _ in range(20):
        fleet.set([1], DEAD)
        fleet.run(4)
        fleet.set([1])
        fleet.run(60)
    assert fleet.told() == []


def test_a_dead_server_is_one_alarm_and_not_twenty():
    fleet = WatchedFleet()
    fleet.set([1], DEAD, PAGE, *(Reason(f"check:{n}", Verdict.CUT_OFF, "no") for n in range(20)))
    fleet.run(HOUR_S)
    assert fleet.told() == [(1, "link", Kind.RAISED)]


def test_what_was_an_alarm_before_its_server_died_follows_from_the_death():
    fleet = WatchedFleet()
    fleet.set([1], BUSY)
    fleet.run(60)
    fleet.set([1], DEAD)
    fleet.run(60)
    assert fleet.told()[1:] == [(1, "link", Kind.RAISED), (1, "load5", Kind.SUPPRESSED)]

    fleet.forget()
    fleet.set([1])
    fleet.run(200)
    assert fleet.calls() == 0
    assert fleet.kinds() == {Kind.CLEARED: 2}


def test_what_is_still_amiss_when_its_server_is_back_stands_alone_after_a_while():
    fleet = WatchedFleet()
    fleet.set([1], BUSY)
    fleet.set([1], DEAD, BUSY)
    fleet.run(60)
    fleet.forget()
    fleet.set([1], BUSY)
    fleet.run(50)
    assert fleet.calls() == 0
    fleet.run(20)
    assert (1, "load5", Kind.STANDS_ALONE) in fleet.told()


def test_a_page_that_fails_while_its_server_is_there_is_an_alarm_though_ssh_is_refused():
    fleet = WatchedFleet()
    refused = fleet.view(1, DEAD, PAGE)
    object.__setattr__(refused, "hides", False)
    fleet.views[1] = refused
    fleet.run(10)
    assert {key for _, key, kind in fleet.told() if kind is Kind.RAISED} == {
        "link",
        "check:https:/",
    }


def test_worse_calls_at_once_and_better_only_when_it_lasts():
    fleet = WatchedFleet()
    fleet.set([1], BUSY)
    fleet.run(10)
    fleet.set([1], BUSIER)
    assert fleet.told()[-1] == (1, "load5", Kind.WORSE)
    fleet.set([1], BUSY)
    fleet.run(59)
    assert fleet.told()[-1] == (1, "load5", Kind.WORSE)
    fleet.run(5)
    assert fleet.told()[-1] == (1, "load5", Kind.BETTER)
    assert fleet.kinds()[Kind.RAISED] == 1


def test_flapping_for_an_hour_calls_a_few_times_whatever_its_period():
    for period_s in (2, 10, 30, 61, 90, 130, 200, 300, 600):
        fleet = WatchedFleet()
        while fleet.s < 1000.0 + HOUR_S:
            fleet.set([1], BUSY)
            fleet.run(period_s / 2)
            fleet.set([1])
            fleet.run(period_s / 2)
        assert fleet.kinds()[Kind.RAISED] == 1, period_s
        assert fleet.calls() <= 6, (period_s, fleet.kinds())
        assert len([one for one in fleet.changes if one.kind]) <= 24, (period_s, fleet.kinds())


def test_going_up_and_down_between_the_lines_for_an_hour_calls_a_few_times():
    for period_s in (10, 61, 130, 300):
        fleet = WatchedFleet()
        while fleet.s < 1000.0 + HOUR_S:
            fleet.set([1], BUSY)
            fleet.run(period_s / 2)
            fleet.set([1], BUSIER)
            fleet.run(period_s / 2)
        assert fleet.calls() <= 7, (period_s, fleet.kinds())


def test_a_link_that_flaps_for_an_hour_is_one_alarm():
    fleet = WatchedFleet()
    while fleet.s < 1000.0 + HOUR_S:
        fleet.set([1], DEAD)
        fleet.run(20)
        fleet.set([1])
        fleet.run(40)
    assert fleet.kinds()[Kind.RAISED] == 1
    assert fleet.calls() <= 5
    chattering = [one for one in fleet.changes if one.kind is Kind.CHATTERING]
    assert chattering
    assert chattering[-1].times >= 10


def test_a_window_mutes_and_what_outlasts_it_is_told():
    fleet = WatchedFleet()
    fleet.set([1], BUSY)
    fleet.set([1], DEAD, BUSY, muted=True)
    fleet.run(HOUR_S)
    assert fleet.told()[1:] == [(1, "load5", Kind.MUTED)]

    fleet.forget()
    fleet.set([1], DEAD, BUSY)
    fleet.run(30)
    assert (1, "link", Kind.RAISED) in fleet.told()


def test_a_muted_service_is_quiet_while_the_rest_is_not():
    fleet = WatchedFleet()
    fleet.set([1], Reason("service:exim4", Verdict.IN_MAINTENANCE, "exim4 is down"), BUSY)
    fleet.run(60)
    assert fleet.told() == [(1, "load5", Kind.RAISED)]


def test_that_a_window_is_on_is_no_alarm():
    fleet = WatchedFleet()
    fleet.set([1], Reason("window:7", Verdict.IN_MAINTENANCE, "in maintenance until 03:30 CET"))
    fleet.run(HOUR_S)
    assert fleet.told() == []


def test_a_window_may_speak_for_itself():
    fleet = WatchedFleet()
    late = Reason("window:7", Verdict.EARLY, "the window ends in 10 minutes; web1 is still down")
    fleet.set([1], DEAD, late, muted=True)
    fleet.run(60)
    assert fleet.told() == [(1, "window:7", Kind.RAISED)]


def test_clock_jumps_of_the_machine_raise_and_clear_nothing():
    fleet = WatchedFleet(size=20)
    fleet.set([1], BUSY)
    fleet.run(5)
    fleet.set([1])
    for hours in (5, -10, 700, -1000):
        fleet.at += timedelta(hours=hours)
        fleet.run(5)
    assert fleet.told() == [(1, "load5", Kind.RAISED)]


def test_a_removed_server_takes_its_alarms_with_it():
    fleet = WatchedFleet(size=2)
    fleet.set([1], BUSY)
    fleet.changes += fleet.book.set_fleet({2: fleet.fleet[2]}, fleet.moment)
    assert fleet.told()[-1] == (1, "load5", Kind.CLEARED)


def earlier(key: str, age: timedelta, **fields: object) -> Alarm:
    return Alarm(
        id=5,
        server_id=1,
        key=key,
        verdict=Verdict.EARLY,
        words="load 5, early line 4",
        raised_at=NOW - age,
        times=2,
        **fields,
    )


def test_an_alarm_of_an_earlier_engine_goes_on_and_is_not_raised_again():
    fleet = WatchedFleet()
    life = restored(earlier("load5", timedelta(hours=3)), None, Moment(NOW, fleet.s))
    fleet.book.restore(life, fleet.moment)
    fleet.set([1], BUSY)
    fleet.run(HOUR_S)
    assert fleet.told() == []


def test_lines_have_time_to_be_crossed_anew_before_an_earlier_alarm_clears():
    fleet = WatchedFleet()
    life = restored(earlier("load5", timedelta(hours=3)), None, Moment(NOW, fleet.s))
    fleet.book.restore(life, fleet.moment)
    fleet.run(890)
    assert fleet.told() == []
    fleet.run(20)
    assert fleet.told() == [(1, "load5", Kind.CLEARED)]
    assert fleet.changes[-1].why == "it was over when watching began again"


def test_what_was_cleared_shortly_before_an_engine_began_comes_again_as_the_same():
    fleet = WatchedFleet()
    gone = earlier("load5", timedelta(hours=1), cleared_at=NOW - timedelta(minutes=5))
    fleet.book.restore(restored(gone, None, fleet.moment), fleet.moment)
    fleet.set([1], BUSY)
    assert fleet.told() == [(1, "load5", Kind.RAISED_AGAIN)]
    assert fleet.changes[-1].times == 3
