"""What `reboot` and `restart` share: the words, the questions of the gate, following what comes."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from noc_console.cli.command_module import UsageError
from noc_console.cli.confirm import agrees
from noc_console.cli.moments import iso, span_text
from noc_console.cli.terminal_text import as_typed, inert
from noc_console.cli.who import own_name
from noc_console.errors import ConsoleError
from noc_console.fleet.records import get_server
from noc_console.fleet.server import Server
from noc_console.incidents.gate.gate import ActKind, GateAct, Snapshot, some_of
from noc_console.incidents.gate.gate_asking import (
    Known,
    Progress,
    Wish,
    ask,
    ask_to_look,
    look_of,
    progress_of,
    read_known,
)
from noc_console.incidents.gate.gate_comparison import lost_by_reboot
from noc_console.store import orders
from noc_console.store.heartbeat import living_engine
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store

POLL_S = 0.2
LOOK_WITHIN_S = 75.0
TAKEN_WITHIN_S = 15.0
_SHOWN_NAMES = 8
_MARKS = {True: "ok", False: "!!", None: ".."}


class NotWell(ConsoleError):
    """It was done and not all is well, or it was not done; the sentence says which."""


def add_words(parser: argparse.ArgumentParser) -> None:
    """Declare what both commands understand."""
    parser.add_argument("--reason", metavar="TEXT", help="why, in one line; it is kept")
    parser.add_argument(
        "--type-name",
        metavar="NAME",
        help="the server's name once more, instead of typing it when asked",
    )
    parser.add_argument(
        "--without-evidence",
        metavar="WHY",
        help="do not have evidence recorded first, and say why; it is kept with your name",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def carry_out(
    arguments: argparse.Namespace, kind: ActKind, service: str = "", within_s: float | None = None
) -> int:
    """Ask what the gate asks, have it done, tell each step.

    Raises:
        NotWell: it was not done, or not all is well.
        ConsoleError: it cannot be asked for.
    """
    silent = bool(arguments.json)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        server = get_server(store, arguments.name)
        now = datetime.now(UTC)
        known = read_known(store, server, now)
        if not silent:
            _tell_before(store, server, known, kind)
        wish = Wish(
            kind=kind,
            reason=_reason(arguments, server),
            typed_name=_typed_name(arguments, server, kind, service),
            service=service,
            without_evidence=_without_evidence(arguments),
            back_within_s=within_s,
        )
        order_id = ask(store, server, wish, own_name(), datetime.now(UTC))
        progress = _follow(store, order_id, _be_silent if silent else print_step)
    act = progress.act
    if silent:
        print(json.dumps(as_json(act, progress)), flush=True)
    if act is None or act.is_well is not True:
        raise NotWell(progress.sentence or "It did not come to an end.")
    if not silent:
        print(inert(progress.sentence))
    return 0


def _tell_before(store: Store, server: Server, known: Known, kind: ActKind) -> None:
    affected = known.affected
    print(f"Affected: {affected.words}")
    for title, names in (
        ("customers", affected.customers),
        ("sites", affected.sites),
        ("reached through it", affected.reached_through),
    ):
        if names:
            print(f"  {title}: {inert(some_of(names, _SHOWN_NAMES))}")
    if affected.partner:
        print(f"  its partner {inert(affected.partner)} may take over")
    print(f"Recorded so far: {recorded_words(known, datetime.now(UTC))}")
    if known.under_way is not None:
        print(f"Under way: {inert(known.under_way.deed)}, asked by {known.under_way.asked_by}")
    if kind is ActKind.REBOOT and sys.stdin.isatty():
        _tell_look(_look(store, server))


def recorded_words(known: Known, now: datetime) -> str:
    """Give in one line what evidence there is."""
    if not known.recordings:
        return "nothing"
    newest = known.recordings[0]
    age = span_text(max(0.0, (now - newest.last_at).total_seconds()))
    return (
        f"recording {newest.id} ({newest.state.value}), {newest.exhibits} exhibits, "
        f"the newest {age} old"
    )


def _look(store: Store, server: Server) -> Snapshot | None:
    """Have the server looked at; None where it does not answer in time."""
    order_id = ask_to_look(store, server, own_name(), datetime.now(UTC))
    ends_s = time.monotonic() + LOOK_WITHIN_S
    print("Looking at the server …", flush=True)
    while time.monotonic() < ends_s:
        order = orders.get(store, order_id)
        if order.state.is_closed:
            return look_of(order)
        time.sleep(POLL_S)
    orders.cancel(store, order_id, datetime.now(UTC))
    return None


def _tell_look(look: Snapshot | None) -> None:
    if look is None:
        print("Would be lost: not known, the server could not be looked at in time")
        return
    print(f"Would be lost: {inert('; '.join(lost_by_reboot(look)) or 'not known')}")
    for words in look.missing:
        print(f"  not seen: {inert(words)}")


def _reason(arguments: argparse.Namespace, server: Server) -> str:
    if arguments.reason is not None:
        given = str(arguments.reason)
    elif sys.stdin.isatty():
        print(f"Why, in one line, for {inert(server.name)}: ", end="", flush=True)
        given = sys.stdin.readline()
    else:
        raise UsageError("There is no terminal to ask on; give --reason TEXT.")
    given = " ".join(given.split())
    if not given:
        raise UsageError("Say in one line why; it is kept with what was done.")
    return given


def _typed_name(arguments: argparse.Namespace, server: Server, kind: ActKind, service: str) -> str:
    if arguments.type_name is not None:
        if arguments.type_name != server.name:
            raise UsageError(f"--type-name is not {server.name}; nothing was done.")
        return server.name
    what = "Reboot" if kind is ActKind.REBOOT else f"Restart {service} on"
    instead = f"give --type-name {as_typed([server.name])}"
    if not agrees(f"{what} {server.name}?", answer=server.name, instead=instead):
        raise ConsoleError("The name typed is another one; nothing was done.")
    return server.name


def _without_evidence(arguments: argparse.Namespace) -> str:
    if arguments.without_evidence is None:
        return ""
    why = " ".join(str(arguments.without_evidence).split())
    if not why:
        raise UsageError("--without-evidence needs a reason; it is kept with your name.")
    return why


Tell = Callable[[datetime, str, bool | None], None]


def _be_silent(_at: datetime, _words: str, _ok: bool | None) -> None:
    pass


def print_step(at: datetime, words: str, ok: bool | None) -> None:
    """Print one step with its local time."""
    print(f"{at.astimezone():%H:%M:%S}  {_MARKS[ok]}  {inert(words)}", flush=True)


def _follow(store: Store, order_id: int, tell: Tell) -> Progress:
    """Follow to the end; an interrupt leaves it going and says so.

    Raises:
        ConsoleError: nobody takes it up.
    """
    told, started_s, said_no_engine = 0, time.monotonic(), False
    while True:
        progress = progress_of(store, order_id)
        steps = progress.act.steps if progress.act is not None else ()
        for step in steps[told:]:
            if step.words != progress.sentence:  # the sentence is told at the end
                tell(step.at, step.words, step.ok)
        told = len(steps)
        if progress.is_over:
            return progress
        waited_s = time.monotonic() - started_s
        if progress.order.state is orders.OrderState.WAITING and waited_s > TAKEN_WITHIN_S:
            orders.cancel(store, order_id, datetime.now(UTC))
            raise ConsoleError(
                f"The engine has not taken this up within {TAKEN_WITHIN_S:.0f} seconds, so it was "
                "withdrawn; look at `noc-console status`, then ask again."
            )
        if not said_no_engine and living_engine(store, datetime.now(UTC)) is None:
            said_no_engine = True
            tell(datetime.now(UTC), "no engine watches now; the next one goes on with this", None)
        time.sleep(POLL_S)


def as_json(act: GateAct | None, progress: Progress) -> dict[str, Any]:
    """Give what came of it, with everything that was seen."""
    if act is None:
        return {"state": progress.order.state.value, "sentence": progress.sentence}
    return act_as_json(act)


def act_as_json(act: GateAct) -> dict[str, Any]:
    """Give one act with everything that was seen."""
    return {
        "id": act.id,
        "kind": act.kind.value,
        "server": act.server_name,
        "service": act.service or None,
        "asked_by": act.asked_by,
        "asked_at": iso(act.asked_at),
        "reason": act.reason,
        "affected": asdict(act.affected),
        "evidence_id": act.evidence_id,
        "evidence": act.evidence_words,
        "command": act.command,
        "state": act.state.value,
        "is_well": act.is_well,
        "sentence": act.sentence,
        "sent_at": _iso(act.sent_at),
        "gone_at": _iso(act.gone_at),
        "back_at": _iso(act.back_at),
        "steps": [{"at": iso(one.at), "words": one.words, "ok": one.ok} for one in act.steps],
        "findings": [asdict(one) for one in act.findings],
        "before": _look_json(act.before),
        "after": _look_json(act.after),
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else iso(at)


def _look_json(look: Snapshot | None) -> dict[str, Any] | None:
    return None if look is None else asdict(look) | {"at": iso(look.at)}
