import base64
import os
import socket
import struct
import subprocess
import threading
from contextlib import closing, suppress
from dataclasses import replace

import pytest

from noc_console.fleet.failure import FailureKind
from noc_console.fleet.server import Authentication
from tests.links.connecting import failure_of, open_to
from tests.sshd import make_key


def test_the_agent_logs_in_with_the_key_that_fits(sshd, agent, tmp_path):
    for number in range(3):
        key = make_key(tmp_path / f"other{number}")
        subprocess.run(["ssh-add", "-q", key], check=True)
    subprocess.run(["ssh-add", "-q", sshd.key], check=True)

    with open_to(sshd, server=sshd.server(authentication=Authentication.AGENT)) as connection:
        assert "from the agent" in connection.facts.authenticated_with


def test_of_many_keys_in_the_agent_the_chosen_one_goes_first(sshd, agent, tmp_path):
    for number in range(8):
        subprocess.run(["ssh-add", "-q", make_key(tmp_path / f"other{number}")], check=True)
    subprocess.run(["ssh-add", "-q", sshd.key], check=True)
    server = sshd.server(authentication=Authentication.AGENT)

    with open_to(sshd, server=server):
        pass
    failure = failure_of(sshd, server=replace(server, key_file=""))

    assert failure.kind is FailureKind.AUTHENTICATION_FAILED


def test_no_agent_is_said(sshd, monkeypatch):
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)

    failure = failure_of(sshd, server=sshd.server(authentication=Authentication.AGENT))

    assert failure.kind is FailureKind.AGENT_MISSING
    assert "started where there is no ssh-agent" in failure.sentence


@pytest.mark.parametrize("leaves_its_socket", [False, True])
def test_an_agent_that_died_is_told_apart_from_none(sshd, monkeypatch, tmp_path, leaves_its_socket):
    path = tmp_path / "gone"
    if leaves_its_socket:
        with socket.socket(socket.AF_UNIX) as sock:
            sock.bind(str(path))
    monkeypatch.setenv("SSH_AUTH_SOCK", str(path))

    failure = failure_of(sshd, server=sshd.server(authentication=Authentication.AGENT))

    assert failure.kind is FailureKind.AGENT_MISSING
    assert f"the ssh-agent at {path} is gone; start noc-console again" in failure.sentence


def test_a_locked_agent_has_no_keys(sshd, agent, tmp_path):
    subprocess.run(["ssh-add", "-q", sshd.key], check=True, capture_output=True)
    word = tmp_path / "word"
    word.write_text("#!/bin/sh\necho word\n")
    word.chmod(0o755)
    ask = {"SSH_ASKPASS": str(word), "SSH_ASKPASS_REQUIRE": "force", "DISPLAY": ":none"}
    subprocess.run(
        ["ssh-add", "-x"],
        env=os.environ | ask,
        check=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
    )

    failure = failure_of(sshd, server=sshd.server(authentication=Authentication.AGENT))

    assert failure.kind is FailureKind.AGENT_MISSING
    assert "holds no key, or is locked" in failure.sentence


class SilentAgent:
    """Answers the first requests of a client as told, and then nothing."""

    def __init__(self, path, answers):
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(path))
        self._listening.listen()
        self._answers = answers
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self):
        self._stop.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listening.close()

    def _serve(self):
        with suppress(OSError):
            sock, _ = self._listening.accept()
            with sock:
                for answer in self._answers:
                    sock.recv(4096)
                    sock.sendall(struct.pack(">I", len(answer)) + answer)
                self._stop.wait(60)


def identities(*lines):
    """Give an agent's answer that lists these keys (draft-ietf-sshm-ssh-agent, section 3.5)."""
    blobs = [base64.b64decode(line.split()[1]) for line in lines]
    listed = b"".join(struct.pack(">I", len(blob)) + blob + struct.pack(">I", 0) for blob in blobs)
    return bytes([12]) + struct.pack(">I", len(blobs)) + listed


@pytest.mark.parametrize("lists_its_keys", [False, True])
def test_an_agent_that_hangs_is_given_up_and_blamed(sshd, monkeypatch, tmp_path, lists_its_keys):
    """As one does that waits for a touch, a PIN or a confirmation nobody gives."""
    monkeypatch.setattr("noc_console.links.agent.ANSWER_S", 1.0)
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "agent"))
    answers = [identities(sshd.key.with_suffix(".pub").read_text())] if lists_its_keys else []

    with closing(SilentAgent(tmp_path / "agent", answers)):
        failure = failure_of(sshd, server=sshd.server(authentication=Authentication.AGENT))

    assert failure.kind is FailureKind.AGENT_MISSING
    assert "the ssh-agent does not answer" in failure.sentence
