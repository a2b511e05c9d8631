"""How each server's slow readings stand in a figure or two, for a list of the whole fleet.

They are summed up as they are read: of 50,000 servers the full readings would fill the memory.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from noc_console.store.schema.state import server_reading
from noc_console.store.store import Store
from noc_console.telemetry.records import Kind
from noc_console.telemetry.service import Combined, Inside, Outside, ServiceState


@dataclass(frozen=True, slots=True, kw_only=True)
class FullestMount:
    """The file system with the least room left; no mount means that there is none."""

    mount: str = ""
    used_percent: float = float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicesWell:
    """How many expected services are well, and the names of those that are not."""

    ok: int
    expected: int
    amiss: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Summaries:
    """By server id; `newest` is when the newest of them was written."""

    mounts: Mapping[int, FullestMount] = field(default_factory=dict)
    services: Mapping[int, ServicesWell] = field(default_factory=dict)
    newest: datetime | None = None


def summaries_since(store: Store, since: datetime | None) -> Summaries:
    """Give the summaries of what was written at `since` or later; of all where it is None."""
    query = sa.select(
        server_reading.c.server_id,
        server_reading.c.kind,
        server_reading.c.at,
        server_reading.c.body,
    ).where(server_reading.c.kind.in_((Kind.MOUNTS.value, Kind.SERVICES.value)))
    if since is not None:
        query = query.where(server_reading.c.at >= since)
    mounts: dict[int, FullestMount] = {}
    services: dict[int, ServicesWell] = {}
    newest = since
    with store.read() as connection:
        for row in connection.execute(query):
            newest = row.at if newest is None else max(newest, row.at)
            if row.kind == Kind.MOUNTS.value:
                mounts[row.server_id] = _fullest(row.body)
            else:
                services[row.server_id] = _well(row.body)
    return Summaries(mounts=mounts, services=services, newest=newest)


def _fullest(rows: Sequence[Mapping[str, Any]]) -> FullestMount:
    if not rows:
        return FullestMount()
    fullest = max(rows, key=lambda row: float(row["used_percent"]))
    return FullestMount(mount=str(fullest["mount"]), used_percent=float(fullest["used_percent"]))


def _well(rows: Sequence[Mapping[str, Any]]) -> ServicesWell:
    amiss = tuple(str(row["name"]) for row in rows if _combined(row) is not Combined.OK)
    return ServicesWell(ok=len(rows) - len(amiss), expected=len(rows), amiss=amiss)


def _combined(row: Mapping[str, Any]) -> Combined:
    return ServiceState(
        name=str(row["name"]), inside=Inside(row["inside"]), outside=Outside(row["outside"])
    ).combined
