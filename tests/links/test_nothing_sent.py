"""Before a host key is known nothing but the key exchange leaves this machine."""

import logging
import secrets
import subprocess
import traceback

import paramiko
import pytest

from noc_console.fleet.failure import FailureKind
from noc_console.fleet.server import Authentication
from tests.links.conftest import knowing
from tests.links.connecting import failure_of, open_to
from tests.links.odd_server import Odd, odd_server
from tests.links.relay import NEW_KEYS, messages_in_clear, relay_to
from tests.sshd import make_key

KEY_EXCHANGE = {20, 30, NEW_KEYS}  # KEXINIT, KEX_ECDH_INIT (RFC 4253, RFC 5656)


def unknown(_sshd, _tmp_path):
    return knowing()


def changed(_sshd, tmp_path):
    return knowing(make_key(tmp_path / "other").with_suffix(".pub").read_text())


def revoked(sshd, tmp_path):
    path = tmp_path / "known_hosts"
    path.write_text(f"@revoked * {sshd.host_key_line}\n")
    return knowing(sshd.host_key_line, files=(path,))


@pytest.mark.parametrize(
    ("known", "kind"),
    [
        (unknown, FailureKind.HOST_KEY_UNKNOWN),
        (changed, FailureKind.HOST_KEY_CHANGED),
        (revoked, FailureKind.HOST_KEY_REVOKED),
    ],
)
def test_not_a_byte_follows_the_key_exchange(sshd, tmp_path, known, kind):
    with relay_to(sshd) as (relay, server):
        failure = failure_of(sshd, server=server, known=known(sshd, tmp_path))

    assert failure.kind is kind
    numbers, after = messages_in_clear(relay.sent)
    assert {20, 30} <= set(numbers) <= KEY_EXCHANGE  # the last, 21, may be cut off by the end
    assert after == b""
    for fingerprint in (failure.fingerprint, failure.known_fingerprint):
        assert fingerprint in failure.sentence


def test_a_known_key_is_what_lets_a_login_follow(sshd):
    with relay_to(sshd) as (relay, server), open_to(sshd, server=server):
        pass

    assert messages_in_clear(relay.sent)[1] != b""


def test_another_host_key_at_a_renewal_of_keys_ends_the_connection(tmp_path):
    with (
        odd_server(tmp_path, Odd()) as (server, known, transports),
        open_to(None, server=server, known=known, secrets=lambda *_: "x") as connection,
    ):
        other = make_key(tmp_path / "other")
        transports[0].add_server_key(paramiko.Ed25519Key.from_private_key_file(str(other)))
        with pytest.raises((EOFError, paramiko.SSHException)):
            transports[0].renegotiate_keys()
        assert not connection._transports[-1].is_active()


def test_no_secret_is_told_in_a_failure_a_log_or_a_process(sshd, caplog, tmp_path):
    key = make_key(tmp_path / "key", passphrase="correct horse")
    secret = secrets.token_hex(8)
    caplog.set_level(logging.DEBUG)
    texts = []
    for server in (
        sshd.server(authentication=Authentication.PASSWORD),
        sshd.server(authentication=Authentication.KEYBOARD_INTERACTIVE),
        sshd.server(key_file=str(key)),
    ):
        with (
            pytest.raises(Exception, match="web") as caught,
            open_to(sshd, server=server, secrets=lambda *_: secret),
        ):
            pass
        texts += traceback.format_exception(caught.value)
        texts.append(repr(caught.value.failure))
    texts.append(caplog.text)
    texts.append(subprocess.check_output(["ps", "-ww", "-eo", "args"], text=True))

    assert secret not in "".join(texts)
