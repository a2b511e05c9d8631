"""No command of the whole catalogue writes on a server: by its words, and by the kernel."""

import re
import subprocess

import pytest

from noc_console.audit.catalogue import load_catalogue
from noc_console.audit.check import Cost, Family

COMMANDS = [
    pytest.param(command, id=f"{check.id}-{family.value}")
    for check in load_catalogue().checks.values()
    for family, command in check.commands.items()
]
REDIRECTED = re.compile(r"(?<![-=<0-9&\\$])[0-9]?>{1,2}(?!/dev/null|&[0-9])\s*[\"$/\w.~]")
WRITERS = re.compile(
    r"(?:^|[;&|(]\s*|\bdo\s+|\bthen\s+|\bxargs\s+(?:-\S+\s+)*)"
    r"(rm|mv|cp|mkdir|rmdir|touch|chmod|chown|chgrp|truncate|dd|tee|ln|mount|umount|kill|pkill|killall|"
    r"mktemp|install|useradd|usermod|userdel|passwd|reboot|shutdown|logger|sponge|crontab)\b"
    r"|\bsystemctl\s+(start|stop|restart|reload|enable|disable|mask|kill|daemon-reload)\b"
    r"|\b(apt-get|apt|dnf|yum|rpm)\s+(?:-\S+\s+)*(install|remove|update|upgrade|makecache|clean)\b"
    r"|\bsed\s+-i|\bsysctl\s+-w|\s-delete\b|\s-fprint|\s-exec\b|\bnft\s+(add|flush|delete)\b"
    r"|\biptables\s+-[ADIFXP]\b"
)
IN_QUOTES = re.compile(r"'[^']*'|\"[^\"]*\"")
LIGHT = [
    check
    for check in load_catalogue().checks.values()
    if check.cost is Cost.LIGHT and Family.DEBIAN in check.commands
]


def _without_patterns(found):
    """Leave out quoted text with a bar: names that a pattern of awk or case looks for."""
    return "''" if "|" in found[0] else found[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_has_no_word_that_writes(command):
    outside = IN_QUOTES.sub("''", command)

    assert (
        REDIRECTED.findall(outside) + WRITERS.findall(IN_QUOTES.sub(_without_patterns, command))
        == []
    )


@pytest.mark.parametrize("words", ["echo x > /tmp/y", "x; rm -f y", "find / -delete", "echo >>$f"])
def test_a_word_that_writes_would_be_found(words):
    assert REDIRECTED.search(words) or WRITERS.search(words)


@pytest.mark.slow
@pytest.mark.parametrize("check", LIGHT, ids=lambda one: one.id)
def test_a_light_check_is_ended_by_the_kernel_if_it_writes_and_ends_well(check):
    limit = "ulimit -S -f 0; "  # as the batch sets it

    done = subprocess.run(
        ["/bin/sh", "-c", limit + check.commands[Family.DEBIAN]],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "HOME": "/nonexistent"},
        check=False,
        timeout=120,
    )

    assert b"File size limit exceeded" not in done.stderr
    assert done.returncode != 153
