"""The real slow script in every /bin/sh we can meet, on this machine."""

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from noc_console.telemetry.probe import Part, slow_script, tick_line
from noc_console.telemetry.service import Inside
from noc_console.telemetry.slow import SlowReader
from tests.conftest import NOW
from tests.telemetry.shell_loop import running

PROCESSES = frozenset({Part.PROCESSES})
SLOW = frozenset({Part.UNITS, Part.MOUNTS, Part.PROCESSES, Part.FACTS})


def test_every_shell_tells_mounts_processes_and_facts(shell: Path) -> None:
    env = {"HOME": "/nonexistent", "TMPDIR": "/nonexistent", "LC_ALL": "de_DE.UTF-8"}

    with running([shell], slow_script(), env) as loop:
        reading = SlowReader().read(
            loop.ask(tick_line(1, SLOW, ("surely-not-here",))), datetime.now(UTC), 0.0
        )

    (root,) = [mount for mount in reading.mounts or () if mount.mount == "/"]
    assert root.total_bytes == pytest.approx(shutil.disk_usage("/").total, rel=0.01)
    assert root.used_percent == pytest.approx(psutil.disk_usage("/").percent, abs=1)
    assert root.inodes_used_percent is not None
    assert root.kind in {part.fstype for part in psutil.disk_partitions(all=True)}
    facts = reading.facts
    assert facts is not None
    assert (facts.hostname, facts.kernel) == (os.uname().nodename, os.uname().release)
    assert facts.cores == psutil.cpu_count()
    assert facts.memory_bytes == psutil.virtual_memory().total
    assert facts.system
    assert facts.init
    assert facts.server_clock_offset_s is not None
    assert abs(facts.server_clock_offset_s) <= 5
    assert len(reading.processes or ()) > 1


def test_a_process_that_burns_is_at_the_top_with_its_share_and_without_its_arguments(
    shell: Path,
) -> None:
    code = "while True: pass # token=secret"
    burner = subprocess.Popen([sys.executable, "-c", code])
    slow = SlowReader()
    try:
        with running([shell], slow_script()) as loop:
            slow.read(loop.ask(tick_line(1, PROCESSES)), NOW, 0.0)
            seen = psutil.Process(burner.pid)
            enough_s = seen.cpu_times().user + 0.5
            while seen.cpu_times().user < enough_s:
                pass
            reading = slow.read(loop.ask(tick_line(2, PROCESSES)), NOW, 0.0)
            user = seen.username()
    finally:
        burner.kill()
        burner.wait()

    (burning,) = [one for one in reading.processes or () if one.pid == burner.pid]
    assert burning.cpu_percent is not None
    assert 1 < burning.cpu_percent < 110  # of a machine that runs other tests besides
    assert burning.user == user
    assert b"secret" not in loop.output


@pytest.mark.parametrize("name", ["a) R 1 (b", "two\nlines", ") ", "\x1b[2J\x07", "7 (x) S 1"])
def test_a_process_with_an_odd_name_is_one_process_and_harms_no_other(
    shell: Path, tmp_path: Path, name: str
) -> None:
    program = tmp_path / name
    shutil.copy(shutil.which("sleep") or "", program)
    odd = subprocess.Popen([program, "60"])
    try:
        with running([shell], slow_script()) as loop:
            frame = loop.ask(tick_line(1, PROCESSES))
    finally:
        odd.kill()
        odd.wait()

    rows = [line for line in frame.sections["processes"] if line.startswith(f"{odd.pid} ")]
    assert len(rows) == 1
    assert rows[0].split(" ", 6)[6] == name.replace("\n", "?")
    assert any(line.startswith(f"{os.getpid()} ") for line in frame.sections["processes"])


def test_a_zombie_is_counted(shell: Path) -> None:
    child = subprocess.Popen(["true"])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    try:
        with running([shell], slow_script()) as loop:
            reading = SlowReader().read(loop.ask(tick_line(1, PROCESSES)), NOW, 0.0)
    finally:
        child.wait()

    assert reading.zombies >= 1


def test_without_awk_the_processes_are_said_to_be_missing_and_the_rest_is_told(
    shell: Path, tmp_path: Path
) -> None:
    for program in ("df", "cat", "uname", "date"):
        (tmp_path / program).symlink_to(shutil.which(program) or "")
    script = slow_script().replace(b"PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin", b"")
    assert script != slow_script()

    with running([shell], script, {"PATH": str(tmp_path)}) as loop:
        frame = loop.ask(tick_line(1, SLOW))
    reading = SlowReader().read(frame, NOW, 0.0)

    if "processes" in frame.absent:  # busybox has an awk of its own
        assert reading.processes is None
    assert reading.facts is not None
    assert reading.mounts


IN_A_SYSTEMD_NAMESPACE = """
mount -t tmpfs none /run && mkdir -p /run/systemd/system || exit 1
PATH={path}:$PATH
export PATH
exec {shell}
"""

