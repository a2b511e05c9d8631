"""A host key is trusted because a person said so, and only the one that they meant."""

import contextlib
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.running import OTHER, engine, fingerprint, wait_for, words_to_reach
from tests.sshd import Sshd, free_port, make_key


def keys_of(say, name="web"):
    return [key["fingerprint"] for key in say("server", "show", name, "--json").json["host_keys"]]


def assert_nothing_was_sent(sshd):
    assert "Accepted" not in sshd.log
    assert "Failed" not in sshd.log


def change_key(sshd: Sshd) -> str:
    """Have an sshd show another host key from now on; gives the fingerprint of the older one."""
    before = fingerprint(sshd.host_key)
    sshd.stop()
    for path in (sshd.host_key, sshd.folder / "host_key.pub"):
        path.unlink()
    make_key(sshd.host_key)
    sshd.start()
    return before


@pytest.fixture
def two_keys(tmp_path) -> Iterator[Callable[[str], tuple[Sshd, str]]]:
    """Start an sshd with a host key of another kind too; gives it and that one's fingerprint."""
    with contextlib.ExitStack() as stack:

        def start(kind: str) -> tuple[Sshd, str]:
            other = make_key(tmp_path / kind, kind=kind)
            sshd = Sshd(tmp_path / "two")
            sshd.options = {"HostKey": f"{sshd.host_key}\nHostKey {other}"}
            stack.callback(sshd.stop)
            return sshd.start(), fingerprint(other)

        yield start


@pytest.fixture
def web(say, reach):
    assert say("server", "add", "web", *reach).code == 0


class TestAddWithTrust:
    def test_the_right_fingerprint_adds_the_server_and_trusts_its_key(self, say, sshd, reach):
        right = fingerprint(sshd.host_key)

        told = say("server", "add", "web", *reach, "--trust", right)

        assert told.out == f"Added web and trusted its host key {right}.\n"
        assert keys_of(say) == [right]
        assert_nothing_was_sent(sshd)

    @pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
    def test_the_fingerprint_of_a_key_of_another_kind_will_do(self, say, two_keys, kind):
        sshd, right = two_keys(kind)

        told = say("server", "add", "web", *words_to_reach(sshd), "--trust", right)

        assert told.code == 0, told.err
        assert keys_of(say) == [right]
        assert say("server", "test", "web").code == 0

    def test_another_fingerprint_adds_nothing_and_names_both(self, say, sshd, reach):
        told = say("server", "add", "web", *reach, "--trust", OTHER)

        assert told.code == 1
        assert OTHER in told.err
        assert fingerprint(sshd.host_key) in told.err
        assert say("server", "list", "--json").json["servers"] == []
        assert_nothing_was_sent(sshd)

    def test_a_server_that_cannot_be_reached_is_not_added(self, say):
        told = say(
            *("server", "add", "web", "--host", "127.0.0.1", "--port", free_port()),
            *("--trust", OTHER),
        )

        assert told.code == 1
        assert told.err.count("\n") == 1
        assert say("server", "list", "--json").json["servers"] == []

    def test_a_key_that_another_server_has_is_trusted_and_said(self, say, sshd, reach, tmp_path):
        copy = Sshd(tmp_path / "copy")
        copy.host_key.write_bytes(sshd.host_key.read_bytes())
        (copy.folder / "host_key.pub").write_bytes((sshd.folder / "host_key.pub").read_bytes())
        copy.start()
        try:
            right = fingerprint(sshd.host_key)
            say("server", "add", "web", *reach, "--trust", right)
            told = say(
                *("server", "add", "copy", "--host", copy.address, "--port", copy.port),
                *("--trust", right),
            )
        finally:
            copy.stop()

        assert "web has this same key" in told.out

    def test_where_another_key_is_known_the_way_to_replace_it_is_told(self, say, trusted, reach):
        old = change_key(trusted)
        new = fingerprint(trusted.host_key)

        told = say("server", "add", "again", *reach, "--trust", new)

        assert told.code == 1
        assert old in told.err
        assert new in told.err
        assert "--replace" in told.err


