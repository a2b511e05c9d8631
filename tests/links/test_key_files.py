import os
import subprocess

import pytest

from noc_console.fleet.failure import FailureKind
from noc_console.fleet.secrets import KeyringUnavailable
from tests.links.connecting import (
    assert_no_login_was_tried,
    failure_of,
    open_to,
)
from tests.sshd import make_key


@pytest.mark.parametrize("kind", ["rsa", "ecdsa", "ed25519"])
def test_every_usual_kind_of_key_logs_in(sshd, tmp_path, kind):
    key = make_key(tmp_path / "key", kind=kind)
    (sshd.folder / "authorized_keys").write_text(key.with_suffix(".pub").read_text())

    with open_to(sshd, server=sshd.server(key_file=str(key))) as connection:
        assert "(key)" in connection.facts.authenticated_with


def test_a_key_with_a_passphrase_takes_it_from_the_keyring(sshd, tmp_path):
    key = make_key(tmp_path / "key", passphrase="open sesame")
    (sshd.folder / "authorized_keys").write_text(key.with_suffix(".pub").read_text())
    server = sshd.server(key_file=str(key))

    with open_to(sshd, server=server, secrets=lambda *_: "open sesame"):
        pass
    missing = failure_of(sshd, server=server)
    wrong = failure_of(sshd, server=server, secrets=lambda *_: "wrong")

    assert (missing.kind, wrong.kind) == (FailureKind.KEY_UNUSABLE, FailureKind.KEY_UNUSABLE)
    assert "passphrase that the keyring does not hold" in missing.sentence
    assert "wrong" in wrong.sentence


def test_a_key_with_a_passphrase_says_why_it_needs_a_keyring(sshd, tmp_path):
    key = make_key(tmp_path / "key", passphrase="open sesame")

    def unavailable(_name, _kind):
        raise KeyringUnavailable

    failure = failure_of(sshd, server=sshd.server(key_file=str(key)), secrets=unavailable)

    assert failure.kind is FailureKind.KEYRING_UNAVAILABLE
    assert f"the key {key} has a passphrase. The system's keyring" in failure.sentence


def test_a_key_the_server_does_not_know_is_refused(sshd, tmp_path):
    stranger = make_key(tmp_path / "stranger")

    failure = failure_of(sshd, server=sshd.server(key_file=str(stranger)))

    assert failure.kind is FailureKind.AUTHENTICATION_FAILED
    assert "key file" in failure.sentence


@pytest.mark.parametrize("content", [None, b"", b"hello", os.urandom(600)])
def test_a_file_that_is_no_key_is_said(sshd, tmp_path, content):
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content)

    failure = failure_of(sshd, server=sshd.server(key_file=str(path)))

    assert failure.kind is FailureKind.KEY_UNUSABLE
    assert str(path) in failure.sentence


def sign_user_key(sshd, authority, *options):
    subprocess.run(
        [
            "ssh-keygen",
            "-q",
            "-s",
            authority,
            "-I",
            "me",
            "-n",
            sshd.server().user,
            *options,
            sshd.key.with_suffix(".pub"),
        ],
        check=True,
        capture_output=True,
    )
    sshd.options = {"TrustedUserCAKeys": str(authority.with_suffix(".pub"))}
    (sshd.folder / "authorized_keys").write_text("")
    return sshd.start()


def test_an_openssh_certificate_beside_the_key_logs_in(unstarted, authority):
    sshd = sign_user_key(unstarted, authority)

    with open_to(sshd) as connection:
        assert "(certificate)" in connection.facts.authenticated_with


def test_an_expired_certificate_is_said_before_anything_is_tried(unstarted, authority):
    sshd = sign_user_key(unstarted, authority, "-V", "20200101:20200201")

    failure = failure_of(sshd)

    assert failure.kind is FailureKind.CERTIFICATE_EXPIRED
    assert_no_login_was_tried(sshd)
