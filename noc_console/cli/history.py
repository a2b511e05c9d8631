"""`noc-console history`: what one server told over a stretch of time."""

import argparse
import difflib
import json
import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from noc_console.errors import ConsoleError

if TYPE_CHECKING:
    from noc_console.store.history import History

_STEPS = {"auto": "AUTO", "raw": "RAW", "1m": "ONE_MINUTE", "5m": "FIVE_MINUTES"}
_NEAR_NAMES = 6


class UnknownMetric(ConsoleError):
    """A metric that neither the catalogue nor the server's history knows."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which server, which metrics, and from when to when."""
    parser.add_argument("name", metavar="NAME", help="the server")
    parser.add_argument(
        "--metric",
        dest="metrics",
        metavar="M",
        action="append",
        required=True,
        help="such as load1; may be given several times",
    )
    parser.add_argument(
        "--since",
        default="1h",
        metavar="MOMENT",
        help="from when on: 1h, 7d or 2026-05-01T14:30 (default: 1h)",
    )
    parser.add_argument("--until", default="0s", metavar="MOMENT", help="as --since (default: now)")
    parser.add_argument(
        "--step",
        choices=_STEPS,
        default="auto",
        help="every sample, or steps of 1 or 5 minutes (default: by the time asked for)",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--csv", action="store_true", help="print CSV")


def run(arguments: argparse.Namespace) -> int:
    """Print the history of one server.

    Raises:
        ConsoleError: for an unknown server, metric or moment, or a store that cannot be used.
    """
    from noc_console.cli.history_output import as_csv, as_json, as_lines, not_watched_lines
    from noc_console.cli.moments import parse_moment
    from noc_console.fleet.records import get_server
    from noc_console.store.history import History, Step
    from noc_console.store.location import StoreLocation
    from noc_console.store.store import open_store

    now = datetime.now(UTC)
    start, end = parse_moment(arguments.since, now), parse_moment(arguments.until, now)
    if start >= end:
        raise ConsoleError("--since must lie before --until.")
    store = open_store(StoreLocation.parse(arguments.store))
    try:
        server = get_server(store, arguments.name)
        history = History(store)
        metrics = list(dict.fromkeys(arguments.metrics))
        _check_metrics(history, server.id, metrics, start, end)
        told = history.read(server.id, metrics, start, end, Step[_STEPS[arguments.step]])
    finally:
        store.close()
    if arguments.json:
        print(json.dumps(as_json(server.name, metrics, start, end, told)))
    elif arguments.csv:
        print(as_csv(metrics, told), end="")
        print(
            *not_watched_lines(told), sep="\n", end="\n" * bool(told.not_watched), file=sys.stderr
        )
    else:
        print(*as_lines(metrics, told, shutil.get_terminal_size().columns), sep="\n")
    return 0


def _check_metrics(
    history: "History", server_id: int, metrics: Sequence[str], start: datetime, end: datetime
) -> None:
    """Refuse a metric that nobody knows, with the near names of those that are known."""
    from noc_console.telemetry.metrics import METRICS

    known = {*METRICS, *history.metrics_of(server_id, start, end)}
    for metric in metrics:
        if metric not in known:
            raise UnknownMetric(unknown_metric_sentence(metric, known))


def unknown_metric_sentence(metric: str, known: "set[str]") -> str:
    """Say that a metric is unknown, and which names are near."""
    near = difflib.get_close_matches(metric, sorted(known), n=_NEAR_NAMES, cutoff=0.5)
    near += [name for name in sorted(known) if name.startswith(metric) and name not in near]
    if near:
        return (
            f"{metric!r} is no metric of this server; did you mean {', '.join(near[:_NEAR_NAMES])}?"
        )
    return f"{metric!r} is no metric of this server; docs/metrics.md lists them all."
