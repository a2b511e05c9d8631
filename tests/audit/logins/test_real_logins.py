"""A real sshd logs what people and thieves do; the checks of step 07 tell them apart."""

import shutil
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from noc_console.audit.check import Family
from noc_console.audit.judging import judge
from noc_console.audit.logins.told import read_told
from tests.audit.judged import around, found, outcome, shipped
from tests.audit.logins.real_logins import PASSWORDS, RealLogins, may_have_one

HOME, AWAY, THIEF = "127.0.10.5", "127.0.99.9", "127.0.66.6"

pytestmark = pytest.mark.skipif(not may_have_one(), reason="needs root, sshd and namespaces")


@pytest.fixture(scope="module")
def real():
    """A sshd to which people and thieves came, and what it logged of them."""
    folder = Path(tempfile.mkdtemp(prefix="noc-logins-", dir="/tmp"))
    folder.chmod(0o755)
    logins = RealLogins(folder)
    try:
        own, new = logins.allow("own"), logins.allow("new")
        logins.start()
        for _ in range(4):
            with logins.by_key("audit1", HOME, own):
                pass
        for word in ("battery-stapel", "Battery-staple", PASSWORDS["audit1"]):  # types, and again
            logins.by_password("audit1", HOME, word)
        for number in range(6):
            logins.by_password("audit2", THIEF, f"guess{number}")
        logins.by_password("nobody-here", THIEF, "guess")
        assert logins.by_password("audit2", THIEF, PASSWORDS["audit2"])
        with logins.by_key("audit1", AWAY, new):
            pass
        logins.by_password("root", HOME, PASSWORDS["root"])
        logins.write_log()
        yield logins
    finally:
        logins.stop()
        shutil.rmtree(folder)


@pytest.fixture
def asked(real):
    """Ask a check where the accounts and the log of that sshd are; gives its result."""

    def ask(check_id):
        check = shipped(check_id)
        done = subprocess.run(
            [*real.inside(), "/bin/sh", "-c", check.commands[Family.DEBIAN]],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "HOME": "/nonexistent"},
            check=False,
            timeout=100,
        )
        assert done.stderr == b""
        given = outcome(check_id, done.stdout, exit_status=done.returncode)
        return judge(check, given, around())

    return ask


def told(result):
    """Give the items that want a decision, each with its result."""
    return {item: word for item, word in found(result).items() if word in {"fail", "warn"}}


def test_the_guessed_password_the_new_key_and_root_are_told_and_the_typing_errors_are_not(asked):
    result = asked("LOG-01")

    items = told(result)
    [key] = [item for item in items if item.startswith("key audit1 SHA256:")]
    assert items == {
        "guessed password audit2 127.0.66.0/24": "fail",
        "root by password root 127.0.10.0/24": "fail",
        key: "warn",
        "network audit1 127.0.99.0/24": "warn",
    }


def test_the_lines_that_show_it_are_marked_in_the_evidence(asked):
    result = asked("LOG-01")
    [finding] = [one for one in result.findings if one.item.startswith("guessed")]
    lines = result.evidence.decode().split("\n")

    assert ["Accepted password for audit2" in lines[mark - 1] for mark in finding.marks] == [True]


def test_an_admin_that_came_by_password_is_told(asked):
    assert told(asked("LOG-02")) == {"audit1": "warn"}


def test_the_refused_passwords_are_counted_by_account(asked):
    result = asked("LOG-04")

    assert b"SEEN\t9\t2\t1\t9" in result.evidence
    assert result.result.value == "pass"


def test_who_logged_in_is_told_by_account(asked):
    assert found(asked("LOG-07")) == {"audit1": "pass", "audit2": "pass", "root": "pass"}


def test_sessions_that_are_open_are_told_but_for_those_from_where_the_audit_looks(real):
    check = shipped("LOG-06")
    key = real.folder / "own"
    with (
        real.by_key("audit1", AWAY, key),
        real.by_key("audit2", HOME, key),
        real.by_key("root", HOME, key) as transport,
    ):
        channel = transport.open_session()
        channel.exec_command(check.commands[Family.DEBIAN])
        output = channel.makefile("rb").read()
    known = frozenset({("LOG-06", "audit1 127.0.1.0/24")})

    result = judge(check, outcome(check.id, output), around(before=known))

    ours = {item: word for item, word in found(result).items() if "127.0.0." not in item}
    assert ours == {
        "audit1 127.0.99.0/24": "warn",
        "audit2 127.0.10.0/24": "pass",
        "root 127.0.10.0/24": "pass",
    }


def test_the_session_that_asks_is_known_by_its_age(real):
    with real.by_key("root", HOME, real.folder / "own") as transport:
        channel = transport.open_session()
        channel.exec_command(shipped("LOG-01").commands[Family.DEBIAN])
        told = read_told(channel.makefile("rb").read(), datetime.now(UTC))

    assert told.own_since is not None
    assert timedelta() <= told.asked_at - told.own_since < timedelta(hours=1)
