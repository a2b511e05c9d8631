"""What is wrong with a notice is said before it is approved, a full sentence each."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from noc_console.incidents.planning.proof_reader import Weight
from noc_console.incidents.windows.window import Occurrence, Window
from noc_console.notices.around import Blackout
from noc_console.notices.notice import PlannedSend, Route, RouteKind, Send, Translation
from noc_console.notices.proof_reader import proof_read
from noc_console.notices.reading_through import read_books
from noc_console.notices.template_shelf import read_shelf
from tests.notices.composed import AROUND, NOW, START, scheduled, unscheduled

BOOKS = read_books(read_shelf())


def window(**changes):
    usual = {
        "id": 3,
        "title": "hardware",
        "servers": (7,),
        "starts_at": START,
        "minutes": 30,
        "zone": "Europe/Berlin",
        "entered_at": NOW,
    }
    return Window(**(usual | changes))


def around(*others, linked=None, **changes):
    occurrences = tuple(Occurrence(window=one, planned_start=one.starts_at) for one in others)
    return replace(AROUND, occurrences=occurrences, window=linked, **changes)


LINKED = around(window(), linked=window(), led_to={"status.example.com": frozenset({"::1"})})


def read(notice, surroundings=LINKED):
    return proof_read(notice, surroundings, BOOKS)


def keys(notice, surroundings=LINKED):
    return {finding.key for finding in read(notice, surroundings)}


def told(notice, key, surroundings=LINKED):
    return [one.words for one in read(notice, surroundings) if one.key == key]


def good(**changes):
    return scheduled(**({"window_id": 3, "customers": ("Bo & Söhne",)} | changes))


def test_a_good_notice_draws_nothing():
    assert read(good()) == []
    assert read(unscheduled(customers=("Bo & Söhne",))) == []


@pytest.mark.parametrize(
    ("changes", "key", "part"),
    [
        ({"disrupted": "A brief interruption."}, "vague", "'brief'"),
        ({"disrupted": "Some services do not answer."}, "vague", "'Some services'"),
        ({"reasons": "For technical reasons."}, "vague", "'technical reasons'"),
        ({"reasons": "The RAID array is old."}, "jargon", "'RAID array'"),
        ({"disrupted": "From 02:00 it does not answer."}, "zone", "02:00"),
        ({"disrupted": "On 5 December it does not answer."}, "year", "5 December"),
        ({"disrupted": "It begins on Friday."}, "weekday", "Saturday"),
        ({"title": "Work on 6 December 2026"}, "date", "another date"),
        ({"typed_start": "Fri 2026-12-05 02:00"}, "weekday", "Friday"),
        ({"reasons": "⟨why⟩ and more"}, "gap", "⟨why⟩"),
        ({"title": ""}, "title", "title"),
        ({"title": "x" * 130}, "title", "130"),
        ({"servers": (7, 99)}, "servers", "deleted"),
        ({"groups": ("wep",)}, "servers", "wep"),
        ({"customers": ("Bo & Sohne",)}, "customers", "Bo & Sohne"),
        ({"language": "fr"}, "language", "'fr'"),
        ({"minutes": 40}, "window", "lasts 30 min, but 40"),
        ({"typed_start": "Sat 2026-12-05 03:00"}, "window", "does not begin"),
        ({"groups": ("new",)}, "window", "not for web-08"),
        ({"routes": (Route(kind=RouteKind.PHONE, words="030 12"),)}, "route", "country"),
    ],
)
def test_what_is_odd_is_told_once(changes, key, part):
    found = told(good(**changes), key)

    assert len(found) == 1
    assert part in found[0]


def test_a_window_that_is_gone_is_not_told_as_none_that_was_linked():
    found = told(good(window_id=99), "window", replace(LINKED, window=None))

    assert found == ["Window 99 is not there any more, so what waits is held; link another."]


def test_a_language_with_half_of_its_templates_is_told_which_go_out_in_english():
    half = replace(LINKED, languages=("de", "en", "fr"), lacking={"fr": ("start", "update")})

    found = told(good(language="fr"), "language", half)

    assert len(found) == 1
    assert "no template for start, update" in found[0]
    assert told(good(language="de"), "language", half) == []


def test_words_of_another_language_are_read_in_that_language():
    notice = good(
        language="de",
        disrupted="Kurzzeitig gestört, Freitag um 02:00 Uhr, am 5. Dezember.",
        translations=(Translation(language="en", title="New", disrupted="It is soon over."),),
    )

    assert len(told(notice, "vague")) == 2
    assert "Friday" in told(notice, "weekday")[0]
    assert told(notice, "year") == ["What is disrupted names 5. Dezember without a year; add it."]
    assert told(notice, "zone")


def test_texts_of_the_plan_are_read_too():
    plan = (PlannedSend(send=Send.START, channel="X", text="We start shortly."),)

    assert told(good(plan=plan), "vague") == [
        (
            "The text for start on X says 'shortly', which tells nobody anything; say in how many"
            " minutes."
        )
    ]


def test_a_start_within_a_week_is_too_late_for_the_weeks_send():
    found = told(good(typed_start="Fri 2026-11-27 02:00"), "late")

    assert found == [
        (
            "It begins in 3 days: too late to tell customers a week before. The text says so, and"
            " asks to be excused."
        )
    ]


def test_work_that_was_told_a_week_before_is_not_called_late_as_it_comes_near():
    notice = scheduled()
    near = AROUND.at(START - timedelta(days=3))

    assert "too late" in told(notice, "late", near)[0]
    in_time = replace(near, told={START: START - timedelta(days=7)})
    assert told(notice, "late", in_time) == []
    late = replace(near, told={START: START - timedelta(days=4)})
    assert told(notice, "late", late) == [
        "Customers were told of it 4 days before it begins, not a week."
    ]


def test_a_start_that_moves_nearer_than_a_week_is_said_to_reach_those_who_were_told_late():
    near = AROUND.at(START - timedelta(days=3))
    moved = replace(near, told={START + timedelta(days=1): START - timedelta(days=7)})

    assert (
        "those who were told another time hear of this one" in told(scheduled(), "late", moved)[0]
    )


def test_the_clock_change_within_it_is_told():
    notice = scheduled(typed_start="Sun 2027-10-31 01:30", minutes=120)

    assert "from 01:30 to 02:30 by the wall it lasts 120 min" in told(notice, "clock")[0]


def test_a_route_on_the_disrupted_server_is_warned_of():
    on_it = Route(kind=RouteKind.EMAIL, words="help@shop.example.org")

    assert told(good(routes=(on_it,)), "route") == [
        (
            "help@shop.example.org depends on web-07, which is disrupted: customers will not get"
            " through."
        )
    ]


def test_a_host_that_was_not_asked_is_only_told():
    (found,) = [
        one for one in read(good(), around(window(), linked=window())) if one.key == "route"
    ]

    assert found.weight is Weight.TELLS


def test_another_window_at_the_time_is_told_unless_it_is_the_linked_one():
    other = window(id=4, title="network", starts_at=START + timedelta(minutes=29))
    later = window(id=5, title="late", starts_at=START + timedelta(minutes=30))
    elsewhere = window(id=6, title="else", servers=(8,))
    surroundings = around(window(), other, later, elsewhere, linked=window())

    assert told(good(), "overlap", surroundings) == ["It overlaps window 4 (network) on web-07."]


def test_a_cancelled_window_is_told():
    gone = window(cancelled_at=NOW)

    assert told(good(), "window", around(gone, linked=gone)) == [
        "Window 3 (hardware) is cancelled."
    ]


def test_a_time_without_work_is_told_for_its_groups_only():
    feast = Blackout(
        start=datetime(2026, 12, 1, tzinfo=UTC),
        end=datetime(2026, 12, 27, tzinfo=UTC),
        why="Christmas business",
    )

    assert "Christmas business" in told(good(), "blackout", around(blackouts=(feast,)))[0]
    other = replace(feast, groups=("mail",))
    assert told(good(), "blackout", around(blackouts=(other,))) == []


def test_a_translation_that_lacks_a_text_is_told():
    half = Translation(language="de", title="Neue Hardware")

    assert "what is disrupted" in told(good(translations=(half,)), "language")[0]


def test_what_must_be_mended_comes_first():
    found = read(good(title="", reasons="⟨why⟩ brief", disrupted="brief"))
    order = list(Weight)

    assert found[0].weight is Weight.REFUSES
    assert [one.weight for one in found] == sorted((one.weight for one in found), key=order.index)
