"""The commands of disks and time on a made-up /sys and /proc, with programs that print real lines.

What smartctl 7.3 and chronyc 4.3 print was seen here: compact JSON without a line end, and the
daemon's absence on standard output.
"""

import subprocess

import pytest

from noc_console.audit.check import Family
from tests.audit.judged import found, judged, shipped

SMART = '{"serial_number":"X1","model_name":"WDC","smart_status":{"passed":true}}'
HELD = "7F7F0101,192.0.2.1,3,1795865573.66,-0.700000000,0,0,0.0,0.0,0.0,0.0,0.0,0.0,Normal"
ADRIFT = (
    "00000000,,0,0.000000000,0.000000000,0.000000000,0.000000000,0.000,0.000,0.000,1.000000000,"
    "1.000000000,0.0,Not synchronised"
)
FOLLOWS = (
    "7F000009,127.0.0.9,6,1795881220.545318716,-0.000001009,-0.000000579,0.000000384,-0.003,-0.001,"
    "0.136,0.000004537,0.000002165,1.0,Normal"
)
"""Of a chronyd 4.3 that ran here: before it knew a server, and following another chronyd."""
NO_NTPD = "***Socket error; probably ntpd is not running"
"""Of ntpq of ntpsec 1.2.2, which ran here without its daemon: on standard error, ended with 0."""
NTPQ = """associd=0 status=0615 leap_none, sync_ntp, 1 event, clock_sync,
version="ntpd ntpsec-1.2.2", leap=00, stratum=3, precision=-24, rootdelay=12.345,
offset=-2100.123, frequency=-12.345, refid=192.0.2.123, sys_jitter=0.5"""


@pytest.fixture
def run(tmp_path):
    """Run a check's command with its paths below a folder; gives what it comes to."""

    def give(check_id, programs=None):
        for name, lines in (programs or {}).items():
            path = tmp_path / "bin" / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"#!/bin/sh\n{lines}\n", "utf-8")
            path.chmod(0o755)
        command = shipped(check_id).commands[Family.DEBIAN]
        for real in ("/sys/block", "/sys/fs", "/proc/mounts", "/etc/fstab", "/run/systemd"):
            command = command.replace(real, f"{tmp_path}{real}")
        command = command.replace("/.dockerenv", f"{tmp_path}/.dockerenv")
        done = subprocess.run(
            ["sh", "-c", f"ulimit -S -f 0; {command}"],
            capture_output=True,
            env={"PATH": f"{tmp_path}/bin:/usr/bin:/bin", "LC_ALL": "C"},
            check=False,
        )
        assert done.stderr == b""
        return judged(check_id, done.stdout, exit_status=done.returncode)

    return give


def written(folder, files):
    """Write files below a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def test_real_disks_are_asked_and_virtual_ones_are_not(run, tmp_path):
    written(
        tmp_path / "sys/block",
        {
            "sda/size": "9",
            "sda/device/model": "WDC WD20EFRX",
            "sdb/size": "9",
            "sdb/device/model": "QEMU HARDDISK",
            "sdc/size": "9",
            "vda/size": "9",
            "loop0/size": "9",
            "sdd/size": "0",
        },
    )

    result = run("DSK-01", {"smartctl": f"printf '%s' '{SMART}'"})

    assert (result.result.value, found(result)) == ("pass", {"X1": "pass"})
    assert result.evidence.count(b"virtual") == 2
    assert result.evidence.count(b"\treal\n{") == 2


def test_a_file_system_that_was_made_read_only_is_told_and_a_bind_mount_is_not(run, tmp_path):
    written(
        tmp_path,
        {
            "etc/fstab": "# x\nLABEL=x / ext4 defaults 0 1\nUUID=1 /ro ext4 ro,noatime 0 0\n",
            "proc/mounts": "/dev/sda1 / ext4 ro 0 0\n/dev/sdb1 /srv xfs rw 0 0\n"
            "/dev/sdb1 /jail xfs ro 0 0\n/dev/sdd1 /ro ext4 ro 0 0\nproc /proc proc rw 0 0\n",
            "sys/fs/ext4/sda1/errors_count": "3\n",
            "sys/fs/ext4/sdd1/errors_count": "0\n",
            "sys/fs/btrfs/U/devinfo/1/error_stats": "write_errs 1\nread_errs 2\n",
        },
    )

    assert found(run("DSK-03")) == {"/": "fail", "sda1": "fail", "U/devinfo/1": "fail"}


def test_what_fstab_wants_mounted_is_looked_for_at_its_place(run, tmp_path):
    written(
        tmp_path,
        {
            "etc/fstab": "LABEL=x / ext4 defaults 0 1\n/dev/sdc1 /iso iso9660 ro,noauto 0 0\n"
            "UUID=2 none swap sw 0 0\n//nas/b /backup/ cifs _netdev 0 0\n",
            "proc/mounts": "/dev/sda1 / ext4 rw 0 0\n",
        },
    )

    assert found(run("DSK-06")) == {"/backup": "warn"}


@pytest.mark.parametrize(
    ("programs", "result", "sentence"),
    [
        ({"chronyc": f"echo '{HELD}'"}, "warn", "The clock is 700 ms off, says chrony."),
        ({"chronyc": f"echo '{ADRIFT}'"}, "fail", "No time server holds the clock, says chrony."),
        (
            {"chronyc": f"echo '{FOLLOWS}'"},
            "pass",
            "The clock is held, says chrony; it is 0 ms off (127.0.0.9).",
        ),
        (
            {
                "chronyc": "exit 1",
                "ntpq": f"echo '{NO_NTPD}' >&2",
                "timedatectl": "echo NTP=yes; echo NTPSynchronized=yes",
            },
            "pass",
            "The clock is held, says systemd; it is 0 ms off (-).",
        ),
        (
            {"chronyc": "echo '506 Cannot talk to daemon'; exit 1", "ntpq": f"echo '{NTPQ}'"},
            "warn",
            "The clock is 2100 ms off, says ntpd.",
        ),
        (
            {
                "chronyc": "echo '506 Cannot talk to daemon'; exit 1",
                "ntpq": "exit 1",
                "timedatectl": "echo NTP=yes; echo NTPSynchronized=no",
            },
            "fail",
            "No time server holds the clock, says systemd.",
        ),
    ],
)
def test_the_clock_is_told_by_whoever_holds_it(run, programs, result, sentence):
    told = run("TIM-01", programs)

    assert (told.result.value, told.findings[0].sentence) == (result, sentence)


def test_two_time_services_at_once_are_told(run, tmp_path):
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    words = 'case "$2" in chrony.service|ntpd.service) [ "$1" = is-enabled ] && echo enabled'
    words += " || echo active;; *) echo disabled; exit 1;; esac"

    assert run("TIM-02", {"systemctl": words}).result.value == "warn"
