"""What is wrong with a plan is said before it is entered, a full sentence each."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from noc_console.fleet.server import Server
from noc_console.incidents.planning.proof_reader import Surroundings, Weight, proof_read
from noc_console.incidents.planning.proof_words import dates_named, weekdays_named
from noc_console.incidents.wall_time import WallChoice
from noc_console.incidents.windows.recurrence import Recurrence, Unit
from noc_console.incidents.windows.window import Occurrence, Window
from tests.incidents.planning.test_quiet_slots import profile

NOW = datetime(2026, 2, 16, 9, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 2, 21, 1, 0, tzinfo=UTC)  # 02:00 in Berlin
WEB1 = Server(id=1, name="web1", address="192.0.2.1", partner="web2", expected_services=("nginx",))
WEB2 = Server(id=2, name="web2", address="192.0.2.2", groups=("second",))
JUMP = Server(id=3, name="jump", address="192.0.2.3")
BEHIND = Server(id=4, name="db1", address="192.0.2.4", jumps=("jump",))
FLEET = (WEB1, WEB2, JUMP, BEHIND)


def window(**fields):
    usual = {
        "title": "kernel",
        "servers": (1,),
        "starts_at": SATURDAY,
        "minutes": 20,
        "zone": "Europe/Berlin",
        "notice": "https://status.example.org",
        "entered_at": NOW,
    }
    return Window(**(usual | fields))


def read(plan, **fields):
    usual = {
        "now": NOW,
        "servers": FLEET,
        "others": (),
        "profiles": {},
        "target_percent": 99.9,
    }
    return proof_read(plan, Surroundings(**(usual | fields)))


def words(findings, key):
    return [finding.words for finding in findings if finding.key == key]


def test_a_good_plan_draws_no_warning():
    found = read(window(), profiles={1: profile("web1")})

    assert {finding.weight for finding in found} == {Weight.TELLS}


@pytest.mark.parametrize(
    ("fields", "typed"),
    [
        ({"title": "Kernel on Sunday night"}, ""),
        ({"notice": "See you Fri 20 Feb"}, ""),
        ({}, "Sun 2026-02-21 02:00"),
    ],
)
def test_a_weekday_that_does_not_fit_the_date_is_told(fields, typed):
    (told,) = words(read(window(**fields), typed=typed), "weekday")

    assert "but 2026-02-21 is a Saturday" in told


def test_a_date_in_the_title_that_is_another_is_told():
    assert words(read(window(title="Kernel, 22 February")), "date")
    assert not words(read(window(title="Kernel, Sat 21 February")), "date")


def test_words_that_only_look_like_weekdays_are_none():
    assert weekdays_named("we sat in the sun, march on; the monitor is mono") == set()
    assert weekdays_named("Saturdays and wed, Wed") == {5, 2}
    assert dates_named("ticket 2026-13-45, 31 Feb, May 5th, 5 may") == {(5, 5)}


def test_a_repeat_in_a_skipped_hour_must_be_decided():
    weekly = Recurrence(unit=Unit.WEEKS)
    sunday = datetime(2026, 2, 22, 1, 30, tzinfo=UTC)  # 02:30 in Berlin

    (told,) = words(read(window(starts_at=sunday, recurrence=weekly)), "unclear")

    assert "Sun 2026-03-29 the wall time 02:30" in told
    decided = window(starts_at=sunday, recurrence=weekly, wall_choice=WallChoice.LATER)
    assert not words(read(decided), "unclear")


def test_clocks_that_change_within_a_window_are_told():
    start = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)

    (told,) = words(read(window(starts_at=start, minutes=120)), "clock")

    assert "from 01:30 to 02:30 by the wall it lasts 120 min" in told


def other(**fields):
    held = window(**({"id": 9, "title": "disks"} | fields))
    return Occurrence(window=held, planned_start=held.starts_at)


def test_an_overlap_with_another_window_is_told_once():
    found = read(window(), others=(other(), other(starts_at=SATURDAY + timedelta(minutes=5))))

    (told,) = words(found, "overlap")
    assert "overlaps window 9 (disks, Sat 2026-02-21 02:00) on web1" in told


def test_a_cancelled_window_overlaps_nothing():
    assert not words(read(window(), others=(other(cancelled_at=NOW),)), "overlap")


def test_partners_at_one_time_are_told_in_one_window_and_in_two():
    both = read(window(groups=("second",)))
    two = read(window(), others=(other(servers=(2,)),))
    down = read(window(), down={2})

    assert "nobody takes over" in words(both, "partner")[0]
    assert "web2, which takes over for web1, is in window 9" in words(two, "partner")[0]
    assert words(down, "partner") == ["web2, which takes over for web1, is down now."]


def test_who_is_reached_through_a_server_is_told():
    (told,) = words(read(window(servers=(3,))), "jump")

    assert told == "db1 can be reached only through jump and will not be watched."


def test_a_busy_hour_is_told_with_the_peak():
    noon = datetime(2026, 2, 18, 12, 0, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)

    (told,) = words(read(window(starts_at=noon), profiles={1: profile("web1")}), "peak")

    assert "It lies in busy hours of web1" in told


def test_the_share_of_the_month_s_budget_is_told_and_warned_of_above_all_of_it():
    short, long = read(window()), read(window(minutes=120))

    assert "20 min in 2026-02 are 50 % of the 40 min that 99.9 %" in words(short, "budget")[0]
    assert next(one for one in long if one.key == "budget").weight is Weight.WARNS


def test_a_service_nobody_expects_and_a_group_nobody_is_in_are_told():
    found = read(window(services=("nginx", "exim4"), groups=("nobody",)))

    assert words(found, "services") == ["exim4 is not among what is expected on web1."]
    assert words(found, "servers") == ["No server is in the group nobody; look at its name."]


def test_what_begins_before_now_or_never_again_is_told():
    past = read(window(starts_at=NOW - timedelta(minutes=1)))
    over = read(window(starts_at=NOW - timedelta(days=3)))

    assert "counts as unscheduled" in words(past, "past")[0]
    assert words(over, "never")


def test_what_matters_most_comes_first():
    sunday = datetime(2026, 2, 22, 1, 30, tzinfo=UTC)
    found = read(window(starts_at=sunday, recurrence=Recurrence(unit=Unit.WEEKS), notice=""))

    assert found[0].weight is Weight.REFUSES
    assert found[-1].weight is Weight.TELLS
