import subprocess

import pytest

from noc_console.audit.acquaintance import (
    NotIntroduced,
    acquaintance_script,
    read_acquaintance,
)
from noc_console.audit.check import Family

NONCE = "feedbeef"


def told(words):
    return f"motd\n@{NONCE} begin 1\n{words}\n@{NONCE} end 1\n".encode()


@pytest.mark.parametrize(
    ("words", "family"),
    [
        ("ID=ubuntu\nID_LIKE=debian\nPRETTY_NAME='Ubuntu 24.04'", Family.DEBIAN),
        ('ID="almalinux"\nID_LIKE="rhel centos fedora"', Family.RHEL),
        ("ID=cloudlinux", Family.RHEL),
        ("ID=alpine", Family.OTHER),
    ],
)
def test_a_system_is_of_a_family_by_its_own_words(words, family):
    assert read_acquaintance(told(words), NONCE, "web1").family is family


def test_names_of_systems_are_inert_and_bounded():
    known = read_acquaintance(told("PRETTY_NAME=\x1b[31m" + "x" * 500), NONCE, "web1")

    assert "\x1b" not in known.system
    assert len(known.system) <= 125


def test_a_shell_that_runs_no_script_of_ours_is_said():
    with pytest.raises(NotIntroduced, match="rbash, ForceCommand"):
        read_acquaintance(b"rbash: exec: restricted\n", NONCE, "web1")


@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_this_machine_introduces_itself(shell):
    done = subprocess.run(
        [shell], input=acquaintance_script(NONCE), capture_output=True, timeout=60, check=True
    )
    known = read_acquaintance(done.stdout, NONCE, "here")

    assert known.user_id is not None
    assert known.system
