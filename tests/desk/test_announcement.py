"""What is announced at a desk: the worst first, together, and quiet hours that hide no danger."""

from datetime import timedelta

import pytest

from noc_console.desk.announcing.announcement import Wishes, announcement, fresh
from noc_console.health.alarm import Acknowledgement
from noc_console.health.verdict import Verdict
from tests.conftest import NOW
from tests.health.telling import alarm

NAMES = {1: "web1"}
ACK = Acknowledgement(by="Ben", at=NOW, reason="known")


def told(*alarms, now=NOW, **wishes):
    return announcement(fresh({}, alarms), NAMES, Wishes(**wishes), now)


def test_one_alarm_is_told_with_its_server_and_words():
    one = told(alarm(verdict=Verdict.DOWN, words="no answer"))

    assert (one.title, one.words) == ("DOWN web1", "no answer")
    assert one.is_waking


def test_what_comes_together_is_told_once_with_the_count_and_the_worst_first():
    one = told(
        *(alarm(number) for number in range(1, 1000)),
        alarm(1000, verdict=Verdict.DOWN, server_id=None, words="40 servers of web lost"),
    )

    assert one.title == "1000 alarms, 1 of them down"
    assert one.words.splitlines()[0] == "DOWN: 40 servers of web lost"
    assert one.words.splitlines()[-1] == "… and 997 more"
    assert len(one.alarm_ids) == 1000


def test_what_somebody_has_taken_up_is_not_announced_and_nothing_twice():
    open_one, acked = alarm(1), alarm(2, acknowledged=ACK)

    assert fresh({}, [open_one, acked]) == [open_one]
    assert fresh({1: Verdict.EARLY}, [open_one]) == []
    assert fresh({1: Verdict.DOWN}, [open_one]) == []
    worse = alarm(1, verdict=Verdict.CUT_OFF)
    assert fresh({1: Verdict.EARLY}, [worse]) == [worse]


@pytest.mark.parametrize("verdict", [Verdict.CUT_OFF, Verdict.DOWN])
def test_quiet_hours_hold_back_the_early_line_and_never_danger(verdict):
    night = "22:00-07:00"
    at_night = NOW.replace(hour=23)

    assert told(alarm(), quiet=night, now=at_night) is None
    assert told(alarm(verdict=verdict), quiet=night, now=at_night).is_heard
    assert told(alarm(), quiet=night, now=NOW).is_heard


def test_danger_is_told_whatever_least_was_chosen_and_the_early_line_only_where_wanted():
    assert told(alarm(), notes_least=Verdict.CUT_OFF, sounds_least=Verdict.CUT_OFF) is None
    one = told(alarm(), notes_least=Verdict.CUT_OFF)
    assert (one.is_shown, one.is_heard) == (False, True)
    assert told(alarm(verdict=Verdict.DOWN), notes=False, sounds=False) is None


def test_hours_that_no_one_can_read_silence_nothing():
    assert told(alarm(), quiet="nights").is_heard


def test_the_words_of_strangers_are_inert():
    one = told(alarm(words="\x1b[2J\u202e" + "x" * 1000, raised_at=NOW - timedelta(hours=1)))

    assert "\x1b" not in one.words
    assert "\u202e" not in one.words
    assert len(one.words) <= 240