SYSTEMCTL = """#!/bin/sh
case $1 in show) ;; *) exit 1 ;; esac
while [ "$1" != -- ]; do shift; done
shift
cat >&2 # what it would eat of the lines that are meant for us
for unit in "$@"; do
    printf 'Id=%s.service\\nNames=%s.service\\nLoadState=loaded\\n' "$unit" "$unit"
    printf 'ActiveState=active\\nSubState=running\\nNRestarts=3\\n'
    printf 'ActiveEnterTimestampMonotonic=1000000\\n\\n'
done
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root for a mount namespace")
def test_systemd_is_asked_once_for_all_services(shell: Path, tmp_path: Path) -> None:
    program = tmp_path / "programs" / "systemctl"
    program.parent.mkdir()
    program.write_text(SYSTEMCTL)
    program.chmod(0o755)
    enter = IN_A_SYSTEMD_NAMESPACE.format(path=program.parent, shell=shell)

    with running(["unshare", "--mount", "sh", "-c", enter], slow_script()) as loop:
        asked = tick_line(1, frozenset({Part.UNITS}), ("nginx", "a\\x2db", "-x"))
        first = SlowReader().read(loop.ask(asked), datetime.now(UTC), 0.0)
        second = loop.ask(tick_line(2, frozenset({Part.FACTS})))

    states = {state.name: state for state in first.units or ()}
    assert list(states) == ["nginx.service", "a\\x2db.service"]
    assert states["nginx.service"].inside is Inside.RUNNING
    assert states["nginx.service"].restarts == 3
    booted_s = psutil.boot_time() + 1
    since = states["nginx.service"].since
    assert since is not None
    assert abs(since.timestamp() - booted_s) < 5
    assert second.sections["comm"] == ("systemd",)


@pytest.mark.skipif(Path("/run/systemd/system").exists(), reason="systemd runs here")
def test_without_systemd_the_init_script_is_asked(shell: Path) -> None:
    with running([shell], slow_script()) as loop:
        frame = loop.ask(tick_line(1, frozenset({Part.UNITS}), ("surely-not-here", "procps")))

    reading = SlowReader().read(frame, NOW, 0.0)

    states = {state.name: state.inside for state in reading.units or ()}
    if "sysvinit" in frame.sections:
        assert states["surely-not-here"] is Inside.NOT_INSTALLED
        assert (
            states["procps"] is not Inside.NOT_INSTALLED or not Path("/etc/init.d/procps").exists()
        )
    else:
        assert states == {}


def mail_told(shell: Path, env: dict[str, str]) -> float | None:
    with running([shell], slow_script(), env) as loop:
        frame = loop.ask(tick_line(1, frozenset({Part.MAIL})))
    return SlowReader().read(frame, NOW, 0.0).figures.get("mail_queue")


def program(folder: Path, name: str, script: str) -> dict[str, str]:
    """Give the environment in which a mailer is this script, and its spool is not for us."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return {"PATH": f"{folder}:{os.environ['PATH']}", "NOC_SPOOL": str(folder / "nowhere")}


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ('echo \'{"queue_name": "deferred"}\'; echo \'{"queue_name": "active"}\'', 2.0),
        ("exit 0", 0.0),
        ('echo \'{"queue_name": "deferred"}\'; exit 69', 1.0),
        ("echo mail system is down >&2; exit 69", None),
        ("exit 1", None),
    ],
)
def test_postfix_tells_anybody_its_queue_and_no_answer_is_no_empty_queue(
    shell: Path, tmp_path: Path, script: str, told: float | None
) -> None:
    assert mail_told(shell, program(tmp_path, "postqueue", script)) == told


@pytest.mark.skipif(Path("/usr/sbin/exim4").exists(), reason="needs a machine without exim")
def test_exim_tells_its_queue_where_it_was_told_to(shell: Path, tmp_path: Path) -> None:
    env = program(tmp_path, "exim4", '[ "$*" = -bpc ] && echo 41')
    program(tmp_path, "postqueue", "exit 1")

    assert mail_told(shell, env) == 41.0


def test_whoever_may_look_into_the_spool_counts_there(shell: Path, tmp_path: Path) -> None:
    env = program(tmp_path, "postqueue", "exit 1")
    for queue, names in (("active", ("A1", "A2")), ("deferred", ("D1",)), ("hold", ())):
        folder = tmp_path / "spool" / "postfix" / queue / "0"
        folder.mkdir(parents=True)
        for name in names:
            (folder / name).touch()

    assert mail_told(shell, env | {"NOC_SPOOL": str(tmp_path / "spool")}) == 3.0


def test_the_table_of_connections_is_told_where_the_kernel_keeps_one(
    shell: Path, tmp_path: Path
) -> None:
    for name, text in (("count", "512"), ("max", "2048")):
        path = tmp_path / "sys/net/netfilter" / f"nf_conntrack_{name}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n")
    with running([shell], slow_script(), {"NOC_PROC": str(tmp_path)}) as loop:
        frame = loop.ask(tick_line(1, frozenset({Part.MOUNTS})))

    figures = SlowReader().read(frame, NOW, 0.0).figures
    assert figures["conntrack_entries"] == 512.0
    assert figures["conntrack_used_percent"] == 25.0


def test_arrays_are_told_and_those_of_a_containers_host_are_not(
    shell: Path, tmp_path: Path
) -> None:
    (tmp_path / "mdstat").write_text(
        "Personalities : [raid1] [raid6]\n"
        "md0 : active raid1 sdb1[1](F) sda1[0]\n"
        "      1046528 blocks super 1.2 [2/1] [U_]\n"
        "      \n"
        "md127 : active raid6 sdd1[3] sdc1[2] sdb2[1] sda2[0]\n"
        "      2093056 blocks super 1.2 level 6, 512k chunk, algorithm 2 [4/3] [UUU_]\n"
        "\n"
        "unused devices: <none>\n"
    )
    (tmp_path / "md0").touch()
    env = {"NOC_PROC": str(tmp_path), "NOC_DEV": str(tmp_path)}
    with running([shell], slow_script(), env) as loop:
        frame = loop.ask(tick_line(1, frozenset({Part.MOUNTS})))

    assert SlowReader().read(frame, NOW, 0.0).arrays == {"md0": 100.0}


def test_a_server_without_software_raid_tells_of_no_arrays(shell: Path, tmp_path: Path) -> None:
    with running([shell], slow_script(), {"NOC_PROC": str(tmp_path)}) as loop:
        frame = loop.ask(tick_line(1, frozenset({Part.MOUNTS})))

    assert SlowReader().read(frame, NOW, 0.0).arrays is None
