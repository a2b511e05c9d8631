"""What is asked of people is answered with day and name, and stands against signing till then."""

import pytest

from noc_console.audit.audit_records import open_audit, put_collected
from noc_console.audit.catalogue import load_catalogue
from noc_console.audit.check import Family, Privilege
from noc_console.audit.decision_records import decisions_of
from noc_console.audit.judging import judge
from noc_console.audit.whole import read_whole
from noc_console.cli.main import main
from noc_console.store.store import open_store
from tests.audit.judged import around, outcome
from tests.audit.signed import SERVERS
from tests.conftest import NOW

QUESTIONS = [one for one in load_catalogue().checks.values() if one.privilege is Privilege.PERSON]


@pytest.fixture
def begun(location):
    """An audit of two servers of which nothing is known but that people are asked."""
    store = open_store(location)
    begun = open_audit(store, "2026-11", SERVERS, catalogue="c" * 64, by="ann", now=NOW)
    asked = [judge(one, outcome(one.id, b""), around()) for one in QUESTIONS]
    for server in SERVERS:
        put_collected(
            store,
            begun.id,
            server.id,
            asked,
            family=Family.DEBIAN,
            system="Debian 12",
            cpu_ms=0,
            now=NOW,
        )
    yield store, begun
    store.close()


def questions_open(store, audit_id):
    against = read_whole(store, audit_id, NOW.date()).against_signing(load_catalogue().checks)
    return [one.key for one in against if "wants an answer" in one.words]


def decide(location, *words):
    return main(["audit", "decide", *words, "--store", str(location)])


def test_each_question_stands_against_signing_on_each_server_until_it_is_answered(begun, location):
    store, audit = begun
    assert len(questions_open(store, audit.id)) == len(SERVERS) * len(QUESTIONS)

    for one in QUESTIONS:
        assert decide(location, one.id, "answered", "--reason", "looked at, well") == 0

    assert questions_open(store, audit.id) == []


def test_an_answer_says_when_who_looked_and_what_was_found(begun, location):
    store, audit = begun
    words = ["--owner", "carla", "--on", "2026-11-12", "--reason", "shop1 restored in 4 min"]

    assert decide(location, "PPL-01", "answered", "--server", "web1", *words) == 0

    (one,) = decisions_of(store, audit.id)
    assert (one.server_id, one.reason) == (1, "2026-11-12, carla: shop1 restored in 4 min")
    assert len(questions_open(store, audit.id)) == len(SERVERS) * len(QUESTIONS) - 1


def test_nobody_looked_on_a_day_to_come(begun, location, capsys):
    store, audit = begun

    assert decide(location, "PPL-01", "answered", "--on", "2099-01-01", "--reason", "x") == 1

    assert "is to come" in capsys.readouterr().err
    assert decisions_of(store, audit.id) == []


def test_an_answer_without_words_is_none(begun, location):
    store, audit = begun

    assert decide(location, "PPL-01", "answered") == 1

    assert decisions_of(store, audit.id) == []


def test_a_server_answered_for_as_a_whole_is_not_asked_its_questions(begun, location):
    store, audit = begun

    assert decide(location, "all", "answered", "--server", "web1", "--reason", "off") == 0

    assert {server for server, _, _ in questions_open(store, audit.id)} == {2}
