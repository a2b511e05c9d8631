"""What an export writes, an import reads back, and nothing in it is a formula or a secret."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from noc_console.errors import ConsoleError
from noc_console.fleet.exporting import to_csv, to_yaml
from noc_console.fleet.importing.ansible import read_inventory
from noc_console.fleet.importing.compare import compare
from noc_console.fleet.importing.csv_table import read_table
from noc_console.fleet.importing.preview import Action, FleetFile
from noc_console.fleet.importing.read import read_text
from noc_console.fleet.importing.secret_words import is_secret
from noc_console.fleet.server import (
    Authentication,
    CheckKind,
    OutsideCheck,
    Server,
    ServerKind,
    Site,
)

WEB = Server(
    id=1,
    name="web1",
    address="10.0.0.1",
    port=2222,
    user="ops",
    authentication=Authentication.KEY_FILE,
    key_file="~/.ssh/id_ed25519",
    certificate_file="~/.ssh/id-cert.pub",
    jumps=("gate",),
    groups=("eu", "web"),
    notes="rack 3\nask Anna first",
    expected_services=("exim4", "php8.2-fpm"),
    checks=(
        OutsideCheck(kind=CheckKind.SMTP, target="25"),
        OutsideCheck(kind=CheckKind.HTTPS, target="https://a.example/x", expect_text="ok; fine"),
    ),
    brand="Cheap & Good",
    sites=(Site(domain="a.example", customer="Anna"), Site(domain="b.example")),
    partner="gate",
    tick_s=30,
    allow_weak_algorithms=True,
    variables=(("rack", "3"), ("mounts", '["/", "/home"]')),
)
GATE = Server(id=2, name="gate", address="gate.example", user="jump", port=2200)
MACHINE = Server(id=3, name="desk", kind=ServerKind.THIS_MACHINE, address="desk")


def through_csv(servers: Sequence[Server]) -> FleetFile:
    return read_table(to_csv(servers), "fleet.csv").found


def through_yaml(servers: Sequence[Server]) -> FleetFile:
    return read_inventory(to_yaml(servers), Path("/nowhere/fleet.yaml"), read_text)


WAYS = pytest.mark.parametrize("through", [through_csv, through_yaml])
Way = Callable[[Sequence[Server]], FleetFile]

TEXT = st.text(max_size=12) | st.sampled_from(
    [
        *("=1+1", "'=x", "''q", "@x", "-1", "a; b", "a=b", '["x"]', "[]", "{{ x }}", "null", "~"),
        *("0x1f", "1e3", " edge ", "\t", "\r\n", "\x1b[2J", "<b>x</b>", "# no", "12:30", "<<"),
    ]
)
NAME = TEXT.map(lambda text: "".join(one for one in text if one.isprintable())).filter(
    lambda name: name.strip()
)
UNIT = st.from_regex(r"[A-Za-z0-9:_.@\\-]{1,12}", fullmatch=True)
VARIABLE = TEXT.filter(lambda name: not is_secret(name))
CHECK = st.builds(
    OutsideCheck,
    kind=st.sampled_from(CheckKind),
    target=TEXT | st.sampled_from(["25", "53/a.example", "https://a.example/"]),
    service=TEXT,
    expect_text=TEXT,
    expect_status=st.integers(0, 599),
)
SERVER = st.builds(
    Server,
    name=NAME,
    kind=st.sampled_from(ServerKind),
    address=TEXT.filter(lambda text: text.strip()),
    port=st.integers(1, 65535),
    user=TEXT,
    authentication=st.sampled_from(Authentication),
    key_file=TEXT,
    certificate_file=TEXT,
    jumps=st.lists(NAME, max_size=2).map(tuple),
    groups=st.lists(TEXT, max_size=3, unique=True).map(tuple),
    notes=TEXT,
    expected_services=st.lists(UNIT, max_size=3).map(tuple),
    checks=st.lists(CHECK, max_size=2).map(tuple),
    brand=TEXT,
    sites=st.lists(st.builds(Site, domain=TEXT, customer=TEXT), max_size=3).map(tuple),
    partner=TEXT,
    tick_s=st.integers(1, 3600),
    allow_weak_algorithms=st.booleans(),
    variables=st.lists(st.tuples(VARIABLE, TEXT), max_size=3).map(tuple),
)
FLEET = st.lists(SERVER, max_size=4, unique_by=lambda server: server.name).map(
    lambda servers: [replace(server, id=place) for place, server in enumerate(servers, 1)]
)


@WAYS
@given(fleet=FLEET)
def test_an_exported_fleet_is_the_same_when_it_is_imported(
    through: Way, fleet: list[Server]
) -> None:
    preview = compare(through(fleet), fleet)

    assert [row.notes for row in preview.rows if row.action is not Action.SAME] == []
    assert len(preview.rows) == len(fleet)
    assert preview.not_understood == ()


@WAYS
@given(fleet=FLEET)
def test_an_exported_fleet_comes_whole_into_an_empty_one(through: Way, fleet: list[Server]) -> None:
    servers = [server for server in fleet if server.kind is ServerKind.SSH]
    preview = compare(through(servers), [])

    assert [row.server for row in preview.rows] == [replace(server, id=0) for server in servers]
    assert {row.action for row in preview.rows} <= {Action.ADD}


@WAYS
def test_every_field_goes_there_and_back(through: Way) -> None:
    fleet = [WEB, GATE, MACHINE]
    found = through(fleet)

    assert [one.server for one in found.servers] == [replace(one, id=0) for one in fleet]
    assert found.not_understood == ()


@given(fleet=FLEET)
def test_no_cell_of_a_table_is_a_formula(fleet: list[Server]) -> None:
    cells = [cell for row in csv.reader(io.StringIO(to_csv(fleet), newline="")) for cell in row]

    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


@pytest.mark.parametrize("written", [to_csv, to_yaml])
def test_no_secret_is_exported(written: Callable[[Sequence[Server]], str]) -> None:
    server = replace(WEB, variables=(("db_password", "hunter2"), ("rack", "3")))

    assert "hunter2" not in written([server])


def test_an_inventory_reads_as_a_person_would_write_it() -> None:
    assert to_yaml([replace(WEB, checks=(), notes="rack 3", variables=(("rack", "3"),)), GATE]) == (
        """\
