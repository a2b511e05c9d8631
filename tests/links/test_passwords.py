import os
import subprocess

import pytest

from noc_console.fleet.failure import FailureKind
from noc_console.fleet.secrets import KeyringUnavailable
from noc_console.fleet.server import Authentication
from tests.links.connecting import (
    failure_of,
    open_to,
)


def test_a_keyring_that_cannot_be_used_is_said(sshd):
    def unavailable(_name, _kind):
        raise KeyringUnavailable

    server = sshd.server(authentication=Authentication.PASSWORD)
    failure = failure_of(sshd, server=server, secrets=unavailable)

    assert failure.kind is FailureKind.KEYRING_UNAVAILABLE


@pytest.fixture(scope="module")
def user_with_password():
    name = f"noct{os.getpid() % 100000}"
    subprocess.run(["useradd", "-m", "-s", "/bin/sh", name], check=True)
    subprocess.run(["chpasswd"], input=f"{name}:right horse", text=True, check=True)
    yield name
    subprocess.run(["userdel", "-r", name], check=True, capture_output=True)


@pytest.fixture
def asking(unstarted):
    unstarted.options = {"PasswordAuthentication": "yes", "PubkeyAuthentication": "no"}
    return unstarted.start()


def test_a_password_logs_in_and_a_wrong_one_does_not(asking, user_with_password):
    server = asking.server(user=user_with_password, authentication=Authentication.PASSWORD)

    with open_to(asking, server=server, secrets=lambda *_: "right horse") as connection:
        assert connection.facts.authenticated_with == "password"
    wrong = failure_of(asking, server=server, secrets=lambda *_: "wrong horse")
    missing = failure_of(asking, server=server)

    assert wrong.kind is FailureKind.AUTHENTICATION_FAILED
    assert "wrong horse" not in wrong.sentence
    assert "keyring of this machine holds no password" in missing.sentence


def test_questions_are_answered_with_the_password(unstarted, user_with_password):
    unstarted.options = {
        "UsePAM": "yes",
        "KbdInteractiveAuthentication": "yes",
        "PubkeyAuthentication": "no",
    }
    sshd = unstarted.start()
    server = sshd.server(
        user=user_with_password, authentication=Authentication.KEYBOARD_INTERACTIVE
    )

    with open_to(sshd, server=server, secrets=lambda *_: "right horse") as connection:
        assert connection.facts.authenticated_with == "keyboard-interactive (1 questions)"


def test_what_the_server_allows_is_named(asking):
    failure = failure_of(asking)

    assert failure.kind is FailureKind.AUTHENTICATION_FAILED
    assert "it allows: password" in failure.sentence
