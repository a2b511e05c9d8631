import os
import queue
import subprocess
import tempfile
import threading
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from noc_console.fleet.failure import FailureKind
from noc_console.links.ssh import connect
from tests.links.conftest import QUICK, knowing
from tests.sshd import Sshd

ECHO = b'{ echo READY; while read -r line; do echo "got $line"; done; }\n'


class Listener:
    """Collects what a stream tells."""

    def __init__(self):
        self.arrived = queue.SimpleQueue()
        self.ended = queue.SimpleQueue()
        self.text = b""

    def wait_for(self, words, timeout_s=30):
        while words not in self.text:
            self.text += self.arrived.get(timeout=timeout_s)
        return self.text


@pytest.fixture
def link(sshd):
    with closing(
        connect(
            sshd.server(),
            known=knowing(sshd.host_key_line),
            secrets=lambda *_: None,
            timeouts=QUICK,
        )
    ) as connection:
        yield connection


def open_on(connection, script=ECHO):
    listener = Listener()
    stream = connection.open_stream(script, listener.arrived.put, listener.ended.put)
    return stream, listener


def test_lines_go_in_and_answers_come_out(link):
    stream, listener = open_on(link)

    listener.wait_for(b"READY")
    assert stream.send(b"one\n")
    assert stream.send(b"two\n")

    assert b"got one\ngot two\n" in listener.wait_for(b"got two\n")


def test_a_closed_stream_leaves_nothing_on_the_server_and_tells_nothing_more(sshd, link):
    stream, listener = open_on(link)
    listener.wait_for(b"READY")
    assert sshd.shells()

    stream.close()

    psutil.wait_procs(sshd.shells(), timeout=30)
    assert not sshd.shells()
    assert listener.ended.empty()


def test_a_closed_connection_leaves_nothing_on_the_server(sshd, link):
    _, listener = open_on(link)
    listener.wait_for(b"READY")
    sessions = sshd.family()[1:]

    link.close()

    _, alive = psutil.wait_procs(sessions, timeout=30)
    assert not alive


def test_a_server_that_is_killed_ends_the_stream_with_a_sentence(sshd, link):
    stream, listener = open_on(link)
    listener.wait_for(b"READY")
    stream.send(b"one\n")

    sshd.stop()

    failure = listener.ended.get(timeout=30)
    assert failure.kind is FailureKind.CONNECTION_LOST
    assert "tried again by itself" in failure.sentence


def test_a_shell_that_ends_says_what_it_said(link):
    _, listener = open_on(link, b"echo 'no \x1b[31mroom' >&2; exit 1\n")

    failure = listener.ended.get(timeout=30)

    assert failure.kind is FailureKind.SHELL_REFUSED
    assert "no \N{REPLACEMENT CHARACTER}[31mroom" in failure.sentence


def test_output_without_end_ends_the_stream_and_not_our_memory(link):
    _, listener = open_on(link, b"{ while :; do echo shout; done; }\n")

    failure = listener.ended.get(timeout=20)

    assert failure.kind is FailureKind.OUTPUT_TOO_LONG
    assert "output without end" in failure.sentence


def test_a_frozen_server_blocks_neither_sending_nor_closing(sshd, link):
    stream, listener = open_on(link)
    listener.wait_for(b"READY")
    sshd.pause()
    try:
        done = threading.Event()

        def use():
            for _ in range(200):
                stream.send(b"tick\n")
            link.close()
            done.set()

        thread = threading.Thread(target=use)
        thread.start()
        assert done.wait(30)
        thread.join()
    finally:
        sshd.resume()


SHELLS = ["/bin/sh", "/bin/bash", "/bin/dash", "/usr/bin/zsh", "/usr/bin/fish", "/bin/tcsh"]


@pytest.fixture(scope="module")
def users():
    """Users with every login shell that is here, with noisy start-up files."""
    made = []
    for number, shell in enumerate(one for one in SHELLS if Path(one).exists()):
        name = f"nocs{os.getpid() % 10000}{number}"
        subprocess.run(["useradd", "-m", "-p", "*", "-s", shell, name], check=True)
        for file in (".bashrc", ".profile", ".zshenv", ".tcshrc", ".config/fish/config.fish"):
            path = Path("/home") / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("echo noise from a profile\n")
        made.append((name, shell))
    yield made
    for name, _ in made:
        subprocess.run(["userdel", "-r", name], check=True, capture_output=True)


@pytest.fixture
def open_folder():
    """A folder that other users may enter: sshd reads authorized_keys as the user."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_every_login_shell_runs_the_same_script_however_noisy_its_profile(open_folder, users):
    banner = open_folder / "banner"
    banner.write_text("Keep out!\n" * 20)
    sshd = Sshd(open_folder / "sshd", {"Banner": str(banner)})
    try:
        sshd.start()
        for name, _shell in users:
            with closing(
                connect(
                    sshd.server(user=name),
                    known=knowing(sshd.host_key_line),
                    secrets=lambda *_: None,
                    timeouts=QUICK,
                )
            ) as connection:
                stream, listener = open_on(connection)
                listener.wait_for(b"READY")
                stream.send(b"hello\n")
                listener.wait_for(b"got hello\n")
    finally:
        sshd.stop()
