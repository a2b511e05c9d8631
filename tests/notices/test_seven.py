"""Each of the seven things is missed by its own lamp, and only by that."""

from dataclasses import replace
from datetime import timedelta

import pytest

from noc_console.notices.notice import Route, RouteKind, UnscheduledState
from noc_console.notices.seven import lamps
from tests.notices.composed import AROUND, FLEET, NOW, PAGE, PHONE, scheduled, unscheduled

HELP_PAGE = Route(kind=RouteKind.PAGE, words="https://shop.example.org/help")


def dark(notice, around=AROUND):
    return [lamp.number for lamp in lamps(notice, around) if not lamp.is_lit]


def words(notice, number, around=AROUND):
    return lamps(notice, around)[number - 1].words


def test_a_notice_that_tells_all_seven_lights_all_seven():
    found = lamps(scheduled(), AROUND)

    assert [lamp.number for lamp in found] == [1, 2, 3, 4, 5, 6, 7]
    assert dark(scheduled()) == []


@pytest.mark.parametrize(
    ("number", "changes"),
    [
        (1, {"typed_start": ""}),
        (1, {"typed_start": "tomorrow"}),
        (1, {"typed_start": "Sat 2026-11-21 02:00"}),
        (1, {"typed_start": "Sun 2027-03-28 02:30"}),
        (1, {"zone": "Mars/Olympus"}),
        (2, {"minutes": 0}),
        (3, {"disrupted": "  "}),
        (3, {"not_disrupted": "-"}),
        (3, {"servers": ()}),
        (4, {"reasons": ""}),
        (4, {"reasons": "⟨why⟩ we do it"}),
        (5, {"benefit": ""}),
        (6, {"routes": ()}),
        (6, {"routes": (PHONE,)}),
        (6, {"routes": (PHONE, PHONE)}),
        (6, {"routes": (PHONE, Route(kind=RouteKind.EMAIL, words="help at example"))}),
        (6, {"routes": (HELP_PAGE, Route(kind=RouteKind.PAGE, words="https://web-07"))}),
        (7, {"no_alternatives_because": ""}),
    ],
)
def test_what_is_missing_darkens_its_own_lamp_and_no_other(number, changes):
    assert dark(scheduled(**changes)) == [number]


def test_a_lit_lamp_tells_in_short_what_is_told():
    told = [lamp.words for lamp in lamps(scheduled(reasons="\nIt is worn.\n- a"), AROUND)]

    assert told == [
        "Sat 2026-12-05 02:00 Europe/Berlin",
        "30 min",
        "Websites on this server do not answer. · Not disrupted: E-mail and domains.",
        "It is worn.",
        "The server stays reliable.",
        "+49 30 1234567, https://status.example.com/now",
        "None: The server has to be switched off.",
    ]
    first = [lamp.words for lamp in lamps(unscheduled(), AROUND)]
    assert first[1] == "In 30 min."
    assert first[3] == "It is being looked for."


def test_all_ways_to_support_on_the_disrupted_server_are_told_with_its_name():
    routes = (HELP_PAGE, Route(kind=RouteKind.PAGE, words="http://192.0.2.7/help"))

    assert "web-07" in words(scheduled(routes=routes), 6)
    assert dark(scheduled(routes=(*routes, PHONE))) == []


def test_a_host_that_leads_to_the_disrupted_server_is_seen_through_its_name():
    routes = (HELP_PAGE, PAGE)
    led_to = {"status.example.com": frozenset({"192.0.2.7"})}

    assert dark(scheduled(routes=routes)) == []
    assert dark(scheduled(routes=routes), type(AROUND)(now=NOW, servers=FLEET, led_to=led_to)) == [
        6
    ]


def test_a_start_that_passed_lights_while_the_work_goes_on():
    going_on = scheduled(typed_start="Tue 2026-11-24 10:50", minutes=30)  # 09:50 UTC

    assert dark(going_on) == []


def test_an_instant_that_is_not_what_was_typed_is_not_told():
    moved = scheduled()
    moved = type(moved)(
        **{
            name: getattr(moved, name) for name in moved.__dataclass_fields__ if name != "starts_at"
        },
        starts_at=moved.starts_at + timedelta(hours=1),
    )

    assert dark(moved) == [1]


def test_a_clock_change_is_a_persons_choice():
    fold = scheduled(typed_start="Sun 2027-10-31 02:30")

    assert dark(fold) == [1]
    assert "comes twice" in words(fold, 1)


def test_a_first_word_needs_three_fields_and_no_cause():
    assert dark(unscheduled()) == []
    assert dark(unscheduled(noticed="")) == [3]
    assert dark(unscheduled(since=None)) == [1]
    assert dark(unscheduled(since=NOW + timedelta(minutes=1))) == [1]
    assert dark(unscheduled(next_update_minutes=0)) == [2]


def test_a_cause_that_was_found_is_told():
    assert dark(unscheduled(state=UnscheduledState.IDENTIFIED)) == [4]
    assert dark(unscheduled(state=UnscheduledState.MONITORING, cause="A disk failed.")) == []


def test_an_all_clear_tells_cause_length_and_what_comes_next():
    resolved = {"state": UnscheduledState.RESOLVED}

    assert dark(unscheduled(**resolved)) == [2, 4, 5]
    whole = {"resolved_at": NOW, "cause": "A disk failed.", "next_steps": "We replace it."}
    assert dark(unscheduled(**resolved, **whole)) == []
    early = whole | {"resolved_at": NOW - timedelta(hours=1)}
    assert dark(unscheduled(**resolved, **early)) == [2]


def test_what_was_over_in_the_minute_it_began_is_no_mistake():
    over = unscheduled(state=UnscheduledState.RESOLVED)

    at_once = replace(over, since=NOW, resolved_at=NOW)
    before = replace(over, since=NOW, resolved_at=NOW - timedelta(minutes=1))

    assert set(dark(before)) - set(dark(at_once)) == {2}
