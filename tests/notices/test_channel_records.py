"""Channels and their secrets are kept, changed and removed in step."""

from collections.abc import Iterator
from dataclasses import replace

import keyring
import pytest

from noc_console.notices.channel_records import (
    add_channel,
    channel_by_id,
    edit_channel,
    get_channel,
    last_tests,
    list_channels,
    put_test,
    remove_channel,
)
from noc_console.notices.channel_saving import drop_channel, save_channel, secret_of
from noc_console.notices.channels.channel import Channel, ChannelKind, InvalidChannel
from noc_console.notices.channels.checking import check_channel, limits_of
from noc_console.notices.channels.kinds import KINDS
from noc_console.notices.channels.ways import way_of
from noc_console.store.changes import ChangeSignal
from tests.conftest import NOW
from tests.desk.memory_keyring import MemoryKeyring
from tests.notices.channel_contract import text


def mastodon(**fields: object) -> Channel:
    """Give a channel that is not kept yet."""
    usual = {
        "name": "Mastodon",
        "kind": ChannelKind.MASTODON,
        "settings": {"address": "https://mastodon.example"},
    }
    return Channel(**(usual | fields))


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    """Give a keyring of the test's own."""
    before = keyring.get_keyring()
    memory = MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


def test_a_channel_is_kept_found_changed_and_removed(any_store):
    signal = ChangeSignal(any_store)
    signal.poll()
    kept = add_channel(any_store, mastodon(brand="Acme", language="de"), "anna", NOW)

    assert "channel" in signal.poll()
    signal.close()
    assert get_channel(any_store, "Mastodon") == kept == channel_by_id(any_store, kept.id)
    before = edit_channel(any_store, replace(kept, name="Social", is_paused=True), "ben", NOW)
    assert before == kept
    assert [(one.name, one.is_paused) for one in list_channels(any_store)] == [("Social", True)]
    remove_channel(any_store, kept.id, "ben", NOW)
    assert list_channels(any_store) == ()
    with pytest.raises(InvalidChannel, match="removed meanwhile"):
        channel_by_id(any_store, kept.id)
    add_channel(any_store, mastodon(name="Social"), "anna", NOW)


def test_two_channels_have_two_names_and_a_kind_stays(any_store):
    kept = add_channel(any_store, mastodon(), "anna", NOW)
    with pytest.raises(InvalidChannel, match="already a channel called Mastodon"):
        add_channel(any_store, mastodon(), "anna", NOW)
    with pytest.raises(InvalidChannel, match="stays what it is"):
        edit_channel(any_store, replace(kept, kind=ChannelKind.CHAT, settings={}), "anna", NOW)
    with pytest.raises(InvalidChannel, match="there is Mastodon"):
        get_channel(any_store, "Nothing")


def test_a_test_is_kept_until_what_was_tested_changes(store):
    kept = add_channel(store, mastodon(), "anna", NOW)
    put_test(store, kept.id, is_well=True, sentence="It works.", now=NOW)
    edit_channel(store, replace(kept, is_paused=True), "anna", NOW)
    assert last_tests(store)[kept.id].sentence == "It works."

    edit_channel(store, replace(kept, settings={"address": "https://b.example"}), "anna", NOW)
    assert last_tests(store) == {}


def test_a_secret_is_in_the_keyring_only_and_leaves_it_when_it_is_needed_no_more(store, ring):
    kept = save_channel(store, mastodon(), "first-token", "anna", NOW)
    assert secret_of(kept) == ("first-token",)
    again = save_channel(store, kept, "second-token", "anna", NOW)
    assert secret_of(again) == ("second-token",)
    assert len(ring.kept) == 1
    same = save_channel(store, replace(again, name="Social"), "", "anna", NOW)
    assert secret_of(same) == ("second-token",)
    drop_channel(store, same, "anna", NOW)
    assert ring.kept == {}


def test_a_secret_of_a_channel_that_cannot_be_is_not_kept(store, ring):
    with pytest.raises(InvalidChannel):
        save_channel(store, mastodon(settings={}), "token", "anna", NOW)
    assert ring.kept == {}


def test_parts_of_a_secret_keep_their_order_however_they_are_given(store, ring, tmp_path):
    parts = ("key", "key-secret", "token", "token-secret")
    x = Channel(name="X", kind=ChannelKind.X)
    kept = save_channel(store, x, parts, "anna", NOW)
    assert secret_of(kept) == parts
    file = tmp_path / "secret"
    file.write_text(" ".join(parts))
    file.chmod(0o600)
    assert secret_of(save_channel(store, kept, f"file:{file}", "anna", NOW)) == parts
    assert ring.kept == {}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_set_as_its_sentences_say_and_has_a_way(store, kind):
    facts = KINDS[kind]
    settings = {
        one.name: "https://a.example/x" if one.is_address else "7"
        for one in facts.settings
        if one.is_required and not one.default
    }
    channel = Channel(name="One", kind=kind, settings=settings)
    check_channel(channel)
    limits_of(channel)
    assert facts.sentence.endswith(".")
    assert all(one.sentence.endswith((".", ".)")) for one in facts.settings if not one.default)
    if kind is ChannelKind.EMAIL:
        with pytest.raises(InvalidChannel):
            way_of(store, channel)
    else:
        assert way_of(store, channel).preview(text()).posts
