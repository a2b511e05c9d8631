"""The few programs of a throw-away server that tell of a made-up machine instead of this one.

The probe asks df, init, uname and getconf, the flight recorder ps, ss and more; each server's
sessions find these scripts first in their PATH. Pure but for `write`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from noc_console.cli.demo_fleet.machine import Hardware

_UNIT = """\
Id={name}.service
Names={name}.service
LoadState=loaded
ActiveState=active
SubState=running
NRestarts=0
ActiveEnterTimestampMonotonic=48000000
InactiveEnterTimestampMonotonic=0
"""
_DF = """\
Filesystem Type 1024-blocks Used Available Capacity Mounted on
/dev/sda1 ext4 {root_kib} {root_used_kib} {root_free_kib} {root_percent}% /
/dev/sdb1 xfs {sites_kib} {sites_used_kib} {sites_free_kib} {sites_percent}% /var/www
"""
_DF_INODES = """\
Filesystem Inodes IUsed IFree IUse% Mounted on
/dev/sda1 2621440 312004 2309436 12% /
/dev/sdb1 104857600 9227468 95630132 9% /var/www
"""
_PS = r"""case $* in *args=*) ;; *) exit 0 ;; esac
cat "$NOC_PROC"/[0-9]*/stat 2>/dev/null | awk '{
    pid = $1; comm = $2; gsub(/[()]/, "", comm)
    user = "root"; uid = 0; words = "/usr/sbin/" comm
    if (comm ~ /^php-fpm/) {
        user = "www-data"; uid = 33
        words = "php-fpm: pool " (pid % 4 ? "birch" : "dune")
    }
    if (comm == "mariadbd") { user = "mysql"; uid = 104 }
    if (comm == "nginx") { user = "www-data"; uid = 33; words = "nginx: worker process" }
    printf "%-32s %-16s %7d %7d %5d %s\n", user, substr(comm, 1, 16), pid, $24 * 4, uid, words
}'"""
"""The columns that the recorder asks for, of the made-up processes; workers belong to two sites."""

_CONNECTIONS = "LISTEN 0 511 0.0.0.0:443 0.0.0.0:*\n" + "".join(
    f"ESTAB 0 0 192.0.2.10:443 198.51.100.{host}:{40000 + host}\n" for host in range(1, 25)
)
_ROOT_KIB = 40 * 1024 * 1024
_SITES_KIB = 400 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the stand-ins of one server tell."""

    hostname: str
    hardware: Hardware
    services: tuple[str, ...]
    root_percent: int
    sites_percent: int


def write(folder: Path, told: Told) -> None:
    """Write the scripts into a folder that is to be first in PATH."""
    folder.mkdir(parents=True)
    for name, script in _scripts(told):
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o700)


def _scripts(told: Told) -> Iterable[tuple[str, str]]:
    yield "df", f"case $* in *-i*) {_say(_DF_INODES)} ;; *) {_say(_disks(told))} ;; esac"
    yield "systemctl", _say("\n".join(_UNIT.format(name=name) for name in told.services))
    yield "service", "exit 0"
    yield "rc-service", "exit 0"
    yield "uname", _say(f"Linux {told.hostname} 6.1.0-28-amd64 x86_64\n")
    yield "ps", _PS
    yield "ss", _say(_CONNECTIONS)
    yield "dmesg", _say("[    0.000000] Linux version 6.1.0-28-amd64")
    yield (
        "journalctl",
        _say(f"2026-01-01T00:00:00+0000 {told.hostname} systemd[1]: Startup finished."),
    )
    for name in ("find", "postqueue", "getent"):
        yield name, "exit 0"
    for name in ("curl", "mysql", "mariadb", "psql"):
        yield name, "exit 1"
    yield "getconf", f"case $1 in PAGESIZE) echo 4096 ;; *) echo {told.hardware.cores} ;; esac"


def _disks(told: Told) -> str:
    parts: dict[str, int] = {}
    for name, whole, percent in (
        ("root", _ROOT_KIB, told.root_percent),
        ("sites", _SITES_KIB, told.sites_percent),
    ):
        used = whole * percent // 100
        parts |= {
            f"{name}_kib": whole,
            f"{name}_used_kib": used,
            f"{name}_free_kib": whole - used,
            f"{name}_percent": percent,
        }
    return _DF.format(**parts)


def _say(text: str) -> str:
    return f"cat <<'END'\n{text.rstrip()}\nEND\n"
