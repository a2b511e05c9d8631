"""Who is told, from the command line: added, listed, tested, removed; secrets by input only."""

from contextlib import closing
from datetime import UTC, datetime

import pytest

from noc_console.health.delivery.credential import look_up
from noc_console.health.delivery.delivery_records import recover
from noc_console.health.delivery.recipient_records import get_recipient
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store
from tests.cli.running import engine, wait_for
from tests.health.alarms import raise_alarm
from tests.health.telling import plan, take
from tests.receiver import Receiver

URL = "json://noc:sesame@127.0.0.1:1/hook"


@pytest.fixture
def opened(tmp_path):
    """Give a way to open the store of the commands."""

    def give():
        return closing(open_store(StoreLocation.parse(str(tmp_path / "store"))))

    return give


def test_a_recipient_is_added_listed_changed_and_removed(say):
    told = say("recipient", "add", "Anna", "--mail", "anna@example.com", "--zone", "UTC")
    assert (told.code, told.out.split(".")[0]) == (0, "Added Anna")
    say("recipient", "edit", "Anna", "--after", "15", "--quiet", "22:00-07:00", "--pause")

    (one,) = say("recipient", "list", "--json").json["recipients"]
    assert one == {
        "id": one["id"],
        "name": "Anna",
        "way": "mail",
        "address": "anna@example.com",
        "secret": "",
        "after_minutes": 15,
        "repeat_minutes": 0,
        "from": "early",
        "on_call": "",
        "quiet": "22:00-07:00",
        "zone": "UTC",
        "paused": True,
    }
    shown = say("recipient", "list").out
    assert "after 15 min" in shown
    assert "Nobody is told of anything" in shown
    assert "No mail server is set" in shown
    assert say("recipient", "remove", "Anna", "--yes").code == 0
    assert "Nobody is told of alarms yet" in say("recipient", "list").out


def test_a_chats_address_comes_by_input_and_is_never_shown(say, ring, opened):
    told = say("recipient", "add", "Phone", "--chat-stdin", typed=URL)
    assert told.code == 0, told.err
    listed = say("recipient", "list", "--json")

    with opened() as store:
        assert look_up(get_recipient(store, "Phone").secret, what="address") == URL
    assert "sesame" not in listed.out + told.out
    say("recipient", "remove", "Phone", "--yes")
    assert ring.kept == {}


@pytest.mark.parametrize(
    ("words", "typed", "code", "sentence"),
    [
        ((), "", 2, "Say how they are told"),
        (("--mail", "nobody"), "", 1, "is no e-mail address"),
        (("--chat-stdin",), "", 1, "gave no address"),
        (("--chat-stdin",), "nonsense", 1, "no address of a chat"),
        (("--chat-from", "/etc/x"), "", 1, "file:/path or env:NAME"),
        (("--chat-from", URL), "", 1, "file:/path or env:NAME"),
        (("--mail", "a@b.org", "--quiet", "night"), "", 1, "are no hours"),
        (("--mail", "a@b.org", "--zone", "Mars"), "", 1, "no time zone"),
        (("--mail", "a@b.org", "--chat-stdin"), "", 2, "not allowed with"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_nothing_is_kept(
    say, ring, words, typed, code, sentence
):
    told = say("recipient", "add", "Anna", *words, typed=typed)

    assert told.code == code
    assert sentence in told.err
    assert say("recipient", "list", "--json").json == {"recipients": []}
    assert ring.kept == {}


def test_the_mail_server_is_set_changed_and_shown_without_its_password(say, ring):
    assert "No mail server is set" in say("recipient", "mail-server").out
    told = say(
        *("recipient", "mail-server", "--host", "smtp.example.com", "--from", "noc@example.com"),
        *("--user", "noc", "--password-stdin"),
        typed="hunter2",
    )
    assert told.code == 0, told.err
    say("recipient", "mail-server", "--security", "tls")
    shown = say("recipient", "mail-server", "--json").json["mail_server"]

    assert (shown["port"], shown["security"], shown["user"]) == (465, "tls", "noc")
    assert "hunter2" not in str(shown) + told.out
    assert len(ring.kept) == 1
    say("recipient", "mail-server", "--user", "")
    assert ring.kept == {}
    assert say("recipient", "mail-server", "--host", "x", "--user", "u").code == 1


def test_without_an_engine_the_test_is_sent_here(say, monkeypatch):
    with closing(Receiver()) as receiver:
        monkeypatch.setenv("NOC_TEST_URL", receiver.url)
        say("recipient", "add", "Phone", "--chat-from", "env:NOC_TEST_URL")
        told = say("recipient", "test", "Phone")
        said = say("recipient", "test", "Phone", "--json").json
        receiver.status = 403
        failed = say("recipient", "test", "Phone")
        heard = len(receiver.heard)

    assert told.code == 0, told.err
    assert "no engine is running" in told.out
    assert [step["name"] for step in said["steps"]] == ["secret", "address", "message"]
    assert heard == 2
    assert failed.code == 1
    assert "did not take the message" in failed.err


def test_the_engine_sends_the_test_where_one_lives(say, tmp_path, monkeypatch):
    with closing(Receiver()) as receiver:
        monkeypatch.setenv("NOC_TEST_URL", receiver.url)
        say("recipient", "add", "Phone", "--chat-from", "env:NOC_TEST_URL")
        with engine(tmp_path / "log"):
            wait_for(lambda: "Watching" in (tmp_path / "log").read_text())
            told = say("recipient", "test", "Phone", "--json")

    assert told.code == 0, told.err
    assert told.json["tested_by"].startswith("the engine on")
    assert receiver.heard[0]["title"] == "[noc-console] Test: this way works"


def test_a_message_in_doubt_is_listed_first_and_decided(say, opened):
    say("recipient", "add", "Anna", "--mail", "anna@example.com")
    now = datetime.now(UTC)
    with opened() as store:
        raise_alarm(store, "load5", raised_at=now)
        plan(store, now)
        take(store, now)
        recover(store, now)

    (one,) = say("recipient", "log", "--json").json["messages"]
    assert (one["to"], one["state"], one["tries"]) == ("Anna", "in doubt", 1)
    assert "in doubt" in say("recipient", "log").out
    assert say("recipient", "again", one["id"]).code == 0
    assert say("recipient", "leave", one["id"]).code == 1
    (again,) = say("recipient", "log", "--json").json["messages"]
    assert again["state"] == "queued"


def test_an_unknown_name_names_those_there_are(say):
    say("recipient", "add", "Anna", "--mail", "anna@example.com")

    for act in ("edit", "remove", "test"):
        told = say("recipient", act, "Bert")
        assert told.code == 1
        assert "there is Anna" in told.err
