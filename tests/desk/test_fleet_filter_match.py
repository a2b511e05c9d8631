"""Which servers a filter keeps."""

from datetime import timedelta

import pytest

from noc_console.desk.fleet.filter_match import FleetMatch, hosts_of
from noc_console.desk.fleet.filter_terms import parse_filter
from noc_console.desk.fleet.fleet_change import fleet_change
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.server import Site
from noc_console.health.verdict import Verdict
from noc_console.telemetry.summaries import FullestMount
from tests.desk.fleet_bench import NOW, columns_of, sample, server, state

SERVERS = [
    server(1, "web1", groups=("web", "berlin"), brand="HostCo"),
    server(2, "web2", groups=("webmail",), sites=(Site(domain="shop.example.org"),)),
    server(3, "db1", sites=(Site(domain="example.net", customer="Miller AG"),)),
]


@pytest.fixture
def columns():
    found = columns_of(
        SERVERS,
        [
            state(1),
            state(2, Verdict.DOWN, "Connection refused", link=LinkState.DOWN),
            state(3, Verdict.EARLY, "Load high", age_s=90),
        ],
        [
            sample(1, load1=3.0, cores=8.0, cpu_percent=20.0, mem_used_percent=95.0),
            sample(3, 90, load1=5.0, cores=2.0, cpu_percent=90.0, mem_used_percent=10.0),
        ],
    )
    found.take_mount(3, FullestMount(mount="/", used_percent=91.0))
    return found


def kept(columns, text):
    mask = FleetMatch(parse_filter(text))(columns, NOW)
    return [columns.servers[row].name for row in sorted(columns.there()) if mask[row]]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["web1", "web2", "db1"]),
        ("WEB", ["web1", "web2"]),
        ("hostco", ["web1"]),
        ("10.0.0.3", ["db1"]),
        ("name:1", ["web1", "db1"]),
        ("name=web1", ["web1"]),
        ("group:web", ["web1", "web2"]),
        ("group=web", ["web1"]),
        ("-group=web", ["web2", "db1"]),
        ("group:mail", []),
        ("site:example", ["web2", "db1"]),
        ("customer:miller", ["db1"]),
        ("miller", ["db1"]),
        ("https://www.shop.example.org/cart?x=1", ["web2"]),
        ("site:www.example.net", ["db1"]),
        ("shop.example.net", ["db1"]),
        ("load>2", ["web1", "db1"]),
        ("load>2/core", ["db1"]),
        ("-load>4", ["web1", "web2"]),
        ("cpu>80", ["db1"]),
        ("mem>90 -down", ["web1"]),
        ("disk>85", ["db1"]),
        ("cores=8", ["web1"]),
        ("age>60", ["db1"]),
        ("-ok", ["web2", "db1"]),
        ("verdict:down", ["web2"]),
        ("link:down", ["web2"]),
        ("why:refused", ["web2"]),
    ],
)
def test_a_filter_keeps_what_all_its_terms_hold_for(columns, text, names):
    assert kept(columns, text) == names


def test_figures_and_verdicts_are_looked_at_again_each_time(columns):
    match = FleetMatch(parse_filter("web verdict:down"))
    assert match(columns, NOW).sum() == 1
    columns.take_state(state(1, Verdict.DOWN))
    assert match(columns, NOW).sum() == 2


def test_words_are_looked_for_again_when_the_fleet_changed(columns):
    match = FleetMatch(parse_filter("cache"))
    assert match(columns, NOW).sum() == 0
    columns.take_change(fleet_change(columns.by_id(), [*SERVERS, server(4, "cache1")]))
    assert match(columns, NOW).sum() == 1


def test_age_grows_with_the_clock(columns):
    match = FleetMatch(parse_filter("age>60"))
    assert match(columns, NOW + timedelta(seconds=61)).sum() == 3


def test_a_page_address_means_its_host_and_the_hosts_parents():
    assert hosts_of("https://me@www.a.example.org:8443/x") == (
        "www.a.example.org",
        "a.example.org",
        "example.org",
    )
    assert hosts_of("localhost") == ()
    assert hosts_of("/") == ()
