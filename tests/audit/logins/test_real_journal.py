"""Where no log file is, the journal is read: a real journald in namespaces of its own, as root."""

import subprocess
import sys
from pathlib import Path

import pytest

from noc_console.audit.check import Family
from noc_console.audit.logins.told import read_told
from tests.audit.judged import shipped
from tests.audit.logins.real_logins import may_have_one
from tests.audit.logins.written import NOW, guessed

JOURNALD = Path("/lib/systemd/systemd-journald")
OWN = Path(__file__).parent / "own_sshd" / "auth.log"
_IN_A_JOURNAL = """set -e
d=$1; command=$2; shift 2
mount --make-rprivate /
for n in null zero random urandom tty; do : >"$d/$n"; mount --bind "/dev/$n" "$d/$n"; done
: >"$d/kmsg"; mount --bind /dev/null "$d/kmsg"
mount --rbind "$d" /dev
mount -t proc proc /proc
mount -t tmpfs none /run
mount -t tmpfs none /var/log
mkdir -p /run/systemd/journal
ln -sf /run/systemd/journal/dev-log /dev/log
/lib/systemd/systemd-journald >/dev/null 2>&1 &
n=0; while [ ! -S /run/systemd/journal/dev-log ] && [ $n -lt 600 ]; do n=$((n+1)); sleep 0.1; done
"$@"
journalctl --sync >/dev/null 2>&1
sh -c "$command"
"""
_TELL = """import pathlib, sys, syslog
for line in pathlib.Path(sys.argv[1]).read_text().splitlines():
    syslog.openlog(sys.argv[2], syslog.LOG_PID, syslog.LOG_AUTH)
    syslog.syslog(line.split("]: ", 1)[1])
"""

pytestmark = pytest.mark.skipif(
    not (may_have_one() and JOURNALD.exists() and Path("/etc/machine-id").exists()),
    reason="needs root, journald and namespaces",
)


@pytest.mark.parametrize("program", ["sshd", "sshd-session"])
def test_the_journal_tells_of_the_guessed_password_as_the_file_does(tmp_path, program):
    place = tmp_path / "dev"
    place.mkdir()
    command = shipped("LOG-01").commands[Family.DEBIAN]
    tell = [sys.executable, "-c", _TELL, str(OWN), program]

    inside = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", _IN_A_JOURNAL]

    done = subprocess.run(
        [*inside, "sh", str(place), command, *tell],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "HOME": "/nonexistent"},
        check=False,
        timeout=100,
    )

    assert (done.returncode, done.stderr) == (0, b"")
    told = read_told(done.stdout, NOW)
    assert (told.source, sum(one.event.count for one in told.logins)) == ("journal", 9)
    assert guessed(done.stdout) == ["audit2 127.0.66.0/24"]
