"""What init says of services: systemd, else OpenRC, else sysvinit. Pure: no I/O, no clock.

systemd: `systemctl show` (systemctl(1)); times are microseconds on the monotonic clock, which no
time zone and no clock change touches. Init scripts: exit status of `status` (LSB core, 20.2).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from noc_console.fleet.inert import inert
from noc_console.telemetry.frame import Frame
from noc_console.telemetry.service import Inside, ServiceState

_SYSTEMD = {
    "active": Inside.RUNNING,
    "reloading": Inside.RUNNING,
    "activating": Inside.STARTING,
    "deactivating": Inside.STOPPED,
    "inactive": Inside.STOPPED,
    "failed": Inside.FAILED,
}
_LSB = {0: Inside.RUNNING, 1: Inside.FAILED, 2: Inside.FAILED, 3: Inside.STOPPED}
_OPENRC = {0: Inside.RUNNING, 1: Inside.NOT_INSTALLED, 3: Inside.STOPPED, 8: Inside.STARTING,
           16: Inside.STOPPED, 32: Inside.FAILED}  # fmt: skip


def read_units(frame: Frame, now: datetime) -> tuple[ServiceState, ...] | None:
    """Give what the frame says of services; None when it was not asked.

    A server whose init we cannot ask gives no services, so that each is unknown.
    """
    sections = frame.sections
    if "systemd" in sections:
        return read_systemd(sections["systemd"], _uptime_us(sections), now)
    for name, words in (("openrc", _OPENRC), ("sysvinit", _LSB)):
        if name in sections:
            return tuple(_by_status(line, words) for line in sections[name] if " " in line)
    return () if "systemd" in frame.absent else None


def read_systemd(
    lines: Sequence[str], uptime_us: int | None, now: datetime
) -> tuple[ServiceState, ...]:
    """Give the services of `systemctl show`: blocks of `Name=value`, parted by empty lines.

    A unit is there once under each of its names, such as `ssh.service` and its alias
    `sshd.service`, because a person may expect it under any.
    """
    states: list[ServiceState] = []
    block: dict[str, str] = {}
    for line in (*lines, ""):
        name, found, value = line.partition("=")
        if found:
            block[name] = value
        elif block:
            states += _states_of(block, uptime_us, now)
            block = {}
    return tuple(states)


def _states_of(
    block: Mapping[str, str], uptime_us: int | None, now: datetime
) -> list[ServiceState]:
    active = block.get("ActiveState", "")
    inside = _SYSTEMD.get(active, Inside.UNKNOWN)
    if block.get("LoadState") == "not-found":
        inside = Inside.NOT_INSTALLED
    entered = "ActiveEnter" if inside is Inside.RUNNING else "InactiveEnter"
    restarts = block.get("NRestarts", "")
    names = [block.get("Id", ""), *block.get("Names", "").split()]
    return [
        ServiceState(
            name=name,
            inside=inside,
            sub_state=inert(block.get("SubState", ""), 40),
            restarts=int(restarts) if _is_count(restarts) else None,
            since=_since(block.get(f"{entered}TimestampMonotonic", ""), uptime_us, now),
        )
        for name in dict.fromkeys(inert(one, 255) for one in names if one)
    ]


def _since(entered_us: str, uptime_us: int | None, now: datetime) -> datetime | None:
    if uptime_us is None or not _is_count(entered_us) or not int(entered_us):
        return None
    ago_us = uptime_us - int(entered_us)
    return now - timedelta(microseconds=ago_us) if 0 <= ago_us < 10**17 else None


def _uptime_us(sections: Mapping[str, Sequence[str]]) -> int | None:
    words = " ".join(sections.get("uptime", ())[:1]).split()
    whole, _, part = words[0].partition(".") if words else ("", "", "")
    if not _is_count(whole):
        return None
    return int(whole) * 1_000_000 + (int(part[:6].ljust(6, "0")) if _is_count(part) else 0)


def _by_status(line: str, words: Mapping[int, Inside]) -> ServiceState:
    status, _, name = line.partition(" ")
    if status == "absent":
        inside = Inside.NOT_INSTALLED
    else:
        inside = words.get(int(status), Inside.UNKNOWN) if _is_count(status) else Inside.UNKNOWN
    return ServiceState(name=inert(name, 255), inside=inside)


def _is_count(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 18
