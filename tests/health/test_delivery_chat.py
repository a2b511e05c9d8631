"""A chat is reached through apprise and a real HTTP receiver; its secrets are never told."""

import logging
import os
from contextlib import closing

import pytest

from noc_console.health.delivery.chat import InvalidChat, masked, send_chat, without_secrets
from noc_console.health.delivery.credential import SecretMissing, check_reference, look_up
from noc_console.health.delivery.sending import SendFailed
from noc_console.health.delivery.text import Message
from tests.receiver import Receiver

SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general"
TEXT = Message(subject="[noc-console] DOWN web1: gone", body="DOWN web1: gone\n")


@pytest.fixture
def receiver():
    with closing(Receiver()) as listening:
        yield listening


def send(url):
    steps, before = [], []
    try:
        said = send_chat(TEXT, url, steps.append, lambda: before.append(1))
    except SendFailed as failure:
        return failure, steps
    assert before == [1]
    return said, steps


def test_a_message_arrives_with_title_and_lines(receiver):
    said, steps = send(receiver.url)

    assert said == "JSON took the message"
    assert [(step.name, step.ok) for step in steps] == [("address", True), ("message", True)]
    assert receiver.heard[0]["title"] == TEXT.subject
    assert receiver.heard[0]["message"].rstrip() == "DOWN web1: gone"


def test_a_refusal_is_told_with_its_reason_and_without_the_secret(receiver, caplog):
    receiver.status = 403
    with caplog.at_level(logging.DEBUG):
        failure, steps = send(receiver.url)

    assert "JSON did not take the message" in failure.sentence
    assert "403" in failure.sentence
    assert not failure.is_final
    assert steps[-1].ok is False
    assert "sesame" not in failure.sentence + caplog.text


def test_a_receiver_that_is_away_is_a_failure_to_try_again():
    with closing(Receiver()) as gone:
        url = gone.url
    failure, _ = send(url)

    assert not failure.is_final
    assert "sesame" not in failure.sentence


@pytest.mark.parametrize("url", ["nonsense", "", "exec://rm", "http://example.com/x", "slack://"])
def test_what_is_no_chat_is_refused_without_repeating_it(url):
    with pytest.raises(InvalidChat) as refused:
        masked(url)
    assert url not in refused.value.sentence or not url


def test_an_address_is_shown_masked():
    shown = masked(SLACK)

    assert shown.startswith("Slack: slack://")
    for secret in ("T1JJ3T3L2", "A1BRTD4JD", "TIiajkdnlazkcOXrIdevi7FQ"):
        assert secret not in shown
    assert "sesame" not in masked("json://noc:sesame@127.0.0.1:80/hook")


def test_parts_of_the_address_are_taken_out_of_what_is_said():
    said = without_secrets("POST https://hooks/TIiajkdnlazkcOXrIdevi7FQ failed: 403", SLACK)

    assert said == "POST https://hooks/**** failed: 403"


def test_a_secret_is_found_in_a_file_only_its_owner_may_read(tmp_path, monkeypatch):
    file = tmp_path / "url"
    file.write_text("json://x\n")
    file.chmod(0o600)
    monkeypatch.setenv("NOC_TEST_URL", "json://y")

    assert look_up(f"file:{file}", what="address") == "json://x"
    assert look_up("env:NOC_TEST_URL", what="address") == "json://y"
    file.chmod(0o644)
    with pytest.raises(SecretMissing, match="chmod 600"):
        look_up(f"file:{file}", what="address")
    file.unlink()
    with pytest.raises(SecretMissing, match="cannot be read"):
        look_up(f"file:{file}", what="address")
    with pytest.raises(SecretMissing, match="NOC_TEST_OTHER"):
        look_up("env:NOC_TEST_OTHER", what="address")


@pytest.mark.parametrize("reference", ["", "hunter2", "file:relative", "env:A B", "keyring:a/b"])
def test_a_secret_in_place_of_a_reference_is_refused_and_not_repeated(reference):
    with pytest.raises(SecretMissing) as refused:
        check_reference(reference)
    assert not reference or reference not in refused.value.sentence


def test_a_keyring_that_cannot_be_used_names_the_other_way(monkeypatch):
    import keyring
    from keyring.backends.fail import Keyring

    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())
    try:
        with pytest.raises(SecretMissing, match="file:/path"):
            look_up("keyring:chat-1", what="address")
    finally:
        keyring.set_keyring(before)
    assert "NOC_TEST_URL" not in os.environ
