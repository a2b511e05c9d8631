"""The answer desk on 50,000 servers, and a post-mortem from the store to a PDF.

Baseline of a question: the same words looked for by the database (LIKE), as a page without an
index of its own would.
"""

import gc
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from bench.measure import Baseline, Measure
from noc_console.fleet.records import add_servers, list_servers
from noc_console.fleet.server import Server, Site
from noc_console.health.verdict import Judgement, Verdict
from noc_console.incidents.answer_desk.answering import answer_question
from noc_console.incidents.answer_desk.site_index import SiteIndex
from noc_console.incidents.incident.incident import Incident, Severity
from noc_console.incidents.incident.incident_records import note, open_incident
from noc_console.store.location import StoreLocation
from noc_console.store.schema.servers import site
from noc_console.store.store import Store, open_store

SITES = 4
QUESTIONS = (
    "site{0}-3.example",
    "ann@www.site{0}-1.example",
    "Customer {0} 2",
    "mer {0} 1",
    "no{0}",
)


def run(folder: Path, *, quick: bool) -> list[Measure]:
    """Measure questions, and what they stand on."""
    gc.disable()  # as the window does
    count = 10_000 if quick else 50_000
    store = open_store(StoreLocation.parse(str(folder / "store")))
    try:
        add_servers(store, [_server(number) for number in range(count)], datetime.now(UTC))
        servers = list_servers(store)
        incident = open_incident(
            store,
            title="A rack is gone",
            severity=Severity.CRITICAL,
            server_ids=[one.id for one in servers[:200]],
            by="bench",
            now=datetime.now(UTC),
        )
        return [*_questions(store, servers, incident), _post_mortem(store, folder)]
    finally:
        store.close()


def _server(number: int) -> Server:
    return Server(
        name=f"server-{number}",
        address="192.0.2.1",
        sites=tuple(
            Site(domain=f"site{number}-{k}.example", customer=f"Customer {number} {k}")
            for k in range(SITES)
        ),
    )


def _questions(store: Store, servers: list[Server], incident: Incident) -> list[Measure]:
    indexes: list[SiteIndex] = []
    built_ms = _took(lambda: indexes.append(SiteIndex(servers)))
    judgement = Judgement(verdict=Verdict.OK, since=datetime.now(UTC))
    asked = [
        words.format(number)
        for number in range(0, len(servers), len(servers) // 40)
        for words in QUESTIONS
    ]

    def ask(words: str) -> None:
        now = datetime.now(UTC)
        answer_question(store, indexes[0], words, lambda _: judgement, now, [incident])

    ours = sorted(_took(lambda words=words: ask(words)) for words in asked)
    theirs = sorted(_took(lambda words=words: _like(store, words)) for words in asked[:20])
    many = f"{len(servers):,} servers, {len(servers) * SITES:,} sites"
    return [
        Measure(
            name=f"a question on {many}, p99",
            unit="ms",
            ours=ours[int(len(ours) * 0.99)],
            baseline=Baseline(name="LIKE over the table of sites", value=theirs[len(theirs) // 2]),
            at_most=50.0,
            note=f"median {ours[len(ours) // 2]:.1f} ms; of {len(ours)} questions in five forms",
        ),
        Measure(
            name=f"the index of {many}, made off the window's thread",
            unit="ms",
            ours=built_ms,
            baseline=None,
            at_most=None,
        ),
    ]


def _like(store: Store, words: str) -> None:
    part = f"%{words.rpartition('@')[2]}%"
    with store.read() as connection:
        connection.execute(
            sa.select(site).where(site.c.domain.like(part) | site.c.customer.like(part)).limit(20)
        ).all()


def _post_mortem(store: Store, folder: Path) -> Measure:
    """An incident of 200 servers and 500 notes, as a PDF."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from noc_console.desk.incidents.post_mortem_export import write_post_mortem
    from noc_console.desk.pdf import application_for_pictures

    application = application_for_pictures()
    now = datetime.now(UTC)
    for minute in range(500):
        note(store, 1, f"Note {minute}", by="bench", now=now, at=now - timedelta(seconds=minute))
    took_ms = _took(lambda: write_post_mortem(store, 1, folder / "night.pdf", now))
    del application
    return Measure(
        name="the post-mortem of 200 servers and 500 notes as a PDF",
        unit="ms",
        ours=took_ms,
        baseline=None,
        at_most=None,
        note="in the background; the window does not wait for it",
    )


def _took(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000
