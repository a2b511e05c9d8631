"""`noc-console audit run`: collect this month's audit, followed to its end."""

import argparse
import json
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from noc_console.audit.asking import ask_to_run
from noc_console.audit.audit import Audit
from noc_console.audit.audit_records import get_audit, open_audit, results_of, servers_of
from noc_console.audit.catalogue import checks_folder, load_catalogue
from noc_console.audit.month_records import check_month
from noc_console.cli.audit_choice import chosen_servers
from noc_console.cli.audit_order import follow, some_engine
from noc_console.cli.audit_words import audit_as_json, counted, counts_words, result_counts
from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.store.location import StoreLocation
from noc_console.store.orders import Order, OrderState
from noc_console.store.store import Store, open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is collected."""
    parser.description = (
        "Collect an audit: every check of every server, or only some. What was collected before is"
        " written over by what is found now; decisions stay. The engine that watches the store does"
        " it, or one of our own. Ctrl+C withdraws it and keeps what is there."
    )
    parser.add_argument("--month", metavar="MONTH", help="such as 2026-11 (default: this month)")
    parser.add_argument(
        "--server", action="append", default=[], metavar="NAME", help="only this server (repeat)"
    )
    parser.add_argument(
        "--group", action="append", default=[], metavar="G", help="only this group (repeat)"
    )
    parser.add_argument(
        "--check", action="append", default=[], metavar="ID", help="only this check (repeat)"
    )
    parser.add_argument(
        "--heavy-now",
        action="store_true",
        help="do not wait for the hours that are set for heavy checks",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Collect; exits 1 where a server could not be asked or the run was not done.

    Raises:
        ConsoleError: it cannot be run.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        audit, order_wants = _opened(store, arguments)
        with some_engine(store):
            order_id = ask_to_run(
                store,
                audit.id,
                checks=order_wants,
                servers=[one.id for one in chosen_servers(store, arguments.server, arguments.group)]
                if arguments.server or arguments.group
                else None,
                heavy_now=arguments.heavy_now,
                asked_by=own_name(),
                now=datetime.now(UTC),
            )
            order = follow(store, order_id, _silent if arguments.json else _tell)
        _print(store, get_audit(store, audit.id), order, as_json=arguments.json)
    return 0 if order.state is OrderState.DONE and (order.outcome or {}).get("ok") else 1


def _opened(store: Store, arguments: argparse.Namespace) -> tuple[Audit, list[str] | None]:
    catalogue = load_catalogue(checks_folder(store.location))
    checks = [catalogue.check(one).id for one in arguments.check] or None
    month = arguments.month or f"{datetime.now().astimezone():%Y-%m}"
    check_month(month)
    audit = open_audit(
        store,
        month,
        chosen_servers(store, arguments.server, arguments.group),
        catalogue=catalogue.sha256,
        by=own_name(),
        now=datetime.now(UTC),
    )
    return audit, checks


def _silent(_step: Mapping[str, Any]) -> None:
    """A script wants the outcome only."""


def _tell(step: Mapping[str, Any]) -> None:
    sign = {True: "ok", False: "failed", None: ".."}[step.get("ok")]
    done, of = ("heavy_done", "heavy_of") if step.get("heavy_done") else ("done", "of")
    count = f"{step[done]}/{step[of]}  " if done in step else ""
    at = datetime.fromisoformat(step["at"]).astimezone()
    print(
        f"{at:%H:%M:%S}  {sign:<6}  {count}{inert(step['name'])}: {inert(step['sentence'])}",
        flush=True,
    )


def _print(store: Store, audit: Audit, order: Order, *, as_json: bool) -> None:
    outcome = dict(order.outcome or {})
    sentence = outcome.get("sentence") or "The run was withdrawn; what was collected stays."
    counts = counted(results_of(store, audit.id).values())
    if as_json:
        told = {
            "audit": audit_as_json(audit, servers_of(store, audit.id)),
            "state": order.state.value,
            "ok": bool(outcome.get("ok")),
            "sentence": sentence,
            "failed": outcome.get("failed", []),
            "results": result_counts(counts),
        }
        print(json.dumps(told))
        return
    print(inert(sentence))
    print(f"Audit {audit.id} of {audit.month}: {counts_words(counts)}.")
    print(f"`noc-console audit show {audit.id}` shows what was found.")
