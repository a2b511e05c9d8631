"""Typing into the composer beside a fleet of fifty thousand servers, looked at in slices."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from unittest.mock import patch

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from noc_console.fleet.server import Server, Site
from noc_console.notices.contact import Contact
from noc_console.notices.contact_records import add_and_edit
from noc_console.notices.notice import Translation
from noc_console.notices.notice_records import add_notice
from tests.desk.composer_bench import NOW, ComposerBench
from tests.desk.qt_life import wait_until
from tests.notices.outbox import scheduled

SERVERS, SITES_EACH, CONTACTS = 50_000, 4, 600
GERMAN = Translation(language="de", title="Neuer Kern", disrupted="Die Websites")

Longest = Callable[[Callable[[], object], Callable[[], bool]], float]


@cache
def large_fleet() -> list[Server]:
    """Give fifty thousand servers with two hundred thousand sites of as many customers."""
    return [
        Server(
            id=number,
            name=f"web-{number:05}",
            address=f"10.{number // 62500}.{number // 250 % 250}.{number % 250}",
            groups=(f"rack-{number % 200}", "shared-web"),
            expected_services=("nginx", "mariadb", f"php{number % 9}"),
            sites=tuple(
                Site(domain=f"s{number}-{k}.example.org", customer=f"Customer {number}-{k}")
                for k in range(SITES_EACH)
            ),
        )
        for number in range(1, SERVERS + 1)
    ]


@contextmanager
def beside_large_fleet(folder: Path) -> Iterator[ComposerBench]:
    """Give what opens a composer beside that fleet, with contacts in three languages."""
    bench = ComposerBench(folder / "store")
    bench.live.servers = large_fleet()
    contacts = [
        Contact(
            address=f"c{number}@example.org",
            customers=(f"Customer {number}-0",),
            language=("", "de", "fr")[number % 3],
        )
        for number in range(1, CONTACTS + 1)
    ]
    add_and_edit(bench.store, contacts, [], "ann", NOW)
    with patch("noc_console.desk.composer.composer_reading.look_up", lambda _hosts: {}):
        try:
            yield bench
        finally:
            wait_until(lambda: bench.pool.is_idle, 60)
            bench.end()


def open_composer(bench: ComposerBench, longest: Longest) -> float:
    """Open it on a notice for that whole fleet; gives the longest slice."""
    notice = replace(scheduled(groups=("shared-web",)), translations=(GERMAN,))
    stored = add_notice(bench.store, notice, by="ann", now=NOW)
    return longest(lambda: bench.show(stored), _rested(bench))


def type_everywhere(bench: ComposerBench, longest: Longest) -> dict[str, float]:
    """Type a letter into each kind of field; gives the longest slice by field."""
    composer = bench.composer
    assert composer is not None
    composer.activateWindow()
    fields, panel = composer.fields, composer.languages
    places: dict[str, tuple[QWidget, str]] = {
        "title": (fields.title, "K"),
        "benefit": (fields.texts["benefit"], "A"),
        "server": (fields.servers, "w"),
        "customer": (fields.customers, "x"),  # nobody is called so: all are looked at
        "service": (fields.services, "p"),
        "start": (fields.start, "S"),
        "translation": (panel.texts["title"], "N"),
    }
    found = {}
    for words, (field, letter) in places.items():
        composer.tabs.setCurrentIndex(2 if words == "translation" else 0)
        field.setFocus()
        found[words] = longest(partial(QTest.keyClick, field, letter), _rested(bench))
    return found


def _rested(bench: ComposerBench) -> Callable[[], bool]:
    return lambda: bench.pool.is_idle and bench.composer is not None and bench.composer.is_settled
