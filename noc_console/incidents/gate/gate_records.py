"""The gate's only SQL: each reboot and restart, step by step, so that a crash loses none."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from noc_console.errors import ConsoleError
from noc_console.fleet.server import Server
from noc_console.incidents.gate.gate import (
    ActKind,
    ActState,
    Affected,
    Finding,
    GateAct,
    Snapshot,
    Step,
)
from noc_console.store.changes import bump
from noc_console.store.orders import Order
from noc_console.store.schema.gate import gate_act
from noc_console.store.schema.metadata import from_ms, to_ms
from noc_console.store.store import Store

_OPEN = tuple(state.value for state in ActState if not state.is_closed)


class AlreadyUnderWay(ConsoleError):
    """Something is being done to this server already."""


def begin_act(
    store: Store,
    order: Order,
    kind: ActKind,
    server: Server,
    *,
    reason: str,
    service: str,
    affected: Affected,
) -> GateAct:
    """Note that an order begins; one act a server at a time.

    Raises:
        AlreadyUnderWay: another act on this server is open; the sentence says whose.
    """
    values: dict[str, Any] = {
        "order_id": order.id,
        "kind": kind.value,
        "server_id": server.id,
        "server_name": server.name,
        "service": service,
        "asked_by": order.asked_by,
        "asked_at": order.asked_at,
        "reason": reason,
        "affected": asdict(affected),
        "evidence_words": "",
        "command": "",
        "state": ActState.PREPARING.value,
        "steps": [],
        "findings": [],
        "sentence": "",
    }
    with store.write() as connection:
        other = connection.execute(
            sa.select(gate_act).where(
                gate_act.c.server_id == server.id, gate_act.c.state.in_(_OPEN)
            )
        ).first()
        if other is not None:
            raise AlreadyUnderWay(
                f"{other.asked_by} asked for a {other.kind} of {server.name} at "
                f"{other.asked_at:%H:%M} UTC and it is still under way; wait for its end."
            )
        row = connection.execute(sa.insert(gate_act).values(values).returning(gate_act)).one()
        bump(connection, "incident")
    return _act_of(row)


def note_step(store: Store, act_id: int, step: Step, **changes: Any) -> None:
    """Add a step to an act, with what else changed with it (see `_plain` for the columns)."""
    with store.write() as connection:
        steps = connection.execute(
            sa.select(gate_act.c.steps).where(gate_act.c.id == act_id).with_for_update()
        ).scalar_one()
        connection.execute(
            sa.update(gate_act)
            .where(gate_act.c.id == act_id)
            .values(steps=[*steps, _step_row(step)], **_plain(changes))
        )
        bump(connection, "incident")


def get_act(store: Store, act_id: int) -> GateAct:
    """Give one act.

    Raises:
        LookupError: there is none of that number.
    """
    with store.read() as connection:
        row = connection.execute(sa.select(gate_act).where(gate_act.c.id == act_id)).first()
    if row is None:
        raise LookupError(act_id)
    return _act_of(row)


def act_of_order(store: Store, order_id: int) -> GateAct | None:
    """Give what came of an order; None while it has not begun."""
    with store.read() as connection:
        row = connection.execute(sa.select(gate_act).where(gate_act.c.order_id == order_id)).first()
    return None if row is None else _act_of(row)


def open_acts(store: Store) -> list[GateAct]:
    """Give the acts that are under way, or were when an engine ended."""
    return _select(store, gate_act.c.state.in_(_OPEN))


def acts_of_server(store: Store, server_id: int, limit: int = 20) -> list[GateAct]:
    """Give a server's acts, the newest first."""
    with store.read() as connection:
        rows = connection.execute(
            sa.select(gate_act)
            .where(gate_act.c.server_id == server_id)
            .order_by(gate_act.c.id.desc())
            .limit(limit)
        ).all()
    return [_act_of(row) for row in rows]


def acts_between(
    store: Store, start: datetime, end: datetime, server_ids: Sequence[int] | None = None
) -> list[GateAct]:
    """Give the acts asked for in [start, end), in order; of some servers when given."""
    wanted = sa.and_(gate_act.c.asked_at >= start, gate_act.c.asked_at < end)
    if server_ids is not None:
        wanted = sa.and_(wanted, gate_act.c.server_id.in_(list(server_ids)))
    return _select(store, wanted)


def _select(store: Store, wanted: sa.ColumnElement[bool]) -> list[GateAct]:
    with store.read() as connection:
        rows = connection.execute(sa.select(gate_act).where(wanted).order_by(gate_act.c.id)).all()
    return [_act_of(row) for row in rows]


def _plain(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Give an act's fields as its columns hold them."""
    plain = dict(changes)
    if "state" in plain:
        plain["state"] = plain["state"].value
    for name in ("before", "after"):
        if plain.get(name) is not None:
            plain[name] = snapshot_to_json(plain[name])
    if "findings" in plain:
        plain["findings"] = [asdict(finding) for finding in plain["findings"]]
    return plain


def snapshot_to_json(look: Snapshot) -> dict[str, Any]:
    """Give a look at a server as JSON values."""
    plain = asdict(look)
    return plain | {
        "at": to_ms(look.at),
        "services": None if look.services is None else dict(look.services),
    }


def snapshot_from_json(plain: Mapping[str, Any]) -> Snapshot:
    """Give the look that `snapshot_to_json` wrote."""
    values = dict(plain) | {"at": from_ms(int(plain["at"]))}
    for name in ("sessions", "mounts", "ports", "programs", "missing"):
        if values.get(name) is not None:
            values[name] = tuple(values[name])
    return Snapshot(**values)


def _step_row(step: Step) -> dict[str, Any]:
    return {"at": to_ms(step.at), "words": step.words, "ok": step.ok}


def _act_of(row: sa.Row[Any]) -> GateAct:
    values: dict[str, Any] = row._asdict()
    affected: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in values["affected"].items()
    }
    read: dict[str, Any] = {
        "kind": ActKind(values["kind"]),
        "state": ActState(values["state"]),
        "affected": Affected(**affected),
        "steps": tuple(
            Step(at=from_ms(one["at"]), words=one["words"], ok=one["ok"]) for one in values["steps"]
        ),
        "before": _look(values["before"]),
        "after": _look(values["after"]),
        "findings": tuple(Finding(**one) for one in values["findings"]),
    }
    return GateAct(**(values | read))


def _look(plain: Mapping[str, Any] | None) -> Snapshot | None:
    return None if plain is None else snapshot_from_json(plain)
