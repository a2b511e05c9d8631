"""An import is taken in whole or not at all, and only by the fleet it was made for."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.errors import ConsoleError
from noc_console.fleet.exporting import to_csv, to_yaml
from noc_console.fleet.importing.apply import FleetMoved, apply
from noc_console.fleet.importing.compare import compare
from noc_console.fleet.importing.file_kind import FileKind
from noc_console.fleet.importing.preview import Action, FileNotRead, ImportPreview
from noc_console.fleet.importing.read import MAX_BYTES, read_servers
from noc_console.fleet.records import (
    add_server,
    add_servers,
    delete_servers,
    edit_server,
    get_server,
    list_servers,
)
from noc_console.fleet.server import Server, Site
from noc_console.store.changes import ChangeSignal
from noc_console.store.store import Store
from tests.conftest import NOW

LATER = NOW + timedelta(minutes=1)
TABLE = "name,address,user\nweb1,10.0.0.1,ops\nweb2,10.0.0.2,ops\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "fleet.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def preview(store: Store, path: Path) -> ImportPreview:
    return compare(read_servers(path).found, list_servers(store))


def test_an_import_adds_and_updates_together(any_store: Store, table: Path) -> None:
    web1 = add_server(
        any_store,
        Server(name="web1", address="10.0.0.1", notes="mine", sites=(Site(domain="a.example"),)),
        NOW,
    )
    signal = ChangeSignal(any_store)
    signal.poll()

    done = apply(any_store, preview(any_store, table), LATER)

    assert done.sentence == "1 server was added and 1 server was updated."
    assert get_server(any_store, "web1") == replace(web1, user="ops")
    assert get_server(any_store, "web2").address == "10.0.0.2"
    assert signal.poll() == {"fleet"}
    signal.close()


def test_the_same_file_again_is_all_the_same(any_store: Store, table: Path) -> None:
    apply(any_store, preview(any_store, table), NOW)
    before = list_servers(any_store)

    again = preview(any_store, table)
    done = apply(any_store, again, LATER)

    assert again.count(Action.SAME) == 2
    assert done.sentence == "Nothing was to be done: the fleet is as the file has it."
    assert list_servers(any_store) == before


@pytest.mark.parametrize("kind", ["csv", "yaml"])
def test_an_exported_fleet_is_the_same_when_it_is_imported(
    any_store: Store, table: Path, tmp_path: Path, kind: str
) -> None:
    apply(any_store, preview(any_store, table), NOW)
    written = tmp_path / f"export.{kind}"
    write = {"csv": to_csv, "yaml": to_yaml}[kind]
    written.write_text(write(list_servers(any_store)), encoding="utf-8")

    assert preview(any_store, written).count(Action.SAME) == 2


def test_a_name_taken_meanwhile_refuses_all_of_it(any_store: Store, table: Path) -> None:
    told = preview(any_store, table)
    add_server(any_store, Server(name="web2", address="elsewhere"), NOW)

    with pytest.raises(FleetMoved, match=r"called web2; nothing was imported, so read the file"):
        apply(any_store, told, LATER)
    assert [server.name for server in list_servers(any_store)] == ["web2"]


@pytest.mark.parametrize("meanwhile", ["changed", "deleted"])
def test_a_server_changed_or_deleted_meanwhile_refuses_all_of_it(
    any_store: Store, table: Path, meanwhile: str
) -> None:
    web1 = add_server(any_store, Server(name="web1", address="10.0.0.1"), NOW)
    told = preview(any_store, table)
    if meanwhile == "changed":
        edit_server(any_store, replace(web1, notes="new"), NOW)
    else:
        delete_servers(any_store, [web1.id], NOW)

    with pytest.raises(FleetMoved, match=f"web1 was {meanwhile} meanwhile; nothing was imported"):
        apply(any_store, told, LATER)
    assert "web2" not in {server.name for server in list_servers(any_store)}


def test_a_deleted_server_comes_back_as_a_new_one(any_store: Store, table: Path) -> None:
    apply(any_store, preview(any_store, table), NOW)
    delete_servers(any_store, [get_server(any_store, "web1").id], NOW)

    assert preview(any_store, table).count(Action.ADD) == 1


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_many_servers_are_added_updated_and_the_same_in_seconds(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "fleet.csv"
    rows = [f"web{n},10.{n >> 16}.{n >> 8 & 255}.{n & 255},eu; web\n" for n in range(50_000)]
    path.write_text("name,address,groups\n" + "".join(rows), encoding="utf-8")

    assert apply(store, preview(store, path), NOW).added == 50_000
    assert preview(store, path).count(Action.SAME) == 50_000
    path.write_text("name,address,user\n" + "".join(rows), encoding="utf-8")
    assert apply(store, preview(store, path), LATER).updated == 50_000


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("config", b"Host web1\n HostName 10.0.0.1\n", FileKind.OPENSSH),
        ("hosts", b"[web]\nweb1 ansible_host=10.0.0.1\n", FileKind.ANSIBLE),
        ("hosts.yml", b"all: {hosts: {web1: {ansible_host: 10.0.0.1}}}", FileKind.ANSIBLE),
        ("fleet.txt", b"\xef\xbb\xbfname;address;user\nweb1;10.0.0.1;ops\n", FileKind.CSV),
    ],
)
def test_the_kind_of_a_file_is_found_out(
    tmp_path: Path, name: str, content: bytes, kind: FileKind
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    told = read_servers(path)

    assert told.kind is kind
    assert [one.server.address for one in told.found.servers] == ["10.0.0.1"]


@given(content=st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_bytes_of_any_kind_give_a_preview_or_a_sentence(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("any") / "any"
    path.write_bytes(content)

    for kind in (*FileKind, None):
        with suppress(ConsoleError):
            compare(read_servers(path, kind, ssh_folder=path.parent).found, [])


def test_what_is_no_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(MAX_BYTES + 1)

    for path, why in (
        (tmp_path / "nothing", "No such file"),
        (tmp_path, "is no file"),
        (Path("/dev/zero"), "is no file"),
        (Path("a\0b"), "cannot be read"),
        (large, "larger than 64 MB"),
    ):
        with pytest.raises(FileNotRead, match=why):
            read_servers(path)


def test_a_store_with_many_servers_keeps_their_sites_through_an_update(
    any_store: Store, tmp_path: Path
) -> None:
    added = add_servers(
        any_store,
        [
            Server(name=f"web{n:04}", address="x", sites=(Site(domain=f"{n}.example"),))
            for n in range(1200)
        ],
        NOW,
    )
    path = tmp_path / "fleet.csv"
    path.write_text("name,user\n" + "".join(f"{one.name},ops\n" for one in added), encoding="utf-8")

    apply(any_store, preview(any_store, path), LATER)

    assert list_servers(any_store) == [replace(one, user="ops") for one in added]
