"""Beside fifty thousand servers and two hundred thousand sites a key is heard as beside ten.

Measured by the calls of the window's thread between two turns of its loop. How many milliseconds
they are, the search for names in Qt's own code among them, is told by `make bench`, group `slices`.
"""

import pytest
from PySide6.QtTest import QTest

from bench.slice_watch import SliceWatch
from noc_console.desk.composer.known_servers import KnownServers
from noc_console.desk.composer.offered_names import offered_names
from noc_console.desk.widgets.names_edit import NamesEdit
from noc_console.fleet.server import Server, Site
from tests.desk.call_count import CallCount
from tests.desk.composing_deeds import beside_large_fleet, open_composer, type_everywhere
from tests.desk.qt_life import end

MOST_CALLS_BY_A_KEY = 8_000
"""A loop over the fleet would be fifty thousand, one over its sites two hundred thousand."""
MOST_CALLS_TO_OPEN = 30_000


@pytest.fixture
def most_calls(application):
    count = CallCount()
    watch = SliceWatch(count)
    with count.counting():
        yield watch.longest
    end(watch)


@pytest.mark.slow
def test_the_composer_opens_and_takes_keys_without_going_through_a_large_fleet(
    most_calls, tmp_path
):
    with beside_large_fleet(tmp_path) as bench:
        opened = open_composer(bench, most_calls)
        found = type_everywhere(bench, most_calls)

    assert opened < MOST_CALLS_TO_OPEN
    assert {words: calls for words, calls in found.items() if calls >= MOST_CALLS_BY_A_KEY} == {}
    assert len(found) == 7


def test_of_many_names_those_are_offered_that_fit_the_last_word(application):
    line = NamesEdit("Servers")
    line.offer([f"Web-{number:05}" for number in range(5_000)])
    QTest.keyClicks(line, "db-1, wEb-049")

    completer = line.completer()
    assert completer.currentCompletion() == "db-1, Web-04900"
    assert completer.model().rowCount() == 100
    QTest.keyClicks(line, "99")
    assert completer.currentCompletion() == "db-1, Web-04999"
    assert completer.model().rowCount() == 1
    end(line)


def test_names_are_offered_once_each_and_none_that_no_line_can_hold():
    sites = (Site(domain="a.example", customer="Anna"), Site(domain="b.example", customer="A\nB"))
    servers = [
        Server(
            name="b", address="192.0.2.2", groups=("G",), expected_services=("nginx",), sites=sites
        ),
        Server(name="a", address="192.0.2.1", groups=("G",), expected_services=("nginx", "exim4")),
    ]
    found = offered_names(servers)

    assert (found.servers.names, found.groups.names) == (["a", "b"], ["G"])
    assert found.groups.folded == ["g"]
    assert found.services.names == ["exim4", "nginx"]
    assert found.customers.names == ["Anna"]


def test_servers_are_known_by_name_and_by_id_and_others_are_not():
    known = KnownServers(
        [Server(id=number, name=f"web-{number}", address="192.0.2.7") for number in (7, 8)]
    )

    assert known.ids_of(("web-8", "gone")) == {"web-8": 8}
    assert known.names_of((7, 99)) == {7: "web-7"}
    assert known.ids_of(()) == {}
