"""Commands of the gate: here or over SSH, never run twice, and always within their time."""

import time

import psutil
import pytest

from noc_console.engine.gate_hands import LocalHands, RemoteHands
from noc_console.engine.gate_looking import take_look
from noc_console.fleet.failure import FailureKind
from noc_console.links.accepted_keys import known_keys
from noc_console.links.failures import LinkFailure, link_failure
from noc_console.links.ssh import Answer, connect
from tests.engine.running import add, now

BOUNDS = {"deadline_s": 10.0, "max_bytes": 1000}


class Link:
    """A link that stands and fails in one way."""

    def __init__(self, kind):
        self.kind, self.asked = kind, 0

    def run(self, *_, **__):
        self.asked += 1
        raise link_failure(self.kind, "It failed.")


def test_this_machine_runs_a_script_and_feeds_it_its_answer():
    script = b'echo ready; IFS= read -r word; echo "got $word"; exit 3'

    told = LocalHands().run(script, answer=Answer(when=b"ready", text=b"sesame\n"), **BOUNDS)

    assert (told.exit_status, told.output) == (3, b"ready\ngot sesame\n")


def test_this_machine_ends_what_takes_too_long_with_all_it_began():
    with pytest.raises(LinkFailure, match="did not end within"):
        LocalHands().run(b"sleep 61.25 & sleep 61.25; wait", deadline_s=0.5, max_bytes=10)

    time_up = time.monotonic() + 30
    while any("61.25" in one.info["cmdline"] for one in processes()):
        assert time.monotonic() < time_up, "a child lives on"


def processes():
    return [one for one in psutil.process_iter(["cmdline"]) if one.info["cmdline"]]


def test_this_machine_can_be_looked_at():
    look = take_look(LocalHands(), now)

    assert look.boot_id
    assert look.uptime_s > 0
    assert "/" in look.mounts


def test_a_link_that_takes_no_session_is_left_for_a_connection_of_ones_own(store, sshd):
    server = add(store, sshd)
    link = Link(FailureKind.SHELL_REFUSED)
    hands = RemoteHands(link, lambda: connect(server, known=known_keys(store)))
    try:
        told = [hands.run(b"echo here", **BOUNDS).output for _ in range(2)]
    finally:
        hands.close()

    assert told == [b"here\n", b"here\n"]
    assert link.asked == 1


def test_a_command_under_which_the_link_was_lost_is_not_run_again(store, sshd):
    server = add(store, sshd, "other")
    link = Link(FailureKind.CONNECTION_LOST)
    hands = RemoteHands(link, lambda: connect(server, known=known_keys(store)))

    with pytest.raises(LinkFailure):
        hands.run(b"echo here", **BOUNDS)
    hands.close()


def test_a_server_that_refuses_is_asked_once_and_not_for_each_part_of_a_look():
    asked = []

    def refuse():
        asked.append(1)
        raise link_failure(FailureKind.REFUSED, "web1 refuses connections.")

    look = take_look(RemoteHands(None, refuse), now)

    assert asked == [1]
    assert len(look.missing) == 5
    assert look.boot_id == ""


def test_an_answer_is_sent_over_ssh_only_when_it_is_asked_for(store, sshd):
    server = add(store, sshd, "asks")
    script = b"{\nprintf '%s\\n' ready; IFS= read -r word; echo \"got $word\"; exit 0\n}\n"
    hands = RemoteHands(None, lambda: connect(server, known=known_keys(store)))
    try:
        told = hands.run(script, answer=Answer(when=b"ready", text=b"sesame\n"), **BOUNDS)
    finally:
        hands.close()

    assert told.output == b"ready\ngot sesame\n"
    assert "sesame" not in repr(Answer(when=b"ready", text=b"sesame\n"))
