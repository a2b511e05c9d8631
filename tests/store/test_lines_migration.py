"""The migration that gave reasons a key: what an older program wrote is read by this one."""

import json
import sqlite3
from contextlib import closing

from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.health.records import list_states
from noc_console.health.verdict import Reason, Verdict
from noc_console.store.schema_version import MIGRATIONS
from noc_console.store.store import open_store
from tests.conftest import NOW


def test_reasons_of_an_older_program_keep_their_words_and_get_a_key(location):
    with closing(open_store(location)) as store:
        server = add_server(store, Server(name="web", address="192.0.2.1"), NOW)
    go_back(location.folder / "core.sqlite3", server.id, ["Load is high.", "It is down."])

    with closing(open_store(location)) as store:
        state = list_states(store)[server.id]

    assert state.judgement.reasons == (
        Reason("earlier", Verdict.DOWN, "Load is high."),
        Reason("earlier", Verdict.DOWN, "It is down."),
    )
    assert state.judgement.danger is None


def go_back(path, server_id, words):
    """Make the store as the first schema was, with a state as it was written then."""
    with closing(sqlite3.connect(path)) as core:
        core.execute("PRAGMA foreign_keys=OFF")
        kept = set(first_tables(core))
        for (name,) in core.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        ).fetchall():
            if name not in kept and not name.startswith("sqlite_"):
                core.execute(f'DROP TABLE "{name}"')
        core.execute("ALTER TABLE server_state DROP COLUMN danger")
        core.execute(
            "INSERT INTO server_state (server_id, link, link_since, verdict, verdict_since,"
            " reasons, revision) VALUES (?, 'down', 0, 'down', 0, ?, 1)",
            (server_id, json.dumps(words)),
        )
        core.execute("UPDATE alembic_version_core SET version_num = 'core_0001'")
        core.commit()


def first_tables(core):
    """Give the tables of the first schema, as its migration names them."""
    text = (MIGRATIONS / "core" / "versions" / "0001_first.py").read_text()
    names = {part.split('"')[1] for part in text.split("op.create_table(")[1:]}
    return {*names, "alembic_version_core"}
