"""What the kernel of a made-up machine would show under /proc (proc(5)). Pure: no I/O, no clock."""

from collections.abc import Iterator

from noc_console.cli.demo_fleet.machine import WORKER_BYTES, Machine

TICKS_A_SECOND = 100
PAGE_BYTES = 4096
SECTOR_BYTES = 512
BYTES_A_REQUEST = 24_000
MOST_WORKERS_SHOWN = 32

_PROGRAMS = (
    # pid, name, share of the CPU time, share of the memory
    (1, "systemd", 0.001, 0.002),
    (412, "sshd", 0.001, 0.001),
    (455, "cron", 0.0005, 0.0005),
    (471, "postfix/master", 0.001, 0.002),
    (498, "nginx", 0.04, 0.01),
    (530, "mariadbd", 0.22, 0.28),
)
_WORKER = "php-fpm8.2"
_FIRST_WORKER_PID = 1200
_IDLE_WORKERS = 4
_WORKERS_SHARE = 0.7


def proc_files(machine: Machine, now_s: float) -> dict[str, str]:
    """Give each file's text by its path under /proc; `now_s` is the time as seconds since 1970."""
    return {
        "uptime": f"{machine.uptime_s:.2f} {machine.cpu_s['idle']:.2f}\n",
        "loadavg": _loadavg(machine),
        "stat": _stat(machine, now_s),
        "meminfo": _meminfo(machine),
        "vmstat": _vmstat(machine),
        "net/dev": _network(machine),
        "net/snmp": _snmp(machine),
        "net/sockstat": _sockets(machine),
        "diskstats": _disks(machine),
        "sys/fs/file-nr": f"{1800 + 60 * _workers(machine)}\t0\t811200\n",
        **_pressure(machine),
        **dict(_processes(machine)),
    }


def _workers(machine: Machine) -> int:
    return _IDLE_WORKERS + round(machine.waiting)


def _loadavg(machine: Machine) -> str:
    loads = " ".join(f"{load:.2f}" for load in machine.loads)
    tasks = 120 + 2 * _workers(machine)
    # the reader counts itself among the running, as on a real machine
    return f"{loads} {machine.tasks_running + 1}/{tasks} {_FIRST_WORKER_PID}\n"


def _stat(machine: Machine, now_s: float) -> str:
    cores = machine.hardware.cores
    lines = [_cpu_line("cpu ", machine, 1)]
    lines += [_cpu_line(f"cpu{core}", machine, cores) for core in range(cores)]
    blocked = round(machine.waiting * 0.4)
    lines += [
        f"ctxt {int(machine.served * 900)}",
        f"btime {int(now_s - machine.uptime_s)}",
        f"processes {int(machine.served * 2)}",
        f"procs_running {machine.tasks_running}",
        f"procs_blocked {blocked}",
    ]
    return "\n".join(lines) + "\n"


def _cpu_line(name: str, machine: Machine, parts: int) -> str:
    spent = {state: int(s * TICKS_A_SECOND / parts) for state, s in machine.cpu_s.items()}
    ticks = (spent["user"], 0, spent["system"], spent["idle"], spent["iowait"], 0, 0)
    return f"{name} {' '.join(map(str, ticks))} {spent['steal']} 0 0"


def _meminfo(machine: Machine) -> str:
    hardware = machine.hardware
    amounts = {
        "MemTotal": hardware.memory_bytes,
        "MemFree": machine.available_bytes * 0.6,
        "MemAvailable": machine.available_bytes,
        "SwapTotal": hardware.swap_bytes,
        "SwapFree": hardware.swap_bytes - machine.swapped_bytes,
    }
    return "".join(f"{name + ':':<15} {int(each / 1024):>9} kB\n" for name, each in amounts.items())


def _vmstat(machine: Machine) -> str:
    swapped_in = int(machine.swapped_in_bytes / PAGE_BYTES)
    swapped_out = int(machine.swapped_out_bytes / PAGE_BYTES)
    return f"pswpin {swapped_in}\npswpout {swapped_out}\noom_kill 0\n"