all:
  hosts:
    web1:
      ansible_port: 2222
      ansible_host: 10.0.0.1
      ansible_user: ops
      ansible_ssh_private_key_file: ~/.ssh/id_ed25519
      ansible_ssh_common_args: -o ProxyJump=jump@gate.example:2200
      rack: '3'
      noc_console:
        authentication: key file
        certificate_file: ~/.ssh/id-cert.pub
        jumps:
        - gate
        notes: rack 3
        expected_services:
        - exim4
        - php8.2-fpm
        brand: Cheap & Good
        sites:
        - - a.example
          - Anna
        - - b.example
          - ''
        partner: gate
        tick_s: 30
        allow_weak_algorithms: true
    gate:
      ansible_port: 2200
      ansible_host: gate.example
      ansible_user: jump
      noc_console:
        authentication: agent
  children:
    eu:
      hosts:
        web1: {}
    web:
      hosts:
        web1: {}
"""
    )


def test_a_name_that_ansible_would_take_for_a_range_keeps_its_name() -> None:
    odd = replace(WEB, name="web[1:3]:22")

    assert list(yaml.safe_load(to_yaml([odd]))["all"]["hosts"]) == ["server-1"]
    assert [one.server.name for one in through_yaml([odd]).servers] == ["web[1:3]:22"]


@given(text=st.text(max_size=200) | st.text(alphabet="ab:[]{}&*<-|'\"\n #,=%@!", max_size=60))
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    for read in (
        lambda: compare(read_table(text, "any").found, []),
        lambda: compare(read_inventory(text, Path("/nowhere/any.yaml"), read_text), []),
        lambda: compare(read_inventory(text, Path("/nowhere/any.ini"), read_text), []),
    ):
        refused(read)


def refused(read: Callable[[], object]) -> str:
    try:
        read()
    except ConsoleError as failure:
        return failure.sentence
    return ""
