"""The answer desk: whom a caller means, how it stands for them, and what may be said."""

import gc
import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.fleet.records import add_servers
from noc_console.fleet.server import Server, Site
from noc_console.health.verdict import Judgement, Reason, Verdict
from noc_console.incidents.answer_desk.answer import Standing, nothing_found
from noc_console.incidents.answer_desk.answering import answer_question
from noc_console.incidents.answer_desk.site_index import FoundBy, SiteIndex, hosts_of
from noc_console.incidents.incident.incident import Severity
from noc_console.incidents.incident.incident_records import (
    open_incident,
    resolve_incident,
    tell_customers,
)
from noc_console.incidents.windows.window import Window
from noc_console.incidents.windows.window_records import add_window
from tests.conftest import NOW

MINUTE = timedelta(minutes=1)
FLEET = [
    Server(
        name="web-01",
        address="192.0.2.1",
        sites=(
            Site(domain="birch.example", customer="Birch Ltd"),
            Site(domain="shop.dune.example", customer="Dune"),
        ),
    ),
    Server(name="web-02", address="192.0.2.2", sites=(Site(domain="xn--bcher-kva.example"),)),
    Server(name="mail-01", address="192.0.2.3", sites=(Site(domain="dune.example"),)),
]


def judged(verdict, words="answers"):
    return Judgement(
        verdict=verdict, since=NOW - 9 * MINUTE, reasons=(Reason("link", verdict, words),)
    )


@pytest.fixture
def fleet(any_store):
    return add_servers(any_store, FLEET, NOW)


@pytest.mark.parametrize(
    ("asked", "server", "by"),
    [
        ("birch.example", "web-01", FoundBy.SITE),
        ("  https://WWW.Birch.example/cart?x=1 ", "web-01", FoundBy.PARENT),
        ("anna@mail.dune.example", "mail-01", FoundBy.PARENT),
        ("info@shop.dune.example", "web-01", FoundBy.SITE),
        ("bücher.example", "web-02", FoundBy.SITE),
        ("birch ltd", "web-01", FoundBy.CUSTOMER),
        ("MAIL-01", "mail-01", FoundBy.SERVER),
        ("irch", "web-01", FoundBy.PART),
    ],
)
def test_a_caller_is_found_by_what_they_say(asked, server, by):
    hit = SiteIndex(FLEET).find(asked)[0]

    assert (hit.server.name, hit.by) == (server, by)


@pytest.mark.parametrize("asked", ["nobody.example", "example", "", "  ", "info@", "."])
def test_who_is_not_here_is_not_found(asked):
    found = SiteIndex(FLEET).find(asked)

    assert [hit for hit in found if hit.by is not FoundBy.PART] == []


def test_nothing_found_is_said_with_the_name_and_is_inert():
    assert nothing_found("ann@example.org").startswith("No server here serves example.org.")
    assert nothing_found("Birch\x1b[2J").startswith(
        "No site, customer or server here is called “Birch�[2J”. Ask for the domain"
    )


@given(st.text(max_size=30))
def test_whatever_a_caller_says_gets_an_answer_and_no_failure(asked):
    SiteIndex(FLEET).find(asked)
    assert nothing_found(asked)
    assert all(host.count(".") >= 1 for host in hosts_of(asked))


def ask(store, fleet, asked, verdict=Verdict.OK, words="answers"):
    return answer_question(
        store, SiteIndex(fleet), asked, lambda _server: judged(verdict, words), NOW
    )


def test_a_customer_in_an_open_incident_is_affected_and_told_the_last_word(any_store, fleet):
    opened = open_incident(
        any_store,
        title="web-01 is slow",
        severity=Severity.MAJOR,
        server_ids=[fleet[0].id],
        by="anna",
        now=NOW - 30 * MINUTE,
        began_at=NOW - 40 * MINUTE,
    )
    tell_customers(
        any_store,
        opened.id,
        "We restart the database.",
        by="ben",
        now=NOW - 5 * MINUTE,
        next_update_at=NOW + 20 * MINUTE,
    )

    (answer,) = ask(any_store, fleet, "birch.example", Verdict.CUT_OFF, "Load 40 of 192.0.2.1")

    assert (answer.standing, answer.since) == (Standing.AFFECTED, NOW - 40 * MINUTE)
    assert "incident 1, web-01 is slow" in answer.words
    assert [one.words for one in answer.said] == ["We restart the database."]
    assert "We restart the database." in answer.text
    assert "You will hear from us again by" in answer.text
    assert "web-01" not in answer.text
    assert "Load" not in answer.text


