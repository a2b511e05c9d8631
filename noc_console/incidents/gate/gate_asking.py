"""Asking the gate for something, and following what comes of it: the same for window and terminal.

An order whose engine was killed is closed as failed, while the act it began goes on with the next
engine. So what is followed is the act, and the order only until there is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from noc_console.errors import ConsoleError
from noc_console.fleet.records import list_servers
from noc_console.fleet.server import Server
from noc_console.incidents.evidence.evidence import Recording
from noc_console.incidents.evidence.evidence_records import list_recordings
from noc_console.incidents.gate.gate import ActKind, Affected, GateAct, Snapshot, affected_by
from noc_console.incidents.gate.gate_records import (
    act_of_order,
    acts_of_server,
    open_acts,
    snapshot_from_json,
)
from noc_console.store import orders
from noc_console.store.heartbeat import living_engine
from noc_console.store.orders import Order, OrderState
from noc_console.store.store import Store

LOOK_BEFORE = "look before"
_RECORDINGS = 5
_ACTS = 5


class NobodyToAsk(ConsoleError):
    """No engine lives on the store."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "No engine is watching this store, so nothing can reach a server; start one with "
            "`noc-console engine` on a machine that may, then ask again."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person wants done to one server, and what the gate asked of them."""

    kind: ActKind
    reason: str
    typed_name: str
    service: str = ""
    without_evidence: str = ""
    """Why no evidence is to be taken; empty: it is taken."""
    back_within_s: float | None = None

    @property
    def request(self) -> dict[str, Any]:
        """The order's JSON."""
        return {
            "reason": self.reason,
            "typed_name": self.typed_name,
            "service": self.service,
            "without_evidence": self.without_evidence,
            "back_within_s": self.back_within_s,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a person sees before deciding, of what the store knows."""

    affected: Affected
    recordings: Sequence[Recording]
    """The newest first; what is recorded so far."""
    acts: Sequence[GateAct]
    """What passed the gate for this server before, the newest first."""
    under_way: GateAct | None
    services: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How an order and its act stand."""

    order: Order
    act: GateAct | None

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.act.state.is_closed if self.act is not None else self.order.state.is_closed

    @property
    def sentence(self) -> str:
        """What it came to; empty while it is under way."""
        if self.act is not None and self.act.sentence:
            return self.act.sentence
        if not self.order.state.is_closed or (self.act is not None and not self.is_over):
            return ""
        outcome = self.order.outcome or {}
        return str(outcome.get("sentence") or f"The order was {self.order.state.value}.")


def read_known(store: Store, server: Server, now: datetime) -> Known:
    """Give what the store knows of who is affected and what is recorded."""
    under_way = [act for act in open_acts(store) if act.server_id == server.id]
    return Known(
        affected=affected_by(server, list_servers(store)),
        recordings=list_recordings(store, now, server_id=server.id, limit=_RECORDINGS),
        acts=acts_of_server(store, server.id, _ACTS),
        under_way=under_way[0] if under_way else None,
        services=server.expected_services,
    )


def ask(store: Store, server: Server, wish: Wish, asked_by: str, now: datetime) -> int:
    """Place the order; gives its number.

    Raises:
        NobodyToAsk: no engine would take it.
    """
    return _place(store, server, wish.kind.value, wish.request, asked_by, now)


def ask_to_look(store: Store, server: Server, asked_by: str, now: datetime) -> int:
    """Have the server looked at, which changes nothing; gives the order's number.

    Raises:
        NobodyToAsk: no engine would take it.
    """
    return _place(store, server, LOOK_BEFORE, {}, asked_by, now)


def look_of(order: Order) -> Snapshot | None:
    """Give what a closed order to look has seen; None where it failed."""
    outcome = order.outcome or {}
    if order.state is not OrderState.DONE or "look" not in outcome:
        return None
    return snapshot_from_json(outcome["look"])


def progress_of(store: Store, order_id: int) -> Progress:
    """Give how an order and its act stand."""
    return Progress(order=orders.get(store, order_id), act=act_of_order(store, order_id))


def _place(
    store: Store, server: Server, kind: str, request: dict[str, Any], asked_by: str, now: datetime
) -> int:
    if living_engine(store, now) is None:
        raise NobodyToAsk
    return orders.place(
        store, kind, server_id=server.id, request=request, asked_by=asked_by, now=now
    )