@pytest.mark.usefixtures("web")
class TestTrust:
    def test_without_a_terminal_the_key_is_shown_and_not_accepted(self, say, sshd):
        told = say("server", "trust", "web")

        assert told.code == 2
        assert fingerprint(sshd.host_key) in told.err
        assert "--fingerprint" in told.err
        assert keys_of(say) == []

    def test_the_right_fingerprint_is_accepted(self, say, sshd):
        told = say("server", "trust", "web", "--fingerprint", fingerprint(sshd.host_key))

        assert told.code == 0, told.err
        assert keys_of(say) == [fingerprint(sshd.host_key)]
        assert say("server", "test", "web").code == 0

    def test_another_fingerprint_is_refused(self, say, sshd):
        told = say("server", "trust", "web", "--fingerprint", OTHER)

        assert told.code == 1
        assert OTHER in told.err
        assert fingerprint(sshd.host_key) in told.err
        assert keys_of(say) == []

    def test_a_key_that_is_trusted_already_is_only_told(self, say, sshd):
        right = fingerprint(sshd.host_key)
        say("server", "trust", "web", "--fingerprint", right)

        again = say("server", "trust", "web")
        other = say("server", "trust", "web", "--fingerprint", OTHER)

        assert "trusted already" in again.out
        assert other.code == 1
        assert keys_of(say) == [right]
        assert_nothing_was_sent(sshd)

    def test_the_fingerprint_of_a_key_of_another_kind_will_do_through_an_engine_too(
        self, say, two_keys, tmp_path
    ):
        sshd, right = two_keys("rsa")
        say("server", "add", "two", *words_to_reach(sshd))

        with engine(tmp_path / "engine.log"):
            wait_for(lambda: say("status", "--json").json["engine"])
            told = say("server", "trust", "two", "--fingerprint", right)

        assert told.code == 0, told.err
        assert keys_of(say, "two") == [right]

    def test_a_changed_key_needs_replace_and_names_both(self, say, sshd):
        say("server", "trust", "web", "--fingerprint", fingerprint(sshd.host_key))
        old = change_key(sshd)
        new = fingerprint(sshd.host_key)

        refused = say("server", "trust", "web", "--fingerprint", new)
        kept = keys_of(say)
        replaced = say("server", "trust", "web", "--fingerprint", new, "--replace")

        assert refused.code == 1
        assert old in refused.err
        assert new in refused.err
        assert "--replace" in refused.err
        assert kept == [old]
        assert replaced.code == 0, replaced.err
        assert keys_of(say) == [new]

    def test_a_revoked_key_is_never_accepted(self, say, sshd, tmp_path):
        (tmp_path / ".ssh").mkdir()
        (tmp_path / ".ssh" / "known_hosts").write_text(f"@revoked * {sshd.host_key_line}\n")

        told = say(
            *("server", "trust", "web", "--replace"),
            *("--fingerprint", fingerprint(sshd.host_key)),
        )

        assert told.code == 1
        assert "revoked" in told.err
        assert keys_of(say) == []

    def test_an_older_key_in_a_known_hosts_file_is_pointed_at(self, say, sshd, tmp_path):
        older = make_key(tmp_path / "older").with_suffix(".pub").read_text()
        (tmp_path / ".ssh").mkdir()
        (tmp_path / ".ssh" / "known_hosts").write_text(f"[{sshd.address}]:{sshd.port} {older}")

        told = say(
            *("server", "trust", "web", "--replace"),
            *("--fingerprint", fingerprint(sshd.host_key)),
        )

        assert told.code == 0, told.err
        assert "ssh-keygen -R" in told.out
        assert say("server", "test", "web").code == 0

    def test_a_jump_whose_key_is_unknown_is_decided_about_first(self, say, sshd):
        say(
            *("server", "add", "db", "--host", "192.0.2.9", "--user", sshd.server().user),
            *("--key", sshd.key, "--jump", "web"),
        )

        told = say("server", "trust", "db")

        assert told.code == 1
        assert "noc-console server trust web" in told.err

    def test_a_server_that_cannot_be_reached_is_said(self, say, sshd):
        sshd.stop()

        told = say("server", "trust", "web", "--fingerprint", OTHER)

        assert told.code == 1
        assert "web" in told.err
        assert told.err.count("\n") == 1


@pytest.mark.usefixtures("web")
class TestOnATerminal:
    def test_yes_accepts_the_key_that_was_shown(self, say, sshd):
        code, told = answered("yes\n", "server", "trust", "web")

        assert code == 0
        assert fingerprint(sshd.host_key) in told
        assert keys_of(say) == [fingerprint(sshd.host_key)]

    @pytest.mark.parametrize("answer", ["no\n", "\n", "y\n", "\x04"])
    def test_anything_else_accepts_nothing(self, say, answer):
        code, told = answered(answer, "server", "trust", "web")

        assert code == 1
        assert "nothing was changed" in told
        assert keys_of(say) == []

    def test_a_changed_key_is_replaced_after_the_servers_name_was_typed(self, say, sshd):
        say("server", "trust", "web", "--fingerprint", fingerprint(sshd.host_key))
        old = change_key(sshd)

        refused, told = answered("yes\n", "server", "trust", "web", "--replace")
        kept = keys_of(say)
        accepted, _ = answered("web\n", "server", "trust", "web", "--replace")

        assert (refused, kept) == (1, [old])
        assert old in told
        assert (accepted, keys_of(say)) == (0, [fingerprint(sshd.host_key)])

    def test_a_password_that_is_not_typed_changes_nothing(self, say):
        code, told = answered("\x04", "server", "edit", "web", "--password-stdin")

        assert code == 1
        assert "gave no password" in told
        assert say("server", "show", "web", "--json").json["authentication"] == "key file"

    def test_a_removal_is_asked_about(self, say):
        kept, _ = answered("no\n", "server", "remove", "web")
        removed, _ = answered("yes\n", "server", "remove", "web")

        assert (kept, removed) == (1, 0)
        assert say("server", "list", "--json").json["servers"] == []


def answered(answer: str, *words: str) -> tuple[int, str]:
    """Run the program on a terminal on which this is typed when it asks; gives exit code, words."""
    ours, its = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "noc_console", *words],
        stdin=its,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as process:
        try:
            asked = b""
            while not asked.endswith(b": ") and (more := process.stderr.read1()):
                asked += more
            os.write(ours, answer.encode())
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
            os.close(its)
            os.close(ours)
    return process.returncode, (asked + out + err).decode()
