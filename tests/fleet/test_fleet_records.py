from dataclasses import replace
from datetime import timedelta

import pytest

from noc_console.fleet.host_keys import (
    InvalidHostKey,
    accept_key,
    fingerprint_of,
    list_keys,
    replace_key,
    same_key_as,
)
from noc_console.fleet.records import (
    NameTaken,
    UnknownServer,
    add_server,
    add_servers,
    delete_servers,
    edit_many,
    edit_server,
    ensure_this_machine,
    get_server,
    list_servers,
    restore_servers,
)
from noc_console.fleet.server import (
    Authentication,
    CheckKind,
    InvalidServer,
    OutsideCheck,
    Server,
    ServerKind,
    Site,
)
from tests.conftest import NOW

WEB = Server(
    name="web",
    address="192.0.2.1",
    port=2222,
    user="noc",
    authentication=Authentication.KEY_FILE,
    key_file="~/.ssh/id_ed25519",
    jumps=("gate",),
    groups=("web", "eu"),
    notes="rack 3",
    expected_services=("exim4", "php8.2-fpm"),
    checks=(OutsideCheck(kind=CheckKind.SMTP, target="25", service="exim4", expect_status=0),),
    brand="Cheap & Good",
    sites=(Site(domain="a.example", customer="Anna"), Site(domain="b.example")),
    partner="gate",
    variables=(("rack", "3"),),
)
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ"
LATER = NOW + timedelta(minutes=1)


def test_a_server_comes_back_with_every_field(any_store):
    added = add_server(any_store, WEB, NOW)

    assert get_server(any_store, "web") == added == replace(WEB, id=added.id)


def test_many_are_added_together_or_not_at_all(any_store):
    servers = [replace(WEB, name=f"web{number:03}", sites=()) for number in range(120)]

    added = add_servers(any_store, servers, NOW)
    with pytest.raises(NameTaken, match="called web7"):
        add_servers(any_store, [replace(WEB, name="web7"), replace(WEB, name="web7")], NOW)

    assert [one.name for one in list_servers(any_store)] == [one.name for one in servers]
    assert [one.id for one in added] == [one.id for one in list_servers(any_store)]


def test_an_unknown_name_gives_near_ones(any_store):
    add_server(any_store, WEB, NOW)

    with pytest.raises(UnknownServer, match="did you mean web"):
        get_server(any_store, "wep")


def test_a_new_name_is_followed_by_jumps_and_partners(any_store):
    gate = add_server(any_store, Server(name="gate", address="192.0.2.9"), NOW)
    add_server(any_store, WEB, NOW)

    edit_server(any_store, replace(gate, name="bastion"), LATER)

    web = get_server(any_store, "web")
    assert (web.jumps, web.partner) == (("bastion",), "bastion")
    assert web.sites == WEB.sites


def test_a_name_that_is_taken_is_refused_and_nothing_is_changed(any_store):
    add_server(any_store, WEB, NOW)
    other = add_server(any_store, replace(WEB, name="mail"), NOW)

    with pytest.raises(NameTaken):
        edit_server(any_store, replace(other, name="web", notes="changed"), LATER)

    assert get_server(any_store, "mail").notes == "rack 3"


def test_a_deleted_server_comes_back_whole(any_store):
    added = add_server(any_store, WEB, NOW)

    assert delete_servers(any_store, [added.id], LATER) == 1
    assert list_servers(any_store) == []
    assert restore_servers(any_store, [added.id], LATER) == 1

    assert list_servers(any_store) == [added]


def test_a_deleted_name_is_free_and_then_cannot_be_restored_twice(any_store):
    added = add_server(any_store, WEB, NOW)
    delete_servers(any_store, [added.id], LATER)
    add_server(any_store, WEB, LATER)

    with pytest.raises(NameTaken):
        restore_servers(any_store, [added.id], LATER)


def test_a_change_of_many_is_for_all_or_none(any_store):
    added = add_servers(any_store, [WEB, replace(WEB, name="mail")], NOW)

    def change(server):
        return replace(server, port=22 if server.name == "web" else 0)

    with pytest.raises(InvalidServer):
        edit_many(any_store, [one.id for one in added], change, LATER)
    assert {one.port for one in list_servers(any_store)} == {2222}

    edit_many(any_store, [added[0].id], lambda one: replace(one, tick_s=9), LATER)
    assert {one.name: one.tick_s for one in list_servers(any_store)} == {"web": 9, "mail": 5}


def test_this_machine_is_there_once_whatever_its_name(any_store):
    machine = ensure_this_machine(any_store, NOW)
    edit_server(any_store, replace(machine, name="my desk"), NOW)

    again = ensure_this_machine(any_store, LATER)

    assert machine.kind is ServerKind.THIS_MACHINE
    assert (again.id, again.name) == (machine.id, "my desk")


def test_an_accepted_key_is_known_by_address_and_port(any_store):
    accept_key(
        any_store, address="Web.Example", port=22, key_line=KEY + "==", accepted_by="anna", now=NOW
    )

    (key,) = list_keys(any_store, "web.example", 22)
    assert (key.line, key.accepted_by, key.accepted_at) == (KEY + "==", "anna", NOW)
    assert key.fingerprint == fingerprint_of(KEY + "==")
    assert list_keys(any_store, "web.example", 2222) == []


def test_a_replaced_key_is_not_known_any_more(any_store):
    where = {"address": "web", "port": 22, "accepted_by": "anna", "now": NOW}
    accept_key(any_store, key_line=KEY + "==", **where)

    replace_key(any_store, key_line=KEY + "AA", **where)

    assert [one.line for one in list_keys(any_store, "web", 22)] == [KEY + "AA"]


def test_another_server_with_the_same_key_is_named(any_store):
    add_server(any_store, WEB, NOW)
    accept_key(
        any_store, address=WEB.address, port=WEB.port, key_line=KEY + "==", accepted_by="a", now=NOW
    )

    fingerprint = fingerprint_of(KEY + "==")
    assert same_key_as(any_store, fingerprint, "192.0.2.50", 22) == ("web",)
    assert same_key_as(any_store, fingerprint, WEB.address, WEB.port) == ()


def test_what_is_no_key_is_refused(any_store):
    with pytest.raises(InvalidHostKey):
        accept_key(any_store, address="web", port=22, key_line="hello", accepted_by="a", now=NOW)
