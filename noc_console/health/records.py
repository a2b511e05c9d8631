"""The room's only SQL: what is known of each server's link and verdict now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from noc_console.fleet.failure import Failure
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.serial import failure_from_json, failure_to_json
from noc_console.health.verdict import Danger, Judgement, Reason, Verdict
from noc_console.store.changes import bump
from noc_console.store.rows import known_servers, put_rows
from noc_console.store.schema.metadata import from_ms, to_ms
from noc_console.store.schema.state import server_state
from noc_console.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerState:
    """A server's link and verdict as an engine last judged them."""

    server_id: int
    link: LinkState
    link_since: datetime
    failure: Failure | None
    judgement: Judgement
    last_sample_at: datetime | None


def put_states(connection: sa.Connection, states: Sequence[ServerState]) -> None:
    """Write states inside a write, in the place of older ones; none of a server unknown here."""
    known = known_servers(connection, {state.server_id for state in states})
    revision = bump(connection, "state")
    rows = [_row(state) | {"revision": revision} for state in states if state.server_id in known]
    put_rows(connection, server_state, rows)


def list_states(store: Store) -> dict[int, ServerState]:
    """Give each server's state by its id."""
    return states_since(store, 0)[1]


def states_since(store: Store, revision: int) -> tuple[int, dict[int, ServerState]]:
    """Give the states written after a revision, by server id, and the newest revision of all.

    Of 50,000 servers some hundred change in a second: to read all each time would keep a reader
    busy for ever.
    """
    query = sa.select(server_state).where(server_state.c.revision > revision)
    with store.read() as connection:
        rows = connection.execute(query).all()
    newest = max((row.revision for row in rows), default=revision)
    return newest, {
        row.server_id: ServerState(
            server_id=row.server_id,
            link=LinkState(row.link),
            link_since=row.link_since,
            failure=None if row.failure is None else failure_from_json(row.failure),
            judgement=Judgement(
                verdict=Verdict(row.verdict),
                since=row.verdict_since,
                reasons=tuple(_reason(one) for one in row.reasons),
                danger=None if row.danger is None else _danger(row.danger),
            ),
            last_sample_at=row.last_sample_at,
        )
        for row in rows
    }


def _row(state: ServerState) -> dict[str, object]:
    return {
        "server_id": state.server_id,
        "link": state.link.value,
        "link_since": state.link_since,
        "failure": None if state.failure is None else failure_to_json(state.failure),
        "verdict": state.judgement.verdict.value,
        "verdict_since": state.judgement.since,
        "reasons": [
            {"key": one.key, "verdict": one.verdict.value, "words": one.words}
            for one in state.judgement.reasons
        ],
        "danger": _danger_row(state.judgement.danger),
        "last_sample_at": state.last_sample_at,
    }


def _danger_row(danger: Danger | None) -> dict[str, object] | None:
    if danger is None:
        return None
    return {
        "key": danger.key,
        "earliest_s": danger.earliest_s,
        "latest_s": danger.latest_s,
        "at": to_ms(danger.at),
    }


def _reason(values: Any) -> Reason:
    return Reason(values["key"], Verdict(values["verdict"]), values["words"])


def _danger(values: Any) -> Danger:
    at = from_ms(values["at"])
    return Danger(values["key"], values["earliest_s"], values["latest_s"], at)
