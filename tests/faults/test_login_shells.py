"""Every login shell as a real user's, with what people put into its start-up files."""

import os
import shutil
import subprocess
from pathlib import Path

import paramiko
import pytest

from noc_console.fleet.failure import FailureKind
from noc_console.links.ssh import LinkFailure
from tests.engine.running import wait_until
from tests.faults.people import needs_root, user
from tests.faults.watching import SLOW, StreamEnded, fast, linked, sample_of, slow, slow_of
from tests.promised import assert_promised

pytestmark = needs_root

SHELLS = ["sh", "bash", "dash", "zsh", "fish", "tcsh", "csh", "busybox"]
START_UP_FILES = (
    *(".profile", ".bashrc", ".bash_profile", ".zshenv", ".zshrc", ".zprofile"),
    *(".cshrc", ".tcshrc", ".login", ".config/fish/config.fish", ".ssh/rc"),
)
# understood by each of them
NOISE = r"""echo Welcome, you have mail
printf '\033[2J\033]0;title\007\n@noc-console hello\n@frame 1\n@end 1\nno line end'
ls /nonexistent
cd /
umask 077
true
"""


@pytest.fixture(params=SHELLS)
def login_shell(request, open_folder) -> Path:
    """Give a program that is this login shell; busybox is one by the name ash."""
    program = shutil.which(request.param)
    if program is None:
        pytest.skip(f"{request.param} is not installed")
    if request.param != "busybox":
        return Path(program)
    ash = open_folder / "ash"
    ash.symlink_to(program)
    return ash


@pytest.fixture
def banner(open_folder) -> Path:
    path = open_folder / "banner"
    path.write_text("\x1b[31mKeep out!\x1b[0m @frame 1\n" * 50)
    return path


def test_every_login_shell_with_noisy_start_up_files_gives_whole_readings(
    unstarted, login_shell, banner
):
    unstarted.options = {
        "Banner": str(banner),
        "PermitUserRC": "yes",
        "PrintMotd": "yes",
        # under SHLVL=0 bash(1) takes sshd for what started it, and reads ~/.bashrc
        "SetEnv": "SHLVL=0 LC_ALL=de_DE.UTF-8 LANG=tr_TR.ISO-8859-9 LC_NUMERIC=de_DE"
        " TMPDIR=/nonexistent",
    }
    sshd = unstarted.start()
    with user(login_shell) as person:
        for name in START_UP_FILES:
            path = person.home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(NOISE)
            path.chmod(0o644)
        with linked(sshd, sshd.server(user=person.name)) as connection:
            sample, _ = sample_of(fast(connection).tick())
            reading = slow_of(slow(connection).tick(SLOW))

    assert sample.values["cores"] == os.cpu_count()
    assert sample.values["load1"] >= 0
    assert reading.facts is not None
    assert reading.mounts
    assert reading.processes


@pytest.mark.parametrize("mode", ["read-only", "gone", "somebody else's"])
def test_a_home_that_cannot_be_written_or_is_not_there_does_no_harm(unstarted, mode):
    unstarted.options = {"SetEnv": "TMPDIR=/nonexistent"}
    sshd = unstarted.start()
    with user("/bin/bash") as person:
        match mode:
            case "gone":
                shutil.rmtree(person.home)
            case "read-only":
                person.home.chmod(0o555)
            case _:
                os.chown(person.home, 0, 0)
                person.home.chmod(0o700)
        with linked(sshd, sshd.server(user=person.name)) as connection:
            sample, _ = sample_of(fast(connection).tick())
            reading = slow_of(slow(connection).tick(SLOW))
            left = list(person.home.rglob(".noc*")) if person.home.exists() else []

    assert sample.values["load1"] >= 0
    assert reading.mounts
    assert left == []


def ending_of(sshd, name):
    """Give the failure with which the watching of this user ends."""
    try:
        with linked(sshd, sshd.server(user=name)) as connection:
            return fast(connection).ending(60)
    except (LinkFailure, StreamEnded) as error:
        assert_promised(error.failure)
        return error.failure


def test_an_account_that_may_not_log_in_says_so(unstarted):
    sshd = unstarted.start()
    with user("/usr/sbin/nologin") as person:
        failure = ending_of(sshd, person.name)

    assert failure.kind is FailureKind.SHELL_REFUSED
    assert "said: This account is currently not available; check" in failure.sentence


def test_a_shell_that_ended_before_it_read_anything_is_told_of_all_the_same(unstarted, monkeypatch):
    send = paramiko.Channel.sendall

    def send_too_late(channel, content):
        wait_until(lambda: channel.closed)
        return send(channel, content)

    monkeypatch.setattr(paramiko.Channel, "sendall", send_too_late)
    sshd = unstarted.start()
    with user("/usr/sbin/nologin") as person:
        failure = ending_of(sshd, person.name)

    assert failure.kind is FailureKind.SHELL_REFUSED
    assert "said: This account is currently not available; check" in failure.sentence


def test_a_login_shell_that_is_not_there_refuses_the_login(unstarted):
    sshd = unstarted.start()
    with user("/opt/no/such/shell") as person:
        failure = ending_of(sshd, person.name)

    assert failure.kind is FailureKind.AUTHENTICATION_FAILED


def test_an_account_for_files_only_gives_no_shell(unstarted):
    unstarted.options = {
        "Subsystem": "sftp internal-sftp",
        "ForceCommand": "internal-sftp",
    }
    sshd = unstarted.start()
    with user("/bin/sh") as person:
        failure = ending_of(sshd, person.name)

    assert failure.kind is FailureKind.SHELL_REFUSED


def test_an_account_whose_password_must_be_changed_says_what_the_server_says(unstarted):
    unstarted.options = {"UsePAM": "yes"}
    sshd = unstarted.start()
    with user("/bin/sh", password="old horse") as person:
        subprocess.run(["chage", "-d", "0", person.name], check=True)
        failure = ending_of(sshd, person.name)

    assert failure.kind is FailureKind.SHELL_REFUSED
    assert "assword" in failure.sentence


def test_a_user_at_its_limit_of_processes_gets_no_shell_and_is_told_of(unstarted):
    unstarted.prefix = ("prlimit", "--nproc=1")
    sshd = unstarted.start()
    sshd._wait_for_port()
    with user("/bin/sh") as person:
        failure = ending_of(sshd, person.name)

    assert failure.kind in {FailureKind.SHELL_REFUSED, FailureKind.CONNECTION_LOST}
    assert "web" in failure.sentence
