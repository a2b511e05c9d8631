"""Composing a notice: what a keystroke costs, what a text costs, and how hostile templates end.

Baseline of a text: a process begun for each, as a child without a memory would be.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.measure import Baseline, Measure
from noc_console.errors import ConsoleError
from noc_console.fleet.server import Server, Site
from noc_console.notices.around import Around
from noc_console.notices.notice import Notice, NoticeKind, Route, RouteKind, Send
from noc_console.notices.notice_records import add_notice, save_draft
from noc_console.notices.proof_reader import proof_read
from noc_console.notices.reading_through import read_books, spelling_findings
from noc_console.notices.rendering import Renderer
from noc_console.notices.seven import lamps
from noc_console.notices.starting import begin_at
from noc_console.notices.telling import Telling
from noc_console.notices.template_process import TemplateProcess
from noc_console.notices.template_shelf import read_shelf
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store

SITES = 200
DOUBLING = (
    "{% set ns = namespace(x='a') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}"
    "{% endfor %}{{ ns.x }}"
)
HOSTILE = (
    "{{ 'a' * 10**9 }}",
    "{{ 'a' | center(999999999) }}",
    "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    DOUBLING,
    "{{ ().__class__.__bases__[0].__subclasses__() }}",
    "{% include 'a' %}",
    "[" * 60_000,
)


def run(folder: Path, *, quick: bool) -> list[Measure]:
    """Measure keystrokes, texts and templates."""
    store = open_store(StoreLocation.parse(str(folder / "store")))
    try:
        return [*_keystrokes(store, quick=quick), *_texts(quick=quick), _hostile()]
    finally:
        store.close()


def _notice() -> Notice:
    notice = Notice(
        kind=NoticeKind.SCHEDULED,
        title="Replacement of hardware",
        groups=("web",),
        minutes=90,
        zone="Europe/Berlin",
        routes=(
            Route(kind=RouteKind.PHONE, words="+49 30 1234567"),
            Route(kind=RouteKind.PAGE, words="https://status.example.com"),
        ),
        disrupted="Websites, e-mail and databases on these servers do not answer.",
        not_disrupted="Your domains and the customer area.",
        reasons="A part shows first signs of wear.",
        benefit="The servers keep running reliably.",
        no_alternatives_because="The servers have to be switched off.",
    )
    return begin_at(notice, datetime.now(UTC).replace(second=0) + timedelta(days=9))


def _keystrokes(store: Store, *, quick: bool) -> list[Measure]:
    count = 100 if quick else 1000
    servers = [
        Server(
            id=number,
            name=f"web-{number}",
            address=f"192.0.2.{number % 250}",
            groups=("web",),
            sites=tuple(
                Site(domain=f"s{number}-{k}.example.org", customer=f"Customer {number} {k}")
                for k in range(SITES)
            ),
        )
        for number in range(1, count + 1)
    ]
    around = Around(now=datetime.now(UTC), servers=servers)
    notice, books = _notice(), read_books(read_shelf())
    stored = add_notice(store, notice, by="bench", now=datetime.now(UTC))
    edition = [stored.edition]

    def read() -> None:
        lamps(notice, around)
        proof_read(notice, around, books)

    def save() -> None:
        edition[0] = save_draft(
            store, stored.notice, edition=edition[0], by="bench", now=datetime.now(UTC)
        )

    first, *later = [_took(read) for _ in range(101)]
    dictionary = _took(lambda: spelling_findings(notice, books, []))
    spelt = _middle([_took(lambda: spelling_findings(notice, books, [])) for _ in range(50)])
    where = f"{count * SITES:,} sites"
    return [
        Measure(name=f"lamps and proof-reader, first time, {where}", unit="ms", ours=first),
        Measure(
            name=f"lamps and proof-reader, a keystroke, {where}",
            unit="ms",
            ours=_middle(later),
            at_most=20,
        ),
        Measure(name="spelling, first time of a language", unit="ms", ours=dictionary),
        Measure(name="spelling, a keystroke", unit="ms", ours=spelt, at_most=20),
        Measure(
            name="a draft kept",
            unit="ms",
            ours=_middle([_took(save) for _ in range(100)]),
            at_most=20,
        ),
    ]


def _texts(*, quick: bool) -> list[Measure]:
    notice, at = _notice(), datetime.now(UTC)
    telling = Telling(send=Send.WEEK_BEFORE, at=at, servers=("web-1",), reference="n1-x")

    def fresh() -> None:
        with Renderer(read_shelf()) as renderer:
            renderer.render(notice, telling)

    alone = _middle([_took(fresh) for _ in range(5)])
    with Renderer(read_shelf()) as renderer:
        renderer.render(notice, telling)
        count = 100 if quick else 1000
        took = sorted(_took(lambda: renderer.render(notice, telling)) for _ in range(count))
    return [
        Measure(
            name="a text, p50",
            unit="ms",
            ours=_middle(took),
            baseline=Baseline(name="a process a text", value=alone),
        ),
        Measure(name="a text, p99", unit="ms", ours=took[int(len(took) * 0.99)], at_most=100),
    ]


def _hostile() -> Measure:
    child = TemplateProcess()
    try:
        took = [_took(lambda source=source: _refused(child, source)) for source in HOSTILE]
    finally:
        child.close()
    return Measure(
        name=f"the slowest end of {len(HOSTILE)} hostile templates",
        unit="ms",
        ours=max(took),
        at_most=1000,
    )


def _refused(child: TemplateProcess, source: str) -> None:
    try:
        child.ask({"sources": {"a": source}, "template": "a", "values": {}}, "a")
    except ConsoleError:
        return
    raise RuntimeError("a hostile template made a text")


def _took(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - started)


def _middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]
