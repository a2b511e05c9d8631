from dataclasses import replace

from noc_console.health.alarm import Alarm, AlarmEventKind
from noc_console.health.alarm_life import restored
from noc_console.health.storms import Kinship
from noc_console.health.verdict import Reason, Verdict
from tests.health.watched_fleet import BUSY, DEAD, PAGE, WatchedFleet

Kind = AlarmEventKind
ALL = range(1, 1001)


def lose_network(fleet: WatchedFleet, within_s: float = 5.0) -> None:
    """Lose a thousand servers at an even pace."""
    part = len(ALL) // round(within_s * 2)
    for place in range(round(within_s * 2)):
        fleet.set(ALL[place * part : (place + 1) * part], DEAD, PAGE)
        fleet.run(0.5, look=False, step_s=0.5)


def test_a_thousand_servers_lost_are_one_alarm_within_ten_seconds_and_their_return_is_as_quiet():
    fleet = WatchedFleet(size=1000)
    fleet.run(2, look=False)
    lose_network(fleet)
    fleet.run(5, look=False)
    assert fleet.told() == [(None, "network", Kind.RAISED)]
    assert "1,000 of 1,000 servers are out of reach" in fleet.changes[-1].words
    members = {one for change in fleet.changes for one in change.joined}
    assert members == set(ALL)

    fleet.run(120, look=False)
    for server_id in ALL:
        fleet.set([server_id])
        if server_id % 10 == 0:
            fleet.run(1, look=False)
    fleet.run(200, look=False)
    assert fleet.told() == [(None, "network", Kind.RAISED), (None, "network", Kind.CLEARED)]
    assert fleet.changes[-1].why == "all 1,000 servers are back"
    assert {one for change in fleet.changes for one in change.left} == set(ALL)


def test_servers_that_fall_silent_together_are_told_before_any_link_is_given_up():
    fleet = WatchedFleet(size=1000)
    for server_id in ALL:
        fleet.look(server_id)
    fleet.book.set_silent(frozenset(range(1, 300)))
    fleet.run(2, look=False)
    assert fleet.told() == []  # some are slow
    fleet.book.set_silent(frozenset(range(1, 700)))
    fleet.run(1, look=False)
    assert fleet.told() == [(None, "network", Kind.RAISED)]

    fleet.book.set_silent(frozenset())
    fleet.run(120, look=False)
    assert fleet.kinds() == {Kind.RAISED: 1, Kind.CLEARED: 1}


def test_the_few_that_stay_away_stand_alone_and_the_storm_is_over():
    fleet = WatchedFleet(size=1000)
    lose_network(fleet)
    fleet.run(60, look=False)
    fleet.set(range(1, 999))
    fleet.run(150, look=False)
    told = fleet.told()
    assert told[0] == (None, "network", Kind.RAISED)
    assert sorted(told[1:3]) == [(999, "link", Kind.RAISED), (1000, "link", Kind.RAISED)]
    assert told[3:] == [(None, "network", Kind.CLEARED)]


def test_a_network_that_flaps_for_an_hour_is_one_alarm():
    fleet = WatchedFleet(size=100)
    while fleet.s < 1000.0 + 3600:
        fleet.set(range(1, 101), DEAD)
        fleet.run(60, look=False)
        fleet.set(range(1, 101))
        fleet.run(120, look=False)
    assert fleet.kinds()[Kind.RAISED] == 1
    assert fleet.calls() <= 6
    assert {place for place, _, _ in fleet.told()} == {None}


def test_what_was_told_of_a_few_before_the_rest_went_joins_the_group():
    fleet = WatchedFleet(size=50)
    fleet.set([1, 2], DEAD)
    fleet.run(10, look=False)
    assert fleet.kinds() == {Kind.RAISED: 2}
    fleet.set(range(3, 51), DEAD)
    fleet.run(10, look=False)
    assert fleet.kinds() == {Kind.RAISED: 3, Kind.SUPPRESSED: 2}


def test_two_servers_lost_at_once_are_two_alarms():
    fleet = WatchedFleet(size=50)
    fleet.set([1, 2], DEAD)
    fleet.run(60)
    assert sorted(fleet.told()) == [(1, "link", Kind.RAISED), (2, "link", Kind.RAISED)]


def test_servers_behind_a_lost_jump_server_follow_from_it():
    behind = {f"s{number}": Kinship(name=f"web{number}", jumps=(1,)) for number in range(2, 40)}
    fleet = WatchedFleet(size=60, **behind)
    fleet.set([2, 3], DEAD)
    fleet.run(2)
    fleet.set([1], DEAD)
    fleet.set(range(4, 40), DEAD)
    fleet.run(30)
    assert fleet.told() == [(1, "link", Kind.RAISED)]
    assert {one for change in fleet.changes for one in change.joined} == set(range(2, 40))

    fleet.forget()
    fleet.set([1])
    fleet.run(60)
    fleet.set(range(2, 39))
    fleet.run(300)
    assert fleet.told() == [(1, "link", Kind.CLEARED), (39, "link", Kind.RAISED)]


def test_what_the_lost_share_is_said():
    rack = {
        f"s{number}": Kinship(name=f"web{number}", groups=("rack7",)) for number in range(1, 11)
    }
    fleet = WatchedFleet(size=100, **rack)
    fleet.set(range(1, 11), DEAD)
    fleet.run(10)
    assert fleet.changes[0].words.endswith("all are of the group rack7")

    fleet = WatchedFleet(size=10)
    fleet.set(range(1, 11), DEAD)
    fleet.run(10)
    assert "whether the network of the engine's machine is up" in fleet.changes[0].words


def test_servers_rebooted_in_their_window_are_no_storm():
    fleet = WatchedFleet(size=100)
    fleet.set(range(1, 31), DEAD, muted=True)
    fleet.run(300)
    assert fleet.told() == []


def test_known_dead_servers_are_no_storm_when_an_engine_begins():
    fleet = WatchedFleet(size=100)
    for server_id in range(1, 31):
        fleet.set([server_id], DEAD)
        fleet.run(61, look=False)
    assert fleet.kinds() == {Kind.RAISED: 30}

    again = WatchedFleet(size=100)
    for change in fleet.changes:
        alarm = Alarm(
            id=change.place.server_id,
            server_id=change.place.server_id,
            key="link",
            verdict=change.verdict,
            words=change.words,
            raised_at=change.at,
        )
        again.book.restore(restored(alarm, None, again.moment), again.moment)
    again.set(range(1, 31), DEAD)
    again.run(300)
    assert again.told() == []


def test_an_alarm_of_another_kind_is_told_in_the_middle_of_a_storm():
    fleet = WatchedFleet(size=100)
    fleet.set(range(1, 51), DEAD)
    fleet.run(10)
    fleet.set([80], BUSY)
    assert fleet.told()[-1] == (80, "load5", Kind.RAISED)


def test_a_changed_host_key_is_told_by_itself_in_the_middle_of_a_storm():
    fleet = WatchedFleet(size=1000)
    fleet.run(2, look=False)
    lose_network(fleet)
    fleet.run(5, look=False)
    fleet.forget()

    changed = Reason("link", Verdict.UNKNOWN, "the host key CHANGED")
    fleet.views[7] = replace(fleet.view(7, changed), is_apart=True, hides=False)
    for _ in range(60):
        fleet.look(7)
        fleet.run(1, look=False)

    assert fleet.told() == [(7, "link", Kind.RAISED)]
    assert fleet.changes[0].words == "the host key CHANGED"
