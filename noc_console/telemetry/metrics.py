"""The catalogue of metrics: name, unit, what it is and where the kernel documents it.

Pure: no I/O, no clock. A metric of one thing among many carries the thing's name after a colon,
as in `net_rx_bytes_per_s:eth0`; `family` gives the part before it.
"""

from dataclasses import dataclass
from enum import Enum


class Unit(Enum):
    """Units as shown after a number."""

    NONE = ""
    PERCENT = "%"
    BYTES = "B"
    BYTES_PER_S = "B/s"
    SECONDS = "s"
    MILLISECONDS = "ms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One kind of figure. `source` names the file and field, for tracing a figure to its origin."""

    name: str
    unit: Unit
    title: str
    source: str


def _metrics(*rows: tuple[str, Unit, str, str]) -> dict[str, Metric]:
    return {
        name: Metric(name=name, unit=unit, title=title, source=source)
        for name, unit, title, source in rows
    }


METRICS = _metrics(
    ("load1", Unit.NONE, "Load, 1 min", "/proc/loadavg field 1"),
    ("load5", Unit.NONE, "Load, 5 min", "/proc/loadavg field 2"),
    ("load15", Unit.NONE, "Load, 15 min", "/proc/loadavg field 3"),
    ("tasks_running", Unit.NONE, "Runnable tasks", "/proc/loadavg field 4"),
    ("tasks_total", Unit.NONE, "Tasks", "/proc/loadavg field 4"),
    ("tasks_blocked", Unit.NONE, "Tasks waiting for I/O", "/proc/stat procs_blocked"),
    ("cores", Unit.NONE, "Cores", "/proc/stat cpuN lines"),
    ("cpu_percent", Unit.PERCENT, "CPU busy", "/proc/stat cpu, 100 - idle - iowait"),
    ("cpu_user_percent", Unit.PERCENT, "CPU user and nice", "/proc/stat cpu"),
    ("cpu_system_percent", Unit.PERCENT, "CPU system and interrupts", "/proc/stat cpu"),
    ("iowait_percent", Unit.PERCENT, "CPU waiting for I/O", "/proc/stat cpu iowait"),
    ("steal_percent", Unit.PERCENT, "CPU stolen by the host", "/proc/stat cpu steal"),
    ("core_percent", Unit.PERCENT, "One core busy", "/proc/stat cpuN"),
    ("mem_total_bytes", Unit.BYTES, "Memory", "/proc/meminfo MemTotal"),
    ("mem_available_bytes", Unit.BYTES, "Memory available", "/proc/meminfo MemAvailable"),
    ("mem_used_percent", Unit.PERCENT, "Memory used", "100 - MemAvailable / MemTotal"),
    ("swap_total_bytes", Unit.BYTES, "Swap", "/proc/meminfo SwapTotal"),
    ("swap_used_percent", Unit.PERCENT, "Swap used", "100 - SwapFree / SwapTotal"),
    ("swap_in_bytes_per_s", Unit.BYTES_PER_S, "Swap in", "/proc/vmstat pswpin"),
    ("swap_out_bytes_per_s", Unit.BYTES_PER_S, "Swap out", "/proc/vmstat pswpout"),
    ("net_rx_bytes_per_s", Unit.BYTES_PER_S, "Received", "/proc/net/dev"),
    ("net_tx_bytes_per_s", Unit.BYTES_PER_S, "Sent", "/proc/net/dev"),
    ("disk_read_bytes_per_s", Unit.BYTES_PER_S, "Disk read", "/proc/diskstats"),
    ("disk_write_bytes_per_s", Unit.BYTES_PER_S, "Disk write", "/proc/diskstats"),
    ("disk_busy_percent", Unit.PERCENT, "Disk busy", "/proc/diskstats field 13"),
    ("mount_used_percent", Unit.PERCENT, "Disk space used", "df, used / (used + available)"),
    ("mount_inodes_used_percent", Unit.PERCENT, "Inodes used", "df -i"),
    ("pressure_cpu_some_percent", Unit.PERCENT, "CPU pressure, 10 s", "/proc/pressure/cpu some"),
    ("pressure_memory_some_percent", Unit.PERCENT, "Memory pressure", "/proc/pressure/memory some"),
    ("pressure_memory_full_percent", Unit.PERCENT, "Memory stall", "/proc/pressure/memory full"),
    ("pressure_io_some_percent", Unit.PERCENT, "I/O pressure", "/proc/pressure/io some"),
    ("pressure_io_full_percent", Unit.PERCENT, "I/O stall", "/proc/pressure/io full"),
    ("files_open", Unit.NONE, "Open files", "/proc/sys/fs/file-nr"),
    ("files_max", Unit.NONE, "Open files, limit", "/proc/sys/fs/file-nr"),
    ("tcp_established", Unit.NONE, "TCP established", "/proc/net/snmp CurrEstab"),
    ("tcp_in_use", Unit.NONE, "TCP sockets in use", "/proc/net/sockstat"),
    ("tcp_time_wait", Unit.NONE, "TCP time-wait", "/proc/net/sockstat"),
    ("tcp_orphaned", Unit.NONE, "TCP orphaned", "/proc/net/sockstat"),
    ("uptime_s", Unit.SECONDS, "Up for", "/proc/uptime field 1"),
    ("oom_kills", Unit.NONE, "OOM kills since boot", "/proc/vmstat oom_kill"),
    ("zombies", Unit.NONE, "Zombies", "/proc/PID/stat state Z"),
    ("mail_queue", Unit.NONE, "Mails in the queue", "postqueue -j, or exim -bpc"),
    ("conntrack_entries", Unit.NONE, "Connections tracked", "/proc/sys/net/netfilter"),
    ("conntrack_used_percent", Unit.PERCENT, "Connection tracking full", "of nf_conntrack_max"),
    (
        "raid_redundancy_lost_percent",
        Unit.PERCENT,
        "RAID redundancy lost",
        "/proc/mdstat, disks gone of those it may lose",
    ),
    ("clock_offset_s", Unit.SECONDS, "Clock offset", "boot time and uptime against our clock"),
    ("check_latency_ms", Unit.MILLISECONDS, "Answer time", "outside check"),
    (
        "link_latency_ms",
        Unit.MILLISECONDS,
        "Probe round trip",
        "engine clock, tick to end of frame",
    ),
)


def family(name: str) -> str:
    """Give the catalogue name of a metric: `net_rx_bytes_per_s:eth0` is `net_rx_bytes_per_s`."""
    return name.partition(":")[0]
