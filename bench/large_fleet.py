"""A fleet of tens of thousands of servers, made up, with states and samples that change."""

import socket
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from noc_console.fleet.link_state import LinkState
from noc_console.fleet.records import add_servers
from noc_console.fleet.server import Server, ServerKind, Site
from noc_console.health.records import ServerState, put_states
from noc_console.health.verdict import Judgement, Reason, Verdict
from noc_console.store.history import History, Reading
from noc_console.store.location import StoreLocation
from noc_console.store.schema.metadata import to_ms
from noc_console.store.store import Store, open_store

_GROUPS = ("web", "mail", "db", "dns")
_VERDICTS = (Verdict.OK, Verdict.EARLY, Verdict.CUT_OFF)
_OFTEN = (0.95, 0.04, 0.01)


def servers(count: int) -> list[Server]:
    """Give servers with ids from 1 on, as an engine on another machine would watch them.

    They are machines of other engines, so that an engine here does not try to reach them.
    """
    elsewhere = f"not-{socket.gethostname()}"
    return [
        Server(
            id=number,
            name=f"host-{number:05}",
            kind=ServerKind.THIS_MACHINE,
            address=f"{elsewhere}-{number}",
            groups=(_GROUPS[number % len(_GROUPS)], f"rack{number % 40}"),
            sites=(Site(domain=f"customer{number}.example", customer=f"C{number % 5000}"),),
        )
        for number in range(1, count + 1)
    ]


def state(server_id: int, now: datetime, chance: np.random.Generator) -> ServerState:
    """Give what an engine may have judged of a server."""
    verdict = _VERDICTS[int(chance.choice(len(_VERDICTS), p=_OFTEN))]
    reasons = (
        ()
        if verdict is Verdict.OK
        else (Reason("load1", verdict, f"Load {chance.gamma(1, 9):.1f} on 8 cores"),)
    )
    return ServerState(
        server_id=server_id,
        link=LinkState.UP,
        link_since=now,
        failure=None,
        judgement=Judgement(verdict=verdict, since=now, reasons=reasons),
        last_sample_at=now,
    )


def reading(server_id: int, at: datetime, chance: np.random.Generator) -> Reading:
    """Give a sample of a server."""
    load, cpu, memory = chance.gamma(1.0, 8.0), chance.uniform(0, 100), chance.uniform(20, 99)
    return Reading(
        server_id,
        to_ms(at),
        {"load1": load, "cores": 8.0, "cpu_percent": cpu, "mem_used_percent": memory},
    )


def add_large_fleet(store: Store, count: int) -> list[int]:
    """Add the servers with a state and a sample each; gives their ids."""
    now, chance = datetime.now(UTC), np.random.default_rng(1)
    ids = [one.id for one in add_servers(store, servers(count), now)]
    with store.write() as connection:
        put_states(connection, [state(one, now, chance) for one in ids])
    History(store).append([reading(one, now, chance) for one in ids], now)
    return ids


def change_rows(store: Store, ids: Sequence[int], a_second: int) -> None:
    """Give so many servers a new sample and state each second, for ever."""
    history, chance = History(store), np.random.default_rng(2)
    next_s = time.monotonic()
    while True:
        now = datetime.now(UTC)
        some = chance.choice(ids, a_second, replace=False).tolist()
        history.append([reading(one, now, chance) for one in some], now)
        with store.write() as connection:
            put_states(connection, [state(one, now, chance) for one in some])
        next_s += 1.0
        time.sleep(max(0.0, next_s - time.monotonic()))


def main() -> None:
    """Arguments: the store's folder, the first and the last id, how many rows a second."""
    folder, first, last, a_second = sys.argv[1:]
    store = open_store(StoreLocation.parse(str(Path(folder))))
    change_rows(store, range(int(first), int(last) + 1), int(a_second))


if __name__ == "__main__":
    main()
