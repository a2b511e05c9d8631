"""A shift handed over: what stands on the page, who gave it, who took it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.fleet.link_state import LinkState
from noc_console.fleet.records import add_servers
from noc_console.fleet.server import Server
from noc_console.health.alarm import Acknowledgement, Alarm, Claim, Shelf
from noc_console.health.delivery.delivery import Delivery, DeliveryState
from noc_console.health.delivery.recipient import Recipient, Way
from noc_console.health.records import ServerState, put_states
from noc_console.health.verdict import Judgement, Reason, Verdict
from noc_console.incidents.evidence.evidence_records import open_recording
from noc_console.incidents.handover.handover import (
    HandoverPage,
    HandoverRefused,
    Row,
    Section,
    ShiftFacts,
    page_from_json,
    page_to_json,
)
from noc_console.incidents.handover.handover_page import make_page
from noc_console.incidents.handover.handover_reading import read_page
from noc_console.incidents.handover.handover_records import (
    accept,
    get_handover,
    give,
    list_handovers,
    waiting_handover,
)
from noc_console.incidents.incident.incident import Severity
from noc_console.incidents.incident.incident_records import (
    IncidentChange,
    change_incident,
    open_incident,
)
from noc_console.incidents.windows.window import Window
from noc_console.incidents.windows.window_records import add_window
from noc_console.store.heartbeat import register
from tests.conftest import NOW
from tests.health.alarms import raise_alarm

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
FLEET = {
    1: Server(id=1, name="web-01", address="a"),
    2: Server(id=2, name="dns-01", address="b"),
    3: Server(id=3, name="mail-01", address="c"),
}


def alarm(alarm_id, server_id, **more):
    return Alarm(
        id=alarm_id,
        server_id=server_id,
        key=f"k{alarm_id}",
        verdict=more.pop("verdict", Verdict.CUT_OFF),
        words=f"words {alarm_id}\x1b",
        raised_at=NOW - HOUR,
        **more,
    )


def judged(verdict, words, ago):
    reasons = (Reason("key", verdict, words),) if words else ()
    return Judgement(verdict=verdict, since=NOW - ago, reasons=reasons)


def cells(section):
    return [row.cells for row in section.rows]


def test_alarms_are_told_with_who_has_them_and_the_shelved_with_when_they_wake():
    page = make_page(
        ShiftFacts(
            servers=FLEET,
            judgements={},
            alarms=[
                alarm(1, 1, claimed=Claim(by="anna", at=NOW)),
                alarm(2, 2, acknowledged=Acknowledgement(by="ben", at=NOW, reason="known")),
                alarm(3, 3, shelved=Shelf(by="cleo", at=NOW, until=NOW + HOUR, reason="disk")),
                alarm(4, 3, cause_id=1),
                alarm(5, None, verdict=Verdict.DOWN),
            ],
        ),
        NOW,
    )

    assert [row[1:3] for row in cells(page.section("alarms"))] == [
        ("several servers", "words 5�"),
        ("web-01", "words 1�"),
        ("dns-01", "words 2�"),
    ]
    assert cells(page.section("alarms"))[1][4:] == ("waits for a person", "anna")
    assert cells(page.section("alarms"))[2][4] == "acknowledged by ben: known"
    assert cells(page.section("shelved")) == [(NOW + HOUR, "mail-01", "words 3�", "cleo", "disk")]
    assert cells(page.section("people")) == [("anna", "alarm of web-01: words 1�")]


def test_an_alarm_beside_its_servers_name_does_not_repeat_it():
    lost = replace(alarm(1, 1), key="link", words="web-01 does not answer at port 22.")

    page = make_page(ShiftFacts(servers=FLEET, judgements={}, alarms=[lost]), NOW)

    assert cells(page.section("alarms"))[0][1:3] == ("web-01", "Does not answer at port 22.")


def test_quiet_servers_that_are_not_as_they_should_be_are_told_and_the_loud_are_not():
    page = make_page(
        ShiftFacts(
            servers=FLEET | {4: Server(id=4, name="new", address="d")},
            judgements={
                1: judged(Verdict.STALE, "no sample for 900 s", 15 * MINUTE),
                2: judged(Verdict.EARLY, "Load 9", 3 * HOUR),
                3: judged(Verdict.OK, "", HOUR),
            },
        ),
        NOW,
    )
    odd = {row[1]: row[2] for row in cells(page.section("odd"))}

    assert odd == {
        "web-01": "no sample for 900 s",
        "dns-01": "past an early line for 3 h: Load 9",
        "new": "never looked at",
    }
    loud = ShiftFacts(
        servers=FLEET,
        judgements={1: judged(Verdict.STALE, "x", HOUR), 2: judged(Verdict.EARLY, "x", MINUTE)},
        alarms=[alarm(1, 1)],
    )
    assert [row[1] for row in cells(make_page(loud, NOW).section("odd"))] == ["mail-01"]


def test_ways_by_which_nobody_is_reached_are_handed_over():
    anna = Recipient(id=1, name="Anna", way=Way.MAIL, address="anna@example.com")
    chat = Recipient(
        id=2, name="On call", way=Way.CHAT, address="tgram", secret="env:CHAT", is_paused=True
    )
    message = Delivery(
        id=7,
        recipient_id=1,
        recipient_name="Anna",
        state=DeliveryState.QUEUED,
        subject="alarms",
        made_at=NOW - HOUR,
        next_at=NOW + MINUTE,
        tries=3,
        began_at=None,
        ended_at=None,
        words="The mail server is away.",
    )
    given_up = replace(message, id=8, state=DeliveryState.GIVEN_UP)

    def told(**more):
        return make_page(ShiftFacts(servers=FLEET, judgements={}, **more), NOW).section("untold")

    failing = told(untold=[message, given_up], recipients=[anna, chat])
    assert [(row[0], row[1]) for row in cells(failing)] == [
        ("still tried", "Anna"),
        ("given up", "Anna"),
        ("paused", "On call"),
    ]
    assert "The mail server is away." in cells(failing)[0]
    assert "Nobody is to be told" in told().empty
    assert cells(told(recipients=[anna])) == []


def test_without_an_engine_nothing_is_said_to_be_calm():
    page = make_page(ShiftFacts(servers={}, judgements={}, is_watched=False), NOW)

    assert page.section("odd").empty == "Nobody watches: nothing is known."


def test_what_is_too_much_for_a_page_is_counted():
    many = [alarm(number, 1) for number in range(1, 301)]
    section = make_page(ShiftFacts(servers=FLEET, judgements={}, alarms=many), NOW).section(
        "alarms"
    )

    assert (len(section.rows), section.left_out) == (200, 100)


CELLS = st.text(max_size=5) | st.integers(0, 10**6).map(lambda s: NOW + timedelta(seconds=s))
ROWS = st.builds(
    Row,
    cells=st.lists(CELLS, max_size=4).map(tuple),
    verdict=st.none() | st.sampled_from(Verdict),
    link=st.text(max_size=5),
    is_loud=st.booleans(),
)
SECTIONS = st.builds(
    Section,
    key=st.text(max_size=5),
    title=st.text(max_size=5),
    columns=st.lists(st.text(max_size=5), max_size=3).map(tuple),
    rows=st.lists(ROWS, max_size=3).map(tuple),
    empty=st.text(max_size=5),
    left_out=st.integers(0, 9),
    link_at=st.integers(0, 3),
)


@given(st.builds(HandoverPage, at=st.just(NOW), sections=st.lists(SECTIONS, max_size=3).map(tuple)))
def test_a_page_is_read_as_it_was_kept(page):
    assert page_from_json(page_to_json(page)) == page


PAGE = make_page(ShiftFacts(servers=FLEET, judgements={}), NOW)


def test_a_shift_is_given_and_taken_by_name_and_stays_readable(any_store):
    given_ = give(any_store, PAGE, by="anna", now=NOW, note=" The disk of web-01 grows. ")
    assert waiting_handover(any_store) == given_

    taken = accept(any_store, given_.id, by=" ben ", now=NOW + MINUTE)

    assert (taken.given_by, taken.taken_by, taken.taken_at) == ("anna", "ben", NOW + MINUTE)
    assert taken.note == "The disk of web-01 grows."
    assert get_handover(any_store, given_.id).page == PAGE
    assert waiting_handover(any_store) is None


def test_a_shift_at_one_desk_is_given_and_taken_at_once(any_store):
    done = give(any_store, PAGE, by="anna", now=NOW, taken_by="ben")

    assert (done.taken_by, done.taken_at) == ("ben", NOW)
    assert list_handovers(any_store) == [done]


def test_a_shift_is_not_taken_twice_nor_by_who_gives_it_nor_by_nobody(any_store):
    given_ = give(any_store, PAGE, by="anna", now=NOW)

    with pytest.raises(HandoverRefused, match="cannot take it too"):
        accept(any_store, given_.id, by="Anna", now=NOW)
    with pytest.raises(HandoverRefused, match="Say who you are"):
        accept(any_store, given_.id, by=" ", now=NOW)
    accept(any_store, given_.id, by="ben", now=NOW)
    with pytest.raises(HandoverRefused, match="ben has taken"):
        accept(any_store, given_.id, by="cleo", now=NOW)
    with pytest.raises(HandoverRefused, match="no handover 99"):
        accept(any_store, 99, by="cleo", now=NOW)


def test_the_page_of_this_moment_is_read_from_every_room(any_store):
    web, dns = add_servers(
        any_store,
        [Server(name="web-01", address="a"), Server(name="dns-01", address="b")],
        NOW,
    )
    engine = register(any_store, "desk", 1, "1", NOW)
    with any_store.write() as connection:
        put_states(
            connection,
            [
                ServerState(
                    server_id=one.id,
                    link=LinkState.UP,
                    link_since=NOW - HOUR,
                    failure=None,
                    judgement=judgement,
                    last_sample_at=NOW,
                )
                for one, judgement in (
                    (web, judged(Verdict.CUT_OFF, "Load 40", HOUR)),
                    (dns, judged(Verdict.STALE, "no sample", HOUR)),
                )
            ],
        )
    raise_alarm(any_store, "load5", server_id=web.id, verdict=Verdict.CUT_OFF, words="Load 40")
    incident = open_incident(
        any_store,
        title="web-01 is slow",
        severity=Severity.MAJOR,
        server_ids=[web.id],
        by="anna",
        now=NOW - 2 * HOUR,
    )
    change_incident(any_store, incident.id, IncidentChange(lead="anna"), by="anna", now=NOW)
    add_window(
        any_store,
        Window(
            title="New disks",
            servers=(dns.id,),
            starts_at=NOW + 5 * HOUR,
            minutes=60,
            entered_by="lea",
            entered_at=NOW - 90 * HOUR,
        ),
    )
    open_recording(
        any_store,
        server_id=web.id,
        server_name="web-01",
        engine_id=engine.id,
        why="load5",
        asked_by="",
        until=None,
        now=NOW - 3 * MINUTE,
    )

    page = read_page(any_store, NOW)

    (promise,) = page.section("promises").rows
    assert (promise.cells[1], promise.is_loud) == ("OVERDUE by 1 h 30 min", True)
    assert cells(page.section("incidents"))[0][0] == "1: web-01 is slow"
    assert cells(page.section("alarms"))[0][1:3] == ("web-01", "Load 40")
    assert cells(page.section("people")) == [("anna", "lead of incident 1: web-01 is slow")]
    assert cells(page.section("windows"))[0][2:] == ("planned", "New disks", "dns-01")
    assert cells(page.section("odd"))[0][:3] == ("stale", "dns-01", "no sample")
    assert cells(page.section("recordings"))[0][2:4] == ("3 min", "load5")
