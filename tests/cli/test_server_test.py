"""`server test` says step by step what works, and in one sentence how to mend what does not."""

import pytest

from noc_console.links.connection_test import STEPS
from tests.sshd import free_port, make_key


def test_every_step_of_a_good_connection_is_told(say, trusted):
    told = say("server", "test", "web")

    assert told.code == 0, told.err
    lines = told.out.splitlines()
    assert [line[8:24].strip() for line in lines[:-1]] == list(STEPS)
    assert all(line.startswith("ok ") for line in lines[:-1])
    assert lines[-1].startswith("web can be watched. Tested by this program on ")


def test_json_tells_the_same(say, trusted):
    told = say("server", "test", "web", "--json").json

    assert (told["server"], told["ok"], told["failure"]) == ("web", True, None)
    assert [step["name"] for step in told["steps"]] == list(STEPS)
    assert all(step["ok"] for step in told["steps"])


def test_a_key_the_server_does_not_know_fails_at_the_login(say, trusted, tmp_path):
    say("server", "edit", "web", "--key", make_key(tmp_path / "stranger"))

    told = say("server", "test", "web")
    steps = say("server", "test", "web", "--json").json["steps"]

    assert told.code == 1
    assert told.err.count("\n") == 1
    assert "refused" in told.err
    assert [step["ok"] for step in steps] == [True, True, True, True, False, None, None]
    assert "FAILED  authentication\n" in told.out
    assert "-       shell           not reached" in told.out


def test_an_unknown_host_key_leads_to_the_command_that_asks(say, reach):
    say("server", "add", "web", *reach)

    told = say("server", "test", "web")

    assert told.code == 1
    assert "noc-console server trust web" in told.err


@pytest.mark.usefixtures("trusted")
def test_a_port_nobody_listens_on_is_said_with_json_too(say):
    say("server", "edit", "web", "--port", free_port())

    told = say("server", "test", "web", "--json")

    assert told.code == 1
    assert told.json["failure"] == "refused"
    assert told.json["sentence"] in told.err


def test_a_jump_that_is_gone_is_named(say, reach):
    say("server", "add", "gate", "--host", "192.0.2.1")
    say("server", "add", "web", *reach, "--jump", "gate")
    say("server", "remove", "gate", "--yes")

    told = say("server", "test", "web")

    assert told.code == 1
    assert "gate, which is not in the fleet" in told.err


def test_an_engines_own_machine_has_no_connection_to_test(say, program):
    program("engine", "--for", "0.1")
    name = say("server", "list", "--json").json["servers"][0]["name"]

    told = say("server", "test", name)

    assert told.code == 1
    assert "without SSH" in told.err
