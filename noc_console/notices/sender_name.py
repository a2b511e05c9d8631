"""What a sender of notices calls itself, and what its name tells once it is gone.

The name holds the machine, the process, the start of the machine, and a word of its own. After the
machine itself went down, what the sender wrote last in haste may be lost (`QuickWriter`).
"""

import os
import secrets
import socket
from pathlib import Path

import psutil

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def own_name() -> str:
    """Give a name for a sender of this process."""
    return f"{socket.gethostname()}:{os.getpid()}:{_boot()}:{secrets.token_hex(4)}"


def is_gone(who: str) -> bool:
    """Whether a sender ran on this machine and its process is no more."""
    host, pid, boot = _parts(who)
    if host != socket.gethostname() or not pid.isdecimal():
        return False
    return boot != _boot() or not psutil.pid_exists(int(pid))


def outlived_by_machine(who: str) -> bool:
    """Whether the machine a sender ran on is this one, and has run without a break since."""
    host, _, boot = _parts(who)
    return host == socket.gethostname() and boot == _boot()


def _parts(who: str) -> tuple[str, str, str]:
    host, pid, boot = (*who.split(":"), "", "")[:3]
    return host, pid, boot


def _boot() -> str:
    """Give a word that differs for each start of this machine."""
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip().replace("-", "")[:12]
    except OSError:  # not Linux: the minute the machine started
        return f"{round(psutil.boot_time() / 60)}"
