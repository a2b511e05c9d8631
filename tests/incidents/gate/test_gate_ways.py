"""How a reboot is said: one quoted word for what a person typed, and sudo's answers understood."""

import subprocess
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.incidents.gate.gate import ActKind, Snapshot
from noc_console.incidents.gate.gate_ways import (
    Ending,
    NoWay,
    Said,
    Sudo,
    act_script,
    read_said,
    refusal,
    words_for,
)

AT = datetime(2026, 11, 27, 2, 7, tzinfo=UTC)


def look(init, *programs):
    return Snapshot(at=AT, init=init, programs=programs)


@pytest.mark.parametrize(
    ("init", "programs", "words"),
    [
        ("systemd", ("systemctl", "shutdown"), ("systemctl", "reboot")),
        ("sysvinit", ("systemctl", "shutdown", "reboot"), ("shutdown", "-r", "now")),
        ("openrc", ("reboot",), ("reboot",)),
    ],
)
def test_each_kind_of_server_is_rebooted_in_its_own_way(init, programs, words):
    assert words_for(ActKind.REBOOT, look(init, *programs)) == words


@pytest.mark.parametrize(
    ("init", "program", "words"),
    [
        ("systemd", "systemctl", ("systemctl", "restart", "exim4.service")),
        ("openrc", "rc-service", ("rc-service", "exim4", "restart")),
        ("sysvinit", "service", ("service", "exim4", "restart")),
    ],
)
def test_each_init_restarts_a_service_in_its_own_way(init, program, words):
    assert words_for(ActKind.RESTART_SERVICE, look(init, program), "exim4.service") == words


def test_a_server_with_none_of_the_programs_is_told():
    with pytest.raises(NoWay, match="own console"):
        words_for(ActKind.REBOOT, look("systemd"))


@given(name=st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1, max_size=30))
def test_what_a_person_typed_stays_one_word_for_the_shell(name):
    script = act_script(("printf", "<%s>", name), Sudo.NOT_NEEDED)

    told = subprocess.run(["/bin/sh"], input=script, capture_output=True, check=True).stdout

    assert told == f"<{name}>\n@noc-console exit 0\n".encode()


@pytest.mark.parametrize(
    ("output", "ending"),
    [
        (b"\n@noc-console exit 0\n", Ending.DONE),
        (b"sudo: a password is required\n\n@noc-console exit 1\n", Ending.ASKS),
        (
            b"Sorry, try again.\nsudo: 1 incorrect password attempt\n@noc-console exit 1\n",
            Ending.WRONG_ANSWER,
        ),
        (b"anna is not in the sudoers file.\n\n@noc-console exit 1\n", Ending.NOT_ALLOWED),
        (
            b"Sorry, user anna is not allowed to execute 'x'\n@noc-console exit 1\n",
            Ending.NOT_ALLOWED,
        ),
        (b"/bin/sh: 1: sudo: not found\n\n@noc-console exit 127\n", Ending.NO_SUDO),
        (b"Job failed\n\n@noc-console exit 1\n", Ending.FAILED),
        (b"Broadcast message: going down", Ending.CUT_OFF),
        (b"", Ending.CUT_OFF),
    ],
)
def test_sudos_answers_are_understood(output, ending):
    assert read_said(output).ending is ending


@given(output=st.binary(max_size=200))
def test_any_answer_is_understood_somehow_and_inert(output):
    assert read_said(output).words.isprintable()


def test_a_secret_that_a_server_echoes_is_not_repeated():
    said = read_said(b"got sesame\n@noc-console exit 1\n", "sesame")

    assert "sesame" not in said.words


@pytest.mark.parametrize(
    "ending", [Ending.ASKS, Ending.WRONG_ANSWER, Ending.NOT_ALLOWED, Ending.NO_SUDO]
)
def test_each_refusal_says_how_to_allow_it(ending):
    sentence = refusal(
        Said(ending=ending),
        server="web 1",
        user="noc",
        words=("systemctl", "reboot"),
        engine_host="e",
    )

    assert "noc ALL=(root) NOPASSWD: /usr/bin/systemctl reboot" in sentence
