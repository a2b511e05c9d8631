"""A server goes to the store and its secret to the keyring, both or neither."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from noc_console.fleet.records import NameTaken, delete_servers, list_servers
from noc_console.fleet.secrets import KeyringUnavailable, SecretKind, get_secret
from noc_console.fleet.server import Authentication, Server
from noc_console.fleet.server_saving import Secret, forget_aside, put_aside, save_server
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store
from tests.desk.memory_keyring import MemoryKeyring

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
WEB = Server(name="web1", address="10.0.0.1", authentication=Authentication.PASSWORD)
PASSWORD = Secret(kind=SecretKind.PASSWORD, text="open sesame")


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    before = keyring.get_keyring()
    memory = MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(StoreLocation.parse(str(tmp_path / "store")))
    yield opened
    opened.close()


def password_of(name: str) -> str | None:
    return get_secret(name, SecretKind.PASSWORD)


def test_a_new_server_is_in_the_store_and_its_password_in_the_keyring(
    store: Store, ring: MemoryKeyring
) -> None:
    saved = save_server(store, None, WEB, PASSWORD, NOW)

    assert list_servers(store) == [saved]
    assert saved.id
    assert password_of("web1") == "open sesame"


def test_the_secret_follows_a_new_name_and_leaves_the_old_one(
    store: Store, ring: MemoryKeyring
) -> None:
    before = save_server(store, None, WEB, PASSWORD, NOW)
    save_server(store, before, replace(before, name="web9"), None, NOW)

    assert password_of("web9") == "open sesame"
    assert len(ring.kept) == 1


@pytest.mark.parametrize("name", ["web1", "web9"])
def test_a_password_that_is_needed_no_more_leaves_the_keyring(
    store: Store, ring: MemoryKeyring, name: str
) -> None:
    before = save_server(store, None, WEB, PASSWORD, NOW)
    by_key = replace(before, name=name, authentication=Authentication.KEY_FILE, key_file="id")
    save_server(store, before, by_key, None, NOW)

    assert ring.kept == {}


def test_a_password_can_be_given_up_without_a_keyring(store: Store, ring: MemoryKeyring) -> None:
    before = save_server(store, None, WEB, PASSWORD, NOW)
    keyring.set_keyring(NoKeyring())
    by_agent = replace(before, name="web9", authentication=Authentication.AGENT)

    assert save_server(store, before, by_agent, None, NOW) == by_agent


def test_a_new_server_does_not_take_over_the_password_of_a_deleted_one(
    store: Store, ring: MemoryKeyring
) -> None:
    old = save_server(store, None, WEB, PASSWORD, NOW)
    delete_servers(store, [old.id], NOW)
    save_server(store, None, replace(WEB, address="198.51.100.7"), None, NOW)

    assert password_of("web1") is None


def test_a_duplicate_leaves_the_secret_of_the_original_where_it_is(
    store: Store, ring: MemoryKeyring
) -> None:
    original = save_server(store, None, WEB, PASSWORD, NOW)
    template = replace(original, id=0)
    save_server(store, template, replace(template, name="web2"), None, NOW)

    assert password_of("web1") == password_of("web2") == "open sesame"
    assert [server.name for server in list_servers(store)] == ["web1", "web2"]


def test_a_name_that_is_taken_leaves_the_other_servers_secret_alone(
    store: Store, ring: MemoryKeyring
) -> None:
    save_server(store, None, WEB, PASSWORD, NOW)
    with pytest.raises(NameTaken):
        save_server(store, None, WEB, replace(PASSWORD, text="other"), NOW)

    assert password_of("web1") == "open sesame"


def test_without_a_keyring_a_server_with_a_password_is_not_half_saved(store: Store) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    try:
        with pytest.raises(KeyringUnavailable):
            save_server(store, None, WEB, PASSWORD, NOW)
        assert list_servers(store) == []
        save_server(store, None, replace(WEB, authentication=Authentication.AGENT), None, NOW)
    finally:
        keyring.set_keyring(before)
    assert [server.name for server in list_servers(store)] == ["web1"]


def test_without_a_keyring_a_server_with_a_key_can_be_renamed(store: Store) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    try:
        with_key = replace(WEB, authentication=Authentication.KEY_FILE, key_file="id")
        saved = save_server(store, None, with_key, None, NOW)
        save_server(store, saved, replace(saved, name="web9"), None, NOW)
    finally:
        keyring.set_keyring(before)
    assert [server.name for server in list_servers(store)] == ["web9"]


def test_a_test_of_a_typed_password_leaves_the_one_in_use(
    store: Store, ring: MemoryKeyring
) -> None:
    before = save_server(store, None, WEB, PASSWORD, NOW)
    tested = put_aside(before, before, replace(PASSWORD, text="perhaps"))

    assert password_of(tested.name) == "perhaps"
    assert password_of("web1") == "open sesame"

    forget_aside(tested)
    assert list(ring.kept.values()) == ["open sesame"]


def test_a_test_without_a_typed_password_uses_the_one_kept_under_the_old_name(
    ring: MemoryKeyring,
) -> None:
    before = replace(WEB, id=7)
    tested = put_aside(replace(before, name="web9"), before, None)
    forget_aside(tested)

    assert tested.name == "web1"


def test_a_secret_is_not_in_the_words_of_its_object() -> None:
    assert "sesame" not in repr(PASSWORD)


def test_an_agent_needs_no_secret() -> None:
    assert Secret.typed(Authentication.AGENT, "typed earlier") is None
    assert Secret.typed(Authentication.PASSWORD, "") is None
    assert Secret.typed(Authentication.KEY_FILE, "words") == Secret(
        kind=SecretKind.KEY_PASSPHRASE, text="words"
    )
