"""`reboot` and `restart` on a real server with a real engine: what is asked and what is told."""

import pytest

from noc_console.fleet.secrets import SecretKind, get_secret
from tests.cli.running import engine, fingerprint, wait_for
from tests.engine.rebootable import Rebootable

GO = ("--reason", "load 212", "--without-evidence", "a test")


@pytest.fixture
def machine(tmp_path):
    made = Rebootable(tmp_path / "machine")
    yield made
    made.close()


@pytest.fixture
def watched(say, machine, tmp_path):
    server = machine.sshd.server()
    words = ("--host", server.address, "--port", server.port, "--user", server.user)
    sites = ("--site", "a.example=Bert", "--site", "b.example=Bert")
    added = say("server", "add", "web1", *words, "--key", server.key_file, *sites)
    assert added.code == 0, added.err
    with engine(tmp_path / "engine.log"):
        wait_for(lambda: "waiting" in say("status", "--json").out)
        trusted = say(
            "server", "trust", "web1", "--fingerprint", fingerprint(machine.sshd.host_key)
        )
        assert trusted.code == 0, trusted.err
        wait_for(lambda: '"link": "up"' in say("status", "--json").out)
        yield say


def test_a_reboot_tells_who_is_affected_each_step_and_one_sentence(watched, machine):
    told = watched("reboot", "web1", *GO, "--type-name", "web1")

    assert told.code == 0, told.err
    assert "Affected: 1 customer, 2 sites" in told.out
    assert "Recorded so far: " in told.out
    assert "`systemctl reboot` was given to the server" in told.out
    assert "web1 is back after" in told.out.splitlines()[-1]
    assert "all is well" in told.out.splitlines()[-1]


def test_a_restart_prints_json_with_all_that_was_seen(watched, machine):
    told = watched("restart", "web1", "nginx", *GO, "--type-name", "web1", "--json")

    assert told.code == 0, told.err
    assert told.json["is_well"] is True
    assert told.json["command"] == "systemctl restart nginx"
    assert told.json["evidence"].endswith("wanted none: a test")
    assert told.json["before"]["services"]["nginx"] == "running"
    assert [one["title"] for one in told.json["findings"]][:2] == ["Boot", "Service"]

    listed = watched("gate", "--server", "web1")
    assert "restart nginx on web1" in listed.out
    assert "all well" in listed.out
    assert watched("gate", "--json").json[0]["id"] == told.json["id"]
    shown = watched("gate", told.json["id"])
    assert "Listening ports: 3 -> 3" in shown.out
    assert "Nothing of the number 999" in watched("gate", "999").err


def test_a_restart_that_fails_exits_1_with_the_sentence(watched, machine):
    (machine.state / "cannot").touch()

    told = watched("restart", "web1", "nginx", *GO, "--type-name", "web1")

    assert told.code == 1
    assert "nginx is failed" in told.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--type-name", "web2"), 2, "--type-name is not web1"),
        ((), 2, "give --type-name web1"),
        (("--type-name", "web1", "--within", "soon"), 2, "write --within as"),
    ],
)
def test_the_gate_is_not_passed_without_the_servers_name(say, words, code, said):
    say("server", "add", "web1", "--host", "192.0.2.1")

    told = say("reboot", "web1", *GO, *words)

    assert told.code == code
    assert said in told.err


def test_a_reason_is_asked_for(say):
    say("server", "add", "web1", "--host", "192.0.2.1")

    assert "give --reason" in say("reboot", "web1", "--type-name", "web1").err


def test_without_an_engine_nothing_is_asked_for_and_that_is_said(say):
    say("server", "add", "web1", "--host", "192.0.2.1")

    told = say("reboot", "web1", *GO, "--type-name", "web1")

    assert told.code == 1
    assert "No engine is watching this store" in told.err


def test_a_sudo_password_is_kept_in_the_keyring_and_forgotten(say, ring):
    say("server", "add", "web1", "--host", "192.0.2.1")

    kept = say("server", "sudo", "web1", typed="open sesame\n")
    held = get_secret("web1 (1)", SecretKind.SUDO_PASSWORD)
    gone = say("server", "sudo", "web1", "--forget")

    assert (kept.code, held, gone.code) == (0, "open sesame", 0)
    assert "sesame" not in kept.out + kept.err
    assert get_secret("web1 (1)", SecretKind.SUDO_PASSWORD) is None