def _network(machine: Machine) -> str:
    received, sent = int(machine.served * 1800), int(machine.served * BYTES_A_REQUEST)
    title = "Inter-|   Receive                          |  Transmit\n face |bytes packets errs\n"
    return title + "".join(
        f"{name:>6}: {rx} {rx // 800} 0 0 0 0 0 0 {tx} {tx // 1200} 0 0 0 0 0 0\n"
        for name, rx, tx in (("lo", 9000, 9000), ("eth0", received, sent))
    )


def _snmp(machine: Machine) -> str:
    names = "RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets"
    established = 12 + _workers(machine) * 2
    return (
        f"Tcp: {names} CurrEstab\n"
        f"Tcp: 1 200 120000 -1 {int(machine.served)} {int(machine.served)} 0 0 {established}\n"
    )


def _sockets(machine: Machine) -> str:
    in_use = 20 + _workers(machine) * 2
    recent = int(machine.tasks_running * 6)
    return (
        f"sockets: used {in_use + 80}\nTCP: inuse {in_use} orphan 0 tw {recent} alloc {in_use}"
        " mem 9\n"
    )


def _disks(machine: Machine) -> str:
    read = machine.served * 3000 + machine.swapped_in_bytes
    written = machine.served * 9000 + machine.swapped_out_bytes
    busy_ms = machine.cpu_s["iowait"] / machine.hardware.cores * 1500 + machine.served * 1.5
    return (
        f"   8       0 sda {int(read / 16384)} 0 {int(read / SECTOR_BYTES)} {int(busy_ms)}"
        f" {int(written / 16384)} 0 {int(written / SECTOR_BYTES)} {int(busy_ms)}"
        f" 0 {int(busy_ms)} {int(busy_ms * 2)}\n"
    )


def _pressure(machine: Machine) -> dict[str, str]:
    percent = machine.pressures

    def line(share: str, average: float) -> str:
        return f"{share} avg10={average:.2f} avg60={average:.2f} avg300={average:.2f} total=0\n"

    return {
        "pressure/cpu": line("some", percent["cpu"]),
        "pressure/memory": line("some", percent["memory"]) + line("full", percent["memory full"]),
        "pressure/io": line("some", percent["io"]) + line("full", percent["io full"]),
    }


def _processes(machine: Machine) -> Iterator[tuple[str, str]]:
    spent_s = machine.cpu_s["user"] + machine.cpu_s["system"]
    for pid, name, of_cpu, of_memory in _PROGRAMS:
        size = int(of_memory * machine.hardware.memory_bytes)
        yield f"{pid}/stat", _process(pid, name, "S", spent_s * of_cpu, size)
    yield "1/comm", "systemd\n"
    workers = min(_workers(machine), MOST_WORKERS_SHOWN)
    for place in range(workers):
        pid = _FIRST_WORKER_PID + place
        # how a worker's past was shared does not matter: only what it spends from now on shows
        worker_s = spent_s * _WORKERS_SHARE / MOST_WORKERS_SHOWN
        state = "R" if place < machine.tasks_running else "S"
        yield f"{pid}/stat", _process(pid, _WORKER, state, worker_s, WORKER_BYTES)


def _process(pid: int, name: str, state: str, spent_s: float, memory_bytes: int) -> str:
    """Give a line of /proc/PID/stat: 52 fields, of which 14, 15, 22 and 24 tell something."""
    fields = ["0"] * 53
    fields[4:6] = ["1", "1"]
    fields[14] = str(int(spent_s * 0.75 * TICKS_A_SECOND))
    fields[15] = str(int(spent_s * 0.25 * TICKS_A_SECOND))
    fields[22] = str(1000 + pid)
    fields[24] = str(memory_bytes // PAGE_BYTES)
    return f"{pid} ({name}) {state} {' '.join(fields[4:])}\n"
