"""A server that is lost, frozen or at its limit while we log in, and while a shell is started."""

import queue
import threading
import time
from contextlib import closing, contextmanager

import paramiko
import pytest

from noc_console.fleet.failure import FailureKind
from noc_console.fleet.server import Authentication
from noc_console.links.ssh import LinkFailure
from tests.links.connecting import failure_of, open_to
from tests.links.odd_server import Odd, odd_server
from tests.links.relay import relay_to
from tests.promised import assert_promised
from tests.sshd import make_key

PASSWORD = Authentication.PASSWORD


def at(name, act):
    """Give an `on_step` that does something when a step was told."""
    return lambda step: act() if step.name == name else None


@contextmanager
def within(seconds):
    started_s = time.monotonic()
    yield
    assert time.monotonic() - started_s < seconds


def test_a_server_that_freezes_while_we_log_in_is_not_said_to_refuse_us(sshd):
    with within(30):
        try:
            failure = failure_of(sshd, on_step=at("host key", sshd.pause))
        finally:
            sshd.resume()

    assert failure.kind is FailureKind.TIMED_OUT
    assert "does not answer our login" in failure.sentence


def test_a_connection_that_is_reset_while_we_log_in_is_lost_and_not_refused(sshd):
    with relay_to(sshd) as (relay, server), within(30):
        failure = failure_of(sshd, server=server, on_step=at("host key", relay.reset))

    assert failure.kind is FailureKind.CONNECTION_LOST
    assert "while we logged in" in failure.sentence


def test_a_server_that_ends_the_login_is_quoted(unstarted, tmp_path):
    unstarted.options = {"MaxAuthTries": "1"}
    sshd = unstarted.start()

    failure = failure_of(sshd, server=sshd.server(key_file=str(make_key(tmp_path / "other"))))

    assert failure.kind is FailureKind.AUTHENTICATION_FAILED
    assert "said: Too many authentication failures" in failure.sentence


def test_a_server_that_wants_a_second_proof_says_so_and_is_not_taken_for_open(unstarted):
    unstarted.options = {
        "AuthenticationMethods": "publickey,password",
        "PasswordAuthentication": "yes",
    }
    sshd = unstarted.start()

    failure = failure_of(sshd)

    assert failure.kind is FailureKind.AUTHENTICATION_FAILED
    assert "AuthenticationMethods" in failure.sentence


def shell_failure(connection):
    with pytest.raises(LinkFailure) as caught:
        connection.open_stream(b"echo\n", lambda _content: None, lambda _failure: None)
    assert_promised(caught.value.failure)
    return caught.value.failure


def test_a_server_that_freezes_after_the_login_gives_no_shell_in_bounded_time(sshd):
    with open_to(sshd) as connection:
        sshd.pause()
        try:
            with within(30):
                failure = shell_failure(connection)
            with within(30), pytest.raises(LinkFailure):
                connection.run(b"echo\n", deadline_s=3, max_bytes=100)
        finally:
            sshd.resume()

    assert failure.kind is FailureKind.STOPPED_ANSWERING
    assert "let us in and then stopped answering" in failure.sentence


def test_a_server_that_never_answers_the_request_for_a_shell_is_given_up(tmp_path):
    with (
        odd_server(tmp_path, Odd()) as (server, known, _),
        open_to(None, server=server, known=known, secrets=lambda *_: "x") as connection,
        within(30),
    ):
        failure = shell_failure(connection)

    assert failure.kind is FailureKind.STOPPED_ANSWERING


def test_a_connection_lost_before_the_shell_is_said_to_be_lost(sshd):
    with relay_to(sshd) as (relay, server), open_to(sshd, server=server) as connection:
        relay.reset()

        assert shell_failure(connection).kind is FailureKind.CONNECTION_LOST


def test_the_limit_of_sessions_is_said(unstarted):
    unstarted.options = {"MaxSessions": "1"}
    sshd = unstarted.start()

    with (
        open_to(sshd) as connection,
        closing(connection.open_stream(b"cat\n", lambda _: None, lambda _: None)),
    ):
        failure = shell_failure(connection)

    assert failure.kind is FailureKind.SHELL_REFUSED
    assert "MaxSessions" in failure.sentence


def test_a_command_whose_server_is_lost_has_no_outcome(sshd):
    with relay_to(sshd) as (relay, server), open_to(sshd, server=server) as connection:
        timer = threading.Timer(0.5, relay.reset)
        timer.start()
        with within(30), pytest.raises(LinkFailure) as caught:
            connection.run(b"sleep 60\n", deadline_s=20, max_bytes=100)
        timer.join()

    assert caught.value.failure.kind is FailureKind.CONNECTION_LOST


def test_a_command_whose_server_freezes_ends_at_its_deadline(sshd):
    with open_to(sshd) as connection:
        timer = threading.Timer(0.3, sshd.pause)
        timer.start()
        try:
            with within(30):
                result = connection.run(b"sleep 60\n", deadline_s=2, max_bytes=100)
        finally:
            timer.join()
            sshd.resume()

    assert result.truncated


class Shouting(Odd):
    """Names what it allows with an escape sequence in it, and lets nobody in."""

    def get_allowed_auths(self, _username):
        return "\x1b[2J\x1b]0;owned\x07"

    def check_auth_password(self, _username, _password):
        return paramiko.AUTH_FAILED


def test_what_a_server_names_as_allowed_is_made_inert(tmp_path):
    with odd_server(tmp_path, Shouting()) as (server, known, _):
        failure = failure_of(None, server=server, known=known, secrets=lambda *_: "x")

    assert failure.kind is FailureKind.AUTHENTICATION_FAILED
    assert failure.sentence.isprintable()


def test_streams_go_on_through_many_renewals_of_keys(unstarted):
    unstarted.options = {"RekeyLimit": "64K"}
    sshd = unstarted.start()
    arrived: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    script = b"{ echo READY; while read -r line; do head -c 500000 /dev/zero; done; }\n"

    with open_to(sshd) as connection:
        stream = connection.open_stream(script, arrived.put, lambda _failure: arrived.put(b""))
        assert arrived.get(timeout=10) == b"READY\n"
        for _ in range(6):
            while not stream.send(b"more\n"):  # while keys are renewed nothing is taken
                threading.Event().wait(0.02)
            left = 500_000
            while left:
                left -= len(arrived.get(timeout=20))

    assert sshd.log.count("Accepted publickey") == 1


def test_errors_without_end_end_the_stream_too(sshd):
    failures = []
    done = threading.Event()

    def end(failure):
        failures.append(failure)
        done.set()

    with open_to(sshd) as connection:
        connection.open_stream(
            b"{ while :; do echo shouting >&2; done; }\n", lambda _content: None, end
        )
        assert done.wait(20)

    assert failures[0].kind is FailureKind.OUTPUT_TOO_LONG
