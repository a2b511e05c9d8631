"""What is read at a slow pace: mounts, processes, facts. Pure: no I/O, no clock."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """One mounted file system. Percentages are of what an ordinary user may fill (as df)."""

    mount: str
    device: str
    kind: str
    total_bytes: int
    used_percent: float
    inodes_used_percent: float | None
    """None where the file system has no fixed number of inodes, such as btrfs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One process by its executable name only: arguments can hold secrets and are never read.

    `cpu_percent` is of one core over the time since the reading before; None at the first one.
    """

    pid: int
    user: str
    name: str
    state: str
    cpu_percent: float | None
    memory_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What changes seldom. Empty text where the server did not tell."""

    hostname: str = ""
    system: str = ""
    kernel: str = ""
    machine: str = ""
    init: str = ""
    cores: int = 0
    memory_bytes: int = 0
    server_clock_offset_s: float | None = None
    """Server clock minus engine clock; None when unknown."""
