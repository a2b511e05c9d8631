"""Nothing but the gate changes a server: who may run what on one, and what the scripts hold."""

import re

import pytest

from tests.architecture.source import PROGRAM, ROOT, names_of, text_of

SENT_TO_SERVERS = sorted(
    path
    for folder in ("probe", "gate", "collectors")
    for path in (ROOT / "resources" / folder).rglob("*")
    if path.suffix in {".sh", ".toml"} and path.name != "ways.toml"
)
CHANGES = re.compile(
    r"\b(reboot|shutdown|poweroff|halt|init [06])\b(?! *\|| reboot|[; ]*do)"
    r"|\bsystemctl +(start|stop|restart|reload|kill|enable|disable|mask|isolate|daemon-reload)\b"
    r"|\b(rc-service|service) +\S+ +(start|stop|restart|reload)\b"
    r"|\b(rm|mv|cp|mkdir|rmdir|touch|chmod|chown|truncate|dd|tee|mount|umount|sysctl -w)\b +[-/$\"]"
    r"|\b(kill|pkill|killall)\b +-?\w"
    r"|\b(apt|apt-get|yum|dnf) +(install|remove|upgrade)"
)
WRITES_A_FILE = re.compile(r"(?<![0-9<>&=-])[12]?>{1,2} *(?!/dev/null|&)[\"$/]")
OWN_CHILD = 'kill -9 "$child"'
"""The collectors' loop ends a program that it began itself."""


def modules_that_use(name: str) -> set[str]:
    """Give the modules of the program in whose code a name stands."""
    return {
        path.relative_to(PROGRAM).with_suffix("").as_posix()
        for path in PROGRAM.rglob("*.py")
        if name in names_of(path).used
    }


def test_only_the_gate_makes_a_command_that_changes_a_server():
    assert modules_that_use("act_script") == {"engine/gate_passage"}
    assert modules_that_use("words_for") == {"engine/gate_passage"}


def test_only_the_words_of_the_gate_and_the_checks_of_an_audit_ask_for_root():
    sudo = [
        path.relative_to(PROGRAM).as_posix()
        for path in PROGRAM.rglob("*.py")
        if re.search(r"\bsudo -[nS]", text_of(path))
    ]

    assert sorted(sudo) == ["audit/batch.py", "incidents/gate/gate_ways.py"]


@pytest.mark.parametrize("path", SENT_TO_SERVERS, ids=lambda path: path.name)
def test_what_is_sent_to_a_server_to_read_changes_nothing(path):
    lines = [line.partition(" #")[0] for line in path.read_text(encoding="utf-8").splitlines()]
    code = [line for line in lines if not line.lstrip().startswith("#")]

    assert [line for line in code if CHANGES.search(line.replace(OWN_CHILD, ""))] == []
    if path.suffix == ".sh":
        assert [line for line in code if WRITES_A_FILE.search(line)] == []
