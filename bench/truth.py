"""Is what we tell true? Watch this machine beside vmstat, sar and node_exporter, and compare.

`python -m bench.truth --minutes 10 [--write docs/truth.md]`. Load must be equal, CPU within one
point on means of a minute, memory and network within one percent. Exit status 1 when it is not so.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

from bench.our_watch import LocalWatch, ProbeWatch
from bench.truth_series import Comparison, Within, compare
from bench.unrest import INTERFACE, may_make_traffic, unrest
from bench.witnesses import NodeExporter, Sar, Vmstat, Witness, is_here
from noc_console.links.host_keys import KnownKeys
from noc_console.links.ssh import SshConnection, connect
from tests.sshd import Sshd, free_port

TICK_S = 5.0
HEAD_START_S = 3.0
"""The witnesses begin earlier, so that they cover our first minute whole."""

_METRICS = (
    *(("load1", Within.EQUAL), ("load5", Within.EQUAL), ("load15", Within.EQUAL)),
    *(
        (name, Within.ONE_POINT)
        for name in (
            *("cpu_percent", "cpu_user_percent", "cpu_system_percent"),
            *("iowait_percent", "steal_percent"),
        )
    ),
    ("mem_available_bytes", Within.ONE_PERCENT),
    (f"net_rx_bytes_per_s:{INTERFACE}", Within.ONE_PERCENT),
    (f"net_tx_bytes_per_s:{INTERFACE}", Within.ONE_PERCENT),
)


def watch(seconds: float, folder: Path) -> list[Comparison]:
    """Watch this machine while it is stirred; gives every metric beside every witness of it."""
    with ExitStack() as stack:
        stack.enter_context(unrest())
        sshd = Sshd(folder / "sshd").start()
        stack.callback(sshd.stop)
        connection = stack.enter_context(closing(_connect(sshd)))
        ours: list[Witness] = [ProbeWatch(connection, TICK_S), LocalWatch(TICK_S)]
        witnesses = _witnesses()
        for one in witnesses:
            one.start()
            stack.callback(one.stop)
        time.sleep(HEAD_START_S)
        for one in ours:
            one.start()
            stack.callback(one.stop)
        time.sleep(seconds)
    return [
        compare(metric, within, (one.name, one.readings), (witness.name, witness.readings))
        for metric, within in _METRICS
        for one in ours
        for witness in witnesses
        if any(metric in reading.values for reading in witness.readings)
    ]


def _witnesses() -> list[Witness]:
    """Give the witnesses that are installed."""
    found: list[Witness] = []
    if is_here("vmstat"):
        found.append(Vmstat())
    if is_here("sar"):
        found.append(Sar())
    if is_here("prometheus-node-exporter"):
        found.append(NodeExporter(free_port()))
    return found


def _connect(sshd: Sshd) -> SshConnection:
    line = sshd.host_key_line
    known = KnownKeys(accepted=lambda *_: [line], same_key_as=lambda *_: [], files=())
    return connect(sshd.server(), known=known, secrets=lambda *_: None)


def in_markdown(comparisons: Sequence[Comparison]) -> str:
    """Give the table: a row for each metric and way of ours, a column for each witness."""
    witnesses = list(dict.fromkeys(one.witness for one in comparisons))
    lines = [
        f"| metric | we, by | we say | compared | must be | {' | '.join(witnesses)} | |",
        f"|---|---|---:|---:|---|{'---:|' * len(witnesses)}---|",
    ]
    rows: dict[tuple[str, str], dict[str, Comparison]] = {}
    for one in comparisons:
        rows.setdefault((one.metric, one.ours), {})[one.witness] = one
    for (metric, ours), row in rows.items():
        first = next(iter(row.values()))
        counted = f"{first.count} {'readings' if first.within is Within.EQUAL else 'minutes'}"
        must = "equal" if first.within is Within.EQUAL else f"within {first.within.value}"
        worst = [_worst(row[name]) if name in row else "" for name in witnesses]
        holds = all(one.holds for one in row.values())
        lines.append(
            f"| `{metric}` | {ours} | {_figure(first.our_mean)} | {counted} | {must} "
            f"| {' | '.join(worst)} | {'holds' if holds else '**DOES NOT HOLD**'} |"
        )
    return "\n".join(lines) + "\n"


_PAGE = """\
# Is what the console tells true?

Measured with `python -m bench.truth --minutes {minutes}` on {date} ({machine}, Python {python}).

The machine was watched in both of our ways, by the probe over a real SSH connection and by psutil,
each with a tick of {tick} s. Beside them ran vmstat, sar and node_exporter, each with one of 1 s.
Meanwhile one program burned CPU in changing shares, another took memory and gave it back, and two
sent packets over the interface `{interface}`.

CPU, memory and network are compared as means of a minute; a witness's column gives the worst
minute. A load is equal when the witness said the same just before or just after.

{held} of {count} comparisons hold.

{table}
## What the table does not show

Disks, swap and pressure are read from the same files of the kernel and have no witness here that
counts them in the same way: tests hold their arithmetic to files of a known content. Time is held
by tests of its own: a shown age is the real age of the sample, three missed ticks make it stale
(`tests/end_to_end/test_shown_age.py`), and the console's own absence is a gap named "not watched"
(`tests/engine/test_engine_life.py`). A minute of this table is part of `make test`.
"""


def _worst(one: Comparison) -> str:
    match one.within:
        case Within.EQUAL:
            return f"{one.worst:.0f} differ"
        case Within.ONE_POINT:
            return f"{one.worst:.2f} points"
        case Within.ONE_PERCENT:
            return f"{one.worst:.3f} %"


def _figure(value: float) -> str:
    return f"{value:.2f}" if value < 1000 else f"{value:,.0f}"


def _page(comparisons: Sequence[Comparison], minutes: float) -> str:
    held = sum(one.holds for one in comparisons)
    return _PAGE.format(
        minutes=f"{minutes:g}",
        machine=f"{platform.system()} {platform.release()}, {os.cpu_count()} cores",
        python=platform.python_version(),
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        tick=f"{TICK_S:g}",
        interface=INTERFACE,
        held=held,
        count=len(comparisons),
        table=in_markdown(comparisons),
    )


def main() -> int:
    """Watch as long as was asked and print the table; gives the exit status."""
    parser = argparse.ArgumentParser(prog="bench.truth", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long; 10 where not given")
    parser.add_argument("--write", type=Path, metavar="FILE", help="also write the page here")
    arguments = parser.parse_args()
    if not may_make_traffic():
        print("Without root there is no traffic to compare.", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="noc-truth-") as folder:
        comparisons = watch(arguments.minutes * 60 + TICK_S + 3, Path(folder))
    print(in_markdown(comparisons), end="")
    if arguments.write:
        arguments.write.write_text(_page(comparisons, arguments.minutes), encoding="utf-8")
    return 0 if comparisons and all(one.holds for one in comparisons) else 1


if __name__ == "__main__":
    sys.exit(main())
