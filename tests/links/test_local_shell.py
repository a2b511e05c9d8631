"""A shell on this machine, asked as the flight recorder asks it."""

import queue

import psutil
import pytest

from noc_console.links.local_shell import LocalShell

LOOP = b"while read -r line; do echo told $line; done\n"


@pytest.fixture
def shells():
    """Shells that end with their test."""
    started: list[LocalShell] = []
    yield started
    for one in started:
        one.close()


def begin(shells, script):
    told, ended = queue.SimpleQueue(), queue.SimpleQueue()
    shells.append(LocalShell(script, told.put, ended.put))
    return shells[-1], told, ended


def test_lines_go_in_and_bytes_come_out_as_they_are_produced(shells):
    shell, told, _ = begin(shells, b"echo ready\n" + LOOP)
    assert told.get(timeout=10) == b"ready\n"

    assert shell.send(b"a line\n")

    assert told.get(timeout=10) == b"told a line\n"


def test_a_shell_that_ends_by_itself_is_told(shells):
    _, _, ended = begin(shells, b"exit 3\n")

    assert "ended" in ended.get(timeout=10)


def test_closing_ends_what_the_shell_started_and_tells_no_end(shells):
    shell, told, ended = begin(shells, b"sleep 600 & echo $!; wait\n")
    child = psutil.Process(int(told.get(timeout=10)))

    shell.close()

    child.wait(10)
    assert ended.empty()
    assert not shell.send(b"more\n")
