"""Channels from the command line: added, tested, changed, removed; secrets by input only."""

import pytest

from tests.cli.running import engine, wait_for
from tests.notices.fakes.fake_mastodon import TOKEN, FakeMastodon
from tests.notices.fakes.fake_x import KEYS, FakeX
from tests.postfix import PASSWORD, USER, Postfix, skip_without_root


@pytest.fixture
def mastodon():
    server = FakeMastodon()
    yield server
    server.close()


def test_a_channel_is_added_listed_changed_and_removed(say, ring, mastodon):
    told = say(
        *("channel", "add", "Mastodon", "mastodon", "--set", f"address={mastodon.url}"),
        *("--language", "de", "--brand", "Acme", "--secret-stdin"),
        typed=TOKEN,
    )
    assert told.code == 0, told.err
    say(
        "channel", "edit", "Mastodon", "--set", "visibility=unlisted", "--name", "Social", "--pause"
    )

    (one,) = say("channel", "list", "--json").json["channels"]
    assert one == {
        "id": one["id"],
        "name": "Social",
        "kind": "mastodon",
        "settings": {"address": mastodon.url, "visibility": "unlisted"},
        "secret": one["secret"],
        "brand": "Acme",
        "language": "de",
        "paused": True,
        "tested_at": None,
        "test_went_well": None,
        "test_said": "",
    }
    assert TOKEN not in str(one) + told.out
    assert "paused" in say("channel", "list").out
    say("channel", "edit", "Social", "--set", "visibility=", "--resume")
    (one,) = say("channel", "list", "--json").json["channels"]
    assert (one["settings"], one["paused"]) == ({"address": mastodon.url}, False)
    assert say("channel", "remove", "Social", "--yes").code == 0
    assert ring.kept == {}
    assert "There is no channel yet" in say("channel", "list").out


@pytest.mark.parametrize(
    ("words", "typed", "code", "sentence"),
    [
        (("mastodon",), "", 1, "Mastodon needs address"),
        (("mastodon", "--set", "address=http://example.com"), "", 1, "give https://"),
        (("mastodon", "--set", "address=nonsense"), "", 1, "is an address such as"),
        (("mastodon", "--set", "colour=red"), "", 1, "has no setting 'colour'"),
        (("mastodon", "--set", "address"), "", 2, "NAME=VALUE"),
        (("mastodon", "--set", "address=https://a.example", "--set", "most=many"), "", 1, "whole"),
        (("mastodon", "--set", "address=https://a.example", "--secret-stdin"), "", 1, "gave no"),
        (("x", "--secret-stdin"), "only two", 1, "API key secret"),
        (("x", "--secret-from", "/etc/x"), "", 1, "file:/path or env:NAME"),
        (("clipboard", "--set", "page=https://a.example", "--secret-stdin"), "x", 2, "no secret"),
        (("static-site", "--set", "address=https://a.example"), "", 1, "needs folder"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_nothing_is_kept(
    say, ring, words, typed, code, sentence
):
    told = say("channel", "add", "News", *words, typed=typed)

    assert told.code == code
    assert sentence in told.err
    assert say("channel", "list", "--json").json == {"channels": []}
    assert ring.kept == {}


def test_a_test_tells_each_step_and_what_it_came_to_is_kept(say, ring, mastodon):
    say(
        *("channel", "add", "Mastodon", "mastodon", "--set", f"address={mastodon.url}"),
        "--secret-stdin",
        typed=TOKEN,
    )
    told = say("channel", "test", "Mastodon")
    assert told.code == 0, told.err
    assert "login" in told.out
    assert "no engine is running" in told.out
    assert mastodon.posts == []

    mastodon.scopes = ["read"]
    failed = say("channel", "test", "Mastodon")
    assert failed.code == 1
    assert "write:statuses" in failed.err
    (one,) = say("channel", "list", "--json").json["channels"]
    assert one["test_went_well"] is False
    assert "write:statuses" in one["test_said"]


def test_the_four_parts_of_a_secret_are_typed_in_one_line(say, ring):
    server = FakeX()
    try:
        say(
            *("channel", "add", "X", "x", "--set", f"address={server.url}", "--secret-stdin"),
            typed=" ".join(KEYS),
        )
        told = say("channel", "test", "X", "--json")
    finally:
        server.close()

    assert told.code == 0, told.err
    assert [step["ok"] for step in told.json["steps"]] == [True, True]
    assert told.json["sentence"] == "X: @example can be posted to; nothing was posted."


def test_a_channel_without_its_secret_says_how_to_give_it(say, ring, mastodon):
    said = say("channel", "add", "Social", "mastodon", "--set", f"address={mastodon.url}")
    told = say("channel", "test", "Social")

    assert "channel edit Social --secret-stdin" in said.out
    assert told.code == 1
    assert "noc-console channel edit" in told.err


def test_the_engine_tests_where_one_lives(say, tmp_path, monkeypatch, mastodon):
    monkeypatch.setenv("NOC_TEST_TOKEN", TOKEN)
    say(
        *("channel", "add", "Social", "mastodon", "--set", f"address={mastodon.url}"),
        *("--secret-from", "env:NOC_TEST_TOKEN"),
    )
    with engine(tmp_path / "log"):
        wait_for(lambda: "Watching" in (tmp_path / "log").read_text())
        told = say("channel", "test", "Social", "--json")

    assert told.code == 0, told.err
    assert told.json["tested_by"].startswith("the engine on")
    assert [step["name"] for step in told.json["steps"]][:2] == ["login", "rights"]


def test_a_channel_of_mail_is_tested_up_to_its_sender_and_no_mail_goes(say, ring, monkeypatch):
    skip_without_root()
    postfix = Postfix()
    try:
        postfix.start()
        monkeypatch.setenv("SSL_CERT_FILE", str(postfix.certificate))
        settings = {
            "host": postfix.host,
            "port": str(postfix.port),
            "user": USER,
            "sender": "noc@example.com",
        }
        words = [word for pair in settings.items() for word in ("--set", "=".join(pair))]
        said = say("channel", "add", "Mail", "email", *words, "--secret-stdin", typed=PASSWORD)
        told = say("channel", "test", "Mail")
        say("channel", "edit", "Mail", "--secret-stdin", typed="wrong")
        wrong = say("channel", "test", "Mail")
        mails = postfix.mails()
    finally:
        postfix.remove()

    assert said.code == 0, said.err
    assert told.code == 0, told.err
    assert "takes mail from noc@example.com" in told.out
    assert wrong.code == 1
    assert "refuses the login" in wrong.err
    assert mails == []


def test_the_kinds_say_what_each_can_be_set_to(say):
    told = say("channel", "kinds")
    (one,) = say("channel", "kinds", "x", "--json").json["kinds"]

    assert "static-site" in told.out
    assert one["secret"] == ["API key", "API key secret", "access token", "access token secret"]


def test_a_preview_shows_what_a_channel_would_make_of_a_notice(say, ring):
    settings = ("--set", "full_text_at=https://status.example.com/{notice}")
    assert say("channel", "add", "X", "x", *settings).code == 0
    made = say(
        *("notice", "new", "--title", "Kernel update", "--start", "Sat 2030-12-07 02:00"),
        *("--minutes", "45", "--zone", "Europe/Berlin", "--json"),
    )
    assert made.code == 0, made.err
    told = say("channel", "preview", "X", 1)

    assert told.code == 0, told.err
    assert "of 280]" in told.out
    assert "https://status.example.com/" in told.out
