"""The server counts its log as we count one that is saved: the shipped commands, really run.

They run in a folder that stands for /var and /etc, with the programs of this machine.
"""

import datetime as dt
import gzip
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from noc_console.audit.check import Family
from noc_console.audit.spam.panel import SenderKind
from noc_console.audit.spam.senders import count_log, count_scripts
from noc_console.audit.spam.told import read_told
from tests.audit.judged import shipped

FOLDER = Path(__file__).parent
TODAY = dt.date.today()  # noqa: DTZ011 - the server's own day, as its date(1) tells it
TOOLS = ("sh", "find", "awk", "sort", "zcat", "gzip", "cat", "date", "tail", "head", "sed", "tr")


def of_today(name):
    """Give a real log as if it was written yesterday and today."""
    text = (FOLDER / f"{name}.log").read_text("utf-8")
    other = TODAY - dt.timedelta(days=1)
    before = text.replace("2026-11-28", str(other)).replace("Nov 28", f"{other:%b} {other.day:2}")
    now = text.replace("2026-11-28", str(TODAY)).replace("Nov 28", f"{TODAY:%b} {TODAY.day:2}")
    return before, now


@pytest.fixture(params=["mawk", "gawk"])
def machine(request, tmp_path):
    """Give a folder that stands for a server, with one of the awks a server may have."""
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not installed here")
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in TOOLS:
        (tools / name).symlink_to(shutil.which(request.param if name == "awk" else name))
    (tmp_path / "var" / "log").mkdir(parents=True)
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "passwd").write_text("root:x:0:0::/:/bin/sh\nshop:x:1001:1001::/:/bin/sh\n")
    return tmp_path


def has(machine, program):
    """Have the server have a mail server."""
    path = machine / "bin" / program
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)


def answer(machine, check_id):
    """Give what the command of a check prints there."""
    command = shipped(check_id).commands[Family.DEBIAN]
    command = re.sub(r"(?<![\w.*/])/(var|etc|opt|usr)/", rf"{machine}/\1/", command)
    done = subprocess.run(
        ["/bin/sh", "-c", f"ulimit -S -f 0; {command}"],
        capture_output=True,
        env={"PATH": str(machine / "bin"), "LC_ALL": "C", "TZ": os.environ.get("TZ", "")},
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    return read_told(done.stdout, today=TODAY)


@pytest.mark.parametrize("name", ["exim_default", "exim_arguments"])
def test_exims_log_is_counted_alike_here_and_there(machine, name):
    has(machine, "exim4")
    logs = machine / "var" / "log" / "exim4"
    logs.mkdir()
    before, now = of_today(name)
    put(logs / "mainlog.1.gz", gzip.compress(before.encode()), hours=2)
    put(logs / "mainlog", now.encode(), hours=1)

    there = answer(machine, "MAIL-04")

    here = count_log((before + now).splitlines(), today=TODAY)
    assert (there.mta, there.mails.days) == ("exim", here.days)
    assert there.mails.counts == here.counts
    assert all(there.lines[sender] for sender in here.counts)


@pytest.mark.parametrize("name", ["postfix", "postfix_local"])
def test_postfixs_log_is_counted_alike_here_and_there(machine, name):
    has(machine, "postqueue")
    (machine / "var" / "spool" / "postfix").mkdir(parents=True)
    before, now = of_today(name)
    put(machine / "var" / "log" / "mail.log.1", before.encode(), hours=2)
    put(machine / "var" / "log" / "mail.log", now.encode(), hours=1)

    there = answer(machine, "MAIL-04")

    users = {"0": "root", "1001": "shop"}
    here = count_log((before + now).splitlines(), today=TODAY, users=users)
    assert (there.mta, there.mails.counts) == ("postfix", here.counts)
    assert SenderKind.USER in {sender.kind for sender in here.counts}


def test_folders_and_scripts_are_counted_alike_here_and_there(machine):
    has(machine, "exim4")
    logs = machine / "var" / "log" / "exim4"
    logs.mkdir()
    before, now = of_today("exim_arguments")
    put(logs / "mainlog", (before + now).encode(), hours=1)
    php = (FOLDER / "php_mail.log").read_text("utf-8")
    put(machine / "var" / "log" / "php-mail.log", php.encode(), hours=1)
    settings = machine / "etc" / "php" / "8.2" / "fpm"
    settings.mkdir(parents=True)
    (settings / "php.ini").write_text(f"mail.log = {machine}/var/log/php-mail.log\n")

    there = answer(machine, "MAIL-05")

    here = count_scripts([*(before + now).splitlines(), *php.splitlines()], today=TODAY)
    assert there.mails.counts == here.counts
    assert there.notes


def test_a_header_that_postfix_notes_is_counted_alike_here_and_there(machine):
    has(machine, "postqueue")
    (machine / "var" / "spool" / "postfix").mkdir(parents=True)
    before, now = of_today("postfix_local")
    put(machine / "var" / "log" / "maillog", (before + now).encode(), hours=1)

    there = answer(machine, "MAIL-05")

    assert there.mails.counts == count_scripts((before + now).splitlines(), today=TODAY).counts


def test_a_server_without_a_mail_server_says_so(machine):
    assert answer(machine, "MAIL-04").mta == "none"


def put(path, content, *, hours):
    """Write a log that was written to so many hours ago."""
    path.write_bytes(content)
    at = time.time() - hours * 3600
    os.utime(path, (at, at))