def test_a_promise_that_has_passed_is_loud_at_the_desk_and_not_repeated(any_store, fleet):
    open_incident(
        any_store,
        title="x",
        severity=Severity.MAJOR,
        server_ids=[fleet[0].id],
        by="anna",
        now=NOW - 60 * MINUTE,
    )
    (answer,) = ask(any_store, fleet, "birch.example")

    assert answer.is_overdue
    assert "OVERDUE by 30 min" in answer.words
    assert "hear from us again" not in answer.text


@pytest.mark.parametrize(
    ("verdict", "standing", "words"),
    [
        (Verdict.OK, Standing.NOT_AFFECTED, "We see no disturbance of birch.example"),
        (Verdict.EARLY, Standing.NOT_AFFECTED, "We see no disturbance of birch.example"),
        (Verdict.DOWN, Standing.TROUBLED, "We see a disturbance that may affect birch.example"),
        (Verdict.STALE, Standing.UNKNOWN, "We cannot see at this moment"),
        (Verdict.IN_MAINTENANCE, Standing.MAINTENANCE, "under planned maintenance"),
    ],
)
def test_without_an_incident_the_answer_is_what_is_known(
    any_store, fleet, verdict, standing, words
):
    (answer,) = ask(any_store, fleet, "birch.example", verdict)

    assert answer.standing is standing
    assert words in answer.text


def test_a_server_nobody_looked_at_is_not_known(any_store, fleet):
    (answer,) = answer_question(
        any_store, SiteIndex(fleet), "birch.example", lambda _server: None, NOW
    )

    assert answer.standing is Standing.UNKNOWN
    assert "never looked at" in answer.words


def test_a_window_that_goes_on_is_told_with_its_end(any_store, fleet):
    add_window(
        any_store,
        Window(
            title="New disks",
            servers=(fleet[0].id,),
            starts_at=NOW - 10 * MINUTE,
            minutes=60,
            entered_by="lea",
            entered_at=NOW - 900 * MINUTE,
        ),
    )
    (answer,) = ask(any_store, fleet, "birch.example", Verdict.DOWN)

    assert answer.standing is Standing.MAINTENANCE
    assert "New disks" in answer.words
    assert ", until " in answer.text


def test_a_resolved_incident_is_mentioned_and_no_longer_affects(any_store, fleet):
    opened = open_incident(
        any_store,
        title="x",
        severity=Severity.MAJOR,
        server_ids=[fleet[0].id],
        by="anna",
        now=NOW - 20 * MINUTE,
    )
    resolve_incident(any_store, opened.id, by="anna", now=NOW - MINUTE)
    (answer,) = ask(any_store, fleet, "birch.example")

    assert answer.standing is Standing.NOT_AFFECTED
    assert "It was in incident 1, resolved" in answer.words


def test_a_question_on_fifty_thousand_servers_is_answered_in_fifty_milliseconds(store):
    fleet = [
        Server(
            id=number,
            name=f"server-{number}",
            address="192.0.2.1",
            sites=tuple(
                Site(domain=f"site{number}-{k}.example", customer=f"Customer {number} {k}")
                for k in range(4)
            ),
        )
        for number in range(1, 50_001)
    ]
    index = SiteIndex(fleet)
    gc.disable()  # as the window does
    took = []
    for asked in ("site49999-3.example", "ann@nobody.example", "mer 49999 2", "zzz", "server-77"):
        began = time.thread_time()
        answer_question(store, index, asked, lambda _server: judged(Verdict.OK), NOW)
        took.append(time.thread_time() - began)

    gc.enable()
    assert max(took) < 0.05
