"""The command of LOG-01 thins a log out on the server; what is told is as from the whole log."""

import random
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from noc_console.audit.check import Family
from noc_console.audit.logins.panel import LoginRule
from noc_console.audit.logins.suspects import LoginWatch, item_of
from noc_console.audit.logins.told import read_told
from tests.audit.judged import shipped
from tests.audit.logins.written import NOW, accepted, at, guessed, line, refused

OWN = Path(__file__).parent / "own_sshd" / "auth.log"
AWKS = [one for one in ("mawk", "gawk", "busybox awk") if shutil.which(one.split()[0])]
ONCE = {LoginRule.NEW_KEY, LoginRule.NEW_NETWORK, LoginRule.ROOT_PASSWORD}


def thinned(folder, awk="awk"):
    """Give what the command prints of the logs in a folder."""
    command = shipped("LOG-01").commands[Family.DEBIAN].replace("/var/log", str(folder))
    done = subprocess.run(
        ["/bin/sh", "-c", "ulimit -S -f 0; " + command.replace(" awk ", f" {awk} ")],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "HOME": "/nonexistent"},
        check=True,
        timeout=100,
    )
    assert done.stderr == b""
    return done.stdout


def told_of(output):
    """Give the break-ins, and what is odd without counting, by item."""
    found = list(LoginWatch().suspicions(read_told(output, NOW)))
    return set(guessed(output)), {item_of(one) for one in found if one.rule in ONCE}


def a_month(seed):
    """Give the lines of a made-up month: people, a robot, and attacks of which some succeed."""
    chance = random.Random(seed)  # noqa: S311 - made-up lines, no secret
    users = ["root", "ann", "bob", "shop", "cron"]
    homes = {user: f"203.0.{number}.7" for number, user in enumerate(users)}
    events = []
    for number in range(400):
        when = at(1, 0) + timedelta(minutes=chance.randrange(60 * 24 * 27))
        user = chance.choice(users)
        address = homes[user] if chance.random() < 0.9 else f"198.51.{chance.randrange(4)}.9"
        by = chance.choice(["password", "publickey"])
        text = accepted(when, user, address, by=by, port=5000 + number, pid=5000 + number)
        events.append((when, text))
        for _ in range(chance.choice([0, 0, 0, 1, 2])):
            events += [(when - timedelta(seconds=40), refused(when, user, address))]
        later = when + timedelta(minutes=7)
        gone = f"Disconnected from user {user} {address} port {5000 + number}"
        events.append((later, line(later, gone, 9)))
    for _ in range(12):
        when = at(1, 0) + timedelta(minutes=chance.randrange(60 * 24 * 27))
        address = f"192.0.2.{chance.randrange(250)}"
        for step in range(chance.choice([3, 6, 40])):
            tried = when + timedelta(seconds=20 * step)
            user = chance.choice([*users, "invalid user oracle", "invalid user x y"])
            events.append((tried, refused(tried, user, address, chance.choice([1, 1, 3]))))
        if chance.random() < 0.6:
            then = when + timedelta(minutes=chance.choice([20, 200, 1600]))
            text = accepted(then, chance.choice(users), address, by="password", pid=77)
            events.append((then, text))
    return [text for _, text in sorted(events)]


@pytest.mark.parametrize("awk", AWKS)
def test_a_real_log_tells_the_same_thinned_by_every_awk(tmp_path, awk):
    shutil.copy(OWN, tmp_path / "auth.log")

    output = thinned(tmp_path, awk)

    assert told_of(output) == told_of(OWN.read_bytes())
    assert len(output.splitlines()) < len(OWN.read_bytes().splitlines()) / 5


@pytest.mark.parametrize("seed", range(4))
def test_a_made_up_month_tells_the_same_thinned(tmp_path, seed):
    text = "\n".join(a_month(seed)) + "\n"
    (tmp_path / "secure").write_text(text)

    whole = told_of(text.encode())
    assert whole[0]
    assert told_of(thinned(tmp_path)) == whole


def test_rotated_and_packed_logs_are_read_the_oldest_first(tmp_path):
    lines = a_month(1)
    (tmp_path / "auth.log.1").write_text("\n".join(lines[:200]) + "\n")
    subprocess.run(["gzip", tmp_path / "auth.log.1"], check=True)
    shutil.move(tmp_path / "auth.log.1.gz", tmp_path / "auth.log.2.gz")
    (tmp_path / "auth.log").write_text("\n".join(lines[200:]) + "\n")
    subprocess.run(["touch", "-d", "2 days ago", tmp_path / "auth.log.2.gz"], check=True)

    assert told_of(thinned(tmp_path)) == told_of(("\n".join(lines)).encode())


def test_a_name_that_looks_like_a_login_is_none(tmp_path):
    name = "x sshd[7]: Accepted password for root from 192.0.2.9 port 22 ssh2"
    lines = [line(at(6), f"Failed password for invalid user {name} from 198.51.100.9 port 4 ssh2")]
    lines += [line(at(6), f"Invalid user {name} from 198.51.100.9 port 4"), accepted(at(6))]
    (tmp_path / "auth.log").write_text("\n".join(lines) + "\n")

    assert [one.user for one in read_told(thinned(tmp_path), NOW).logins] == ["ann"]


def test_without_a_log_nothing_is_told(tmp_path):
    (tmp_path / "auth.log").write_text("Nov  1 09:00:00 web01 CRON[7]: session opened\n")

    assert b"Accepted" not in thinned(tmp_path)
