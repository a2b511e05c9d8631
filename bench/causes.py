"""Ten and more real causes on a real server, and whom the suspects name: `python -m bench.causes`.

Each runs on a server of its own (`bench.sick_server`) that a real engine records; then the suspects
are ranked from the evidence alone. With `--write` docs/suspects.md gets the table. Needs root.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.cause_scripts import CAUSES, Cause, Place
from bench.sick_server import account, sick_server
from noc_console.incidents.evidence.evidence_reading import suspects_of
from noc_console.incidents.evidence.evidence_records import get_recording
from noc_console.incidents.evidence.suspects import Suspect
from noc_console.store.location import StoreLocation
from noc_console.store.orders import OrderState, get, place
from noc_console.store.store import Store, open_store
from tests.engine.running import RunningEngine, add, is_up, numbers_of, wait_until

PAGE = Path(__file__).parents[1] / "docs" / "suspects.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
IDLE = "import time\nwhile True:\n    sum(range(200_000))\n    time.sleep(0.1)\n"
"""What the innocent account does meanwhile: a little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """What came of one cause: where the true culprit stands (1 is first, 0: not named)."""

    cause: Cause
    culprit: str
    place: int
    suspects: tuple[Suspect, ...]
    exhibits: int
    stored_bytes: int


def run_cause(cause: Cause, folder: Path) -> Ranking:
    """Make one server sick, record it, and rank its suspects."""
    environment = {
        "MAIL_CONFIG": str(folder / "mail" / "conf"),
        "PGHOST": str(folder / "postgresql"),
    }
    with ExitStack() as stack:
        server = stack.enter_context(sick_server(folder, environment))
        culprit = stack.enter_context(account("shop"))
        innocent = stack.enter_context(account("blog"))
        store = stack.enter_context(closing(open_store(StoreLocation.parse(str(folder / "store")))))
        engine = RunningEngine(store, folder)
        stack.callback(engine.end)
        engine.wait_until_watching()
        added = add(store, server.sshd, "sick")
        wait_until(lambda: is_up(store, added), 60)
        server.run_python(IDLE, innocent, "public_html/index.py")
        recording_id = _order(store, added.id, "record now", minutes=10)
        wait_until(lambda: numbers_of(store, recording_id, "processes"), 60)
        with ExitStack() as of_cause:
            around = Place(
                server=server,
                culprit=culprit,
                innocent=innocent,
                folder=folder,
            )
            who = cause.begin(around, of_cause)
            time.sleep(cause.seconds)
            _order(store, added.id, "stop recording")
            wait_until(lambda: get_recording(store, recording_id, _now()).ended_at, 30)
            suspects = suspects_of(store, recording_id)
            found = get_recording(store, recording_id, _now())
    names = [one.who for one in suspects]
    return Ranking(
        cause=cause,
        culprit=who,
        place=names.index(who) + 1 if who in names else 0,
        suspects=suspects,
        exhibits=found.exhibits,
        stored_bytes=found.stored_bytes,
    )


def _order(store: Store, server_id: int, kind: str, **request: object) -> int:
    order_id = place(
        store, kind, server_id=server_id, request=request, asked_by="bench", now=_now()
    )
    wait_until(lambda: get(store, order_id).state.is_closed, 60)
    order = get(store, order_id)
    if order.state is not OrderState.DONE or order.outcome is None:
        raise RuntimeError(f"{kind}: {order.outcome}")
    return int(order.outcome["recording_id"])


def _now() -> datetime:
    return datetime.now(UTC)


def table(rankings: Sequence[Ranking]) -> str:
    """Give the table of the page."""
    lines = [
        "| cause | true culprit | place | what the first suspect's words are |",
        "|---|---|---|---|",
    ]
    for one in rankings:
        words = one.suspects[0].words if one.suspects else "nobody is named"
        culprit, words = _without_numbers(one.culprit), _without_numbers(words)
        first = one.place or "not named"
        lines.append(f"| {one.cause.words} | {culprit} | {first} | {words.replace('|', '/')} |")
    first = sum(one.place == 1 for one in rankings)
    lines.append("")
    lines.append(f"The true culprit comes first in {first} of {len(rankings)}.")
    return "\n".join(lines)


def _without_numbers(text: str) -> str:
    """Names of accounts and folders are made up for each run; the page calls them by one name."""
    text = re.sub(r"/\w+/noc-causes-\w+/[\w\-]+", "/srv", text)
    text = re.sub(r"\bshop\d+", "shop12", text)
    return re.sub(r"\bblog\d+", "blog7", text)


def main() -> int:
    """Run the causes that were asked for; exit status 1 when fewer than nine in ten are found."""
    parser = argparse.ArgumentParser(prog="bench.causes", description=__doc__)
    names = [one.name for one in CAUSES]
    parser.add_argument("--only", action="append", choices=names, metavar="CAUSE")
    parser.add_argument("--write", action="store_true", help="put the table into docs/suspects.md")
    arguments = parser.parse_args()
    chosen = [one for one in CAUSES if one.name in (arguments.only or names)]
    rankings = []
    with ExitStack() as stack:
        whole = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="noc-causes-")))
        whole.chmod(0o755)
        for cause in chosen:
            folder = whole / cause.name
            folder.mkdir()
            rankings.append(run_cause(cause, folder))
            _print(rankings[-1])
    print(table(rankings))
    if arguments.write:
        _write(table(rankings))
    return 0 if sum(one.place == 1 for one in rankings) >= 0.9 * len(rankings) else 1


def _print(ranking: Ranking) -> None:
    print(f"\n== {ranking.cause.name}: {ranking.culprit} is at place {ranking.place or '-'}")
    print(f"   {ranking.exhibits} exhibits, {ranking.stored_bytes / 1000:.0f} kB")
    for suspect in ranking.suspects[:5]:
        print(f"   {suspect.score:5.2f}  {suspect.who}: {suspect.words}", flush=True)


def _write(measured: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    machine = f"{os.cpu_count()} cores, {_now():%Y-%m-%d}"
    PAGE.write_text(
        f"{before}{BEGIN}\n\nMeasured with `python -m bench.causes --write` ({machine}):\n\n"
        f"{measured}\n\n{END}{after}",
        encoding="utf-8",
    )


if __name__ == "__main__":
    sys.exit(main())
