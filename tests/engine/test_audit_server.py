"""One server asked its checks over a real sshd: by root, by sudo of every kind, half-way lost."""

import contextlib
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

import keyring
import psutil
import pytest

from noc_console.audit.check import Family, Privilege
from noc_console.engine.audit_server import ServerAsking
from noc_console.engine.gate_hands import LocalHands, RemoteHands
from noc_console.fleet.secrets import SecretKind, put_secret
from noc_console.fleet.server import Server, ServerKind
from noc_console.incidents.gate.gate import sudo_entry
from noc_console.links.accepted_keys import known_keys
from noc_console.links.ssh import connect
from tests.audit.asking import check
from tests.desk.memory_keyring import MemoryKeyring
from tests.engine.running import add, now, wait_until
from tests.faults.people import needs_root, user
from tests.sshd import Sshd

PASSWORD = "open sesame 'or' \"not\" $HOME"
OWN = check("OWN", "id -un")
ROOT = check("ROOT", "id -u; printf '%s\\n' \"$HOME\"", privilege=Privilege.SUDO)
needs_sudo = pytest.mark.skipif(shutil.which("sudo") is None, reason="sudo is not installed")


def wanted():
    """Everything is."""


@pytest.fixture
def ring():
    before = keyring.get_keyring()
    memory = MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


@pytest.fixture
def host():
    """Give a folder that an ordinary user may look into, and an sshd in it."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        sshd = Sshd(Path(folder) / "sshd").start()
        yield sshd
        sshd.stop()


@pytest.fixture
def person():
    with user("/bin/sh", password=PASSWORD) as made:
        rule = Path("/etc/sudoers.d") / made.name
        yield made, rule
        rule.unlink(missing_ok=True)


def allow(person, rule, tags):
    rule.write_text(f"{person.name} ALL=(root) {tags} /bin/sh\n")
    rule.chmod(0o440)
    subprocess.run(["visudo", "-cqf", rule], check=True)


def ask(store, server, checks, is_wanted=wanted):
    hands = RemoteHands(None, lambda: connect(server, known=known_keys(store)))
    try:
        return ServerAsking(hands, server, now=now, is_wanted=is_wanted).ask(checks)
    finally:
        hands.close()


def by_id(answers):
    return {one.check_id: one for one in answers.outcomes}


@needs_root
def test_root_is_asked_everything_in_one_batch(store, host):
    answers = ask(store, add(store, host), [OWN, ROOT])

    assert by_id(answers)["OWN"].output == b"root\n"
    assert by_id(answers)["ROOT"].output == b"0\n/nonexistent\n"
    assert answers.family is Family.DEBIAN
    assert answers.cpu_ms is not None


@needs_root
@needs_sudo
def test_an_account_asks_its_own_checks_itself_and_roots_by_sudo(store, host, person):
    made, rule = person
    allow(made, rule, "NOPASSWD:")
    found = by_id(ask(store, add(store, host, user=made.name), [OWN, ROOT]))

    assert found["OWN"].output.decode() == f"{made.name}\n"
    assert found["ROOT"].output.startswith(b"0\n")


@needs_root
@needs_sudo
def test_sudo_that_asks_is_given_the_keyrings_password_and_shows_it_nowhere(
    store, host, person, ring
):
    made, rule = person
    allow(made, rule, "")
    server = add(store, host, user=made.name)
    put_secret(sudo_entry(server), SecretKind.SUDO_PASSWORD, PASSWORD)
    look = check("LOOK", "ps -eo args; cat /proc/*/environ", privilege=Privilege.SUDO)
    found = by_id(ask(store, server, [OWN, ROOT, look]))

    assert found["ROOT"].output.startswith(b"0\n")
    assert PASSWORD.encode() not in found["LOOK"].output
    assert b"open sesame" not in found["LOOK"].output


@needs_root
@needs_sudo
@pytest.mark.parametrize(
    ("secret", "words"),
    [(None, "wants a password"), ("wrong", "refused the password")],
    ids=["none kept", "a wrong one"],
)
def test_sudo_that_refuses_leaves_roots_checks_unasked_and_says_why(
    store, host, person, ring, secret, words
):
    made, rule = person
    allow(made, rule, "")
    server = add(store, host, user=made.name)
    if secret:
        put_secret(sudo_entry(server), SecretKind.SUDO_PASSWORD, secret)
    found = by_id(ask(store, server, [OWN, ROOT]))

    assert found["OWN"].output.decode() == f"{made.name}\n"
    assert words in found["ROOT"].why
    assert "NOPASSWD: /bin/sh" in found["ROOT"].why


@needs_root
def test_an_account_that_poisoned_its_shell_changes_no_answer(store, host):
    with user("/bin/bash") as made:
        evil = made.home / "bin"
        evil.mkdir()
        (evil / "id").write_text("#!/bin/sh\necho poisoned\n")
        (evil / "id").chmod(0o755)
        lines = f"export PATH={evil}:$PATH\nid() {{ echo poisoned; }}\nexport -f id\nalias id=x\n"
        for name in (".bashrc", ".profile", ".bash_profile"):
            (made.home / name).write_text(lines + "echo a banner\n")
        answers = ask(store, add(store, host, user=made.name), [OWN])

    assert by_id(answers)["OWN"].output.decode() == f"{made.name}\n"


@needs_root
def test_a_restricted_shell_runs_nothing_and_that_is_said(store, host):
    with user("/bin/rbash") as made:
        answers = ask(store, add(store, host, user=made.name), [OWN])

    assert answers.outcomes == ()
    assert answers.why


def test_a_server_lost_half_way_leaves_what_came_before(store, host):
    first, second = check("A", "echo one"), check("B", "sleep 60", deadline_s=90.0)
    third = check("C", "echo three")
    left = []

    def stop():
        wait_until(lambda: host.is_running("sleep"))
        for one in reversed(host.family()):
            with contextlib.suppress(psutil.NoSuchProcess):  # one that was just ending
                if "sshd" in one.name():
                    one.kill()
                else:
                    left.append(one)

    stopper = threading.Thread(target=stop)
    stopper.start()
    found = by_id(ask(store, add(store, host), [first, second, third]))
    stopper.join(30)
    for one in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()

    assert left
    assert found["A"].output == b"one\n"
    assert "lost" in found["B"].why
    assert "lost" in found["C"].why


def test_what_is_not_wanted_any_more_ends_the_batch(store, host):
    class NotWanted(Exception):
        pass

    def refuse():
        raise NotWanted

    with pytest.raises(NotWanted):
        ask(store, add(store, host), [check("A", "echo one")], refuse)


def test_this_machine_is_asked_without_ssh():
    here = Server(name="here", kind=ServerKind.THIS_MACHINE)
    answers = ServerAsking(LocalHands(), here, now=now, is_wanted=wanted).ask(
        [check("A", "echo one"), check("B", "head -c 9000000 /dev/zero")]
    )

    assert by_id(answers)["A"].output == b"one\n"
    assert not by_id(answers)["B"].is_whole
