"""A second person approves a frozen version; what is missing is named; the ledger proves it."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from noc_console.notices.approval import NotComplete, approve, is_changed, let_one_person_approve
from noc_console.notices.channels.channel import ChannelKind
from noc_console.notices.content_json import sha256
from noc_console.notices.event_records import EventKind, break_in, events_of
from noc_console.notices.notice_records import (
    DraftMoved,
    NotNow,
    UnknownNotice,
    add_notice,
    get_notice,
    remove_draft,
    save_draft,
)
from noc_console.notices.posting import NoticeState
from noc_console.notices.posting_rows import postings_of
from noc_console.notices.version_records import versions_of
from noc_console.store.schema.notices import notice_event
from noc_console.store.store import open_store
from tests.notices.outbox import START, add, scheduled

NOW = START - timedelta(days=20)


def nothing(_notice):
    """Miss nothing."""
    return ()


def drafted(store, by="anna", **changes):
    """Keep a draft; gives its number."""
    return add_notice(store, scheduled(**changes), by=by, now=NOW).id


def test_a_draft_survives_a_restart_as_it_was_typed(any_location):
    with closing(open_store(any_location)) as store:
        kept = add_notice(store, scheduled(), by="anna", now=NOW)
        edition = kept.edition
        for title in ("K", "Ke", "Ker", "Kern 🙂 \u05d0"):
            edition = save_draft(
                store, replace(kept.notice, title=title), edition=edition, by="anna", now=NOW
            )
    with closing(open_store(any_location)) as store:
        assert get_notice(store, kept.id).notice.title == "Kern 🙂 \u05d0"


def test_two_people_at_one_draft_lose_nothing(any_store):
    kept = add_notice(any_store, scheduled(), by="anna", now=NOW)
    save_draft(any_store, replace(kept.notice, title="Ben's"), edition=1, by="ben", now=NOW)

    with pytest.raises(DraftMoved, match="ben changed this draft"):
        save_draft(any_store, replace(kept.notice, title="Anna's"), edition=1, by="anna", now=NOW)
    assert get_notice(any_store, kept.id).notice.title == "Ben's"


def test_who_wrote_it_freezes_it_and_a_second_person_approves_that(any_store):
    add(any_store, ChannelKind.STATIC_SITE)
    notice_id = drafted(any_store)

    first = approve(any_store, notice_id, by="anna", now=NOW, missing=nothing)
    assert not first.is_approved
    assert postings_of(any_store, notice_id) == []
    second = approve(any_store, notice_id, by="ben", now=NOW, missing=nothing)

    assert second.is_approved
    assert second.version.number == first.version.number == 1
    version = versions_of(any_store, notice_id)[0]
    assert (version.frozen_by, version.approved_by, version.is_one_person) == ("anna", "ben", False)
    assert version.sha256 == sha256(get_notice(any_store, notice_id).notice)
    assert len(postings_of(any_store, notice_id)) == 3


def test_where_one_person_is_enough_the_version_says_that_one_did_both(store):
    add(store, ChannelKind.STATIC_SITE)
    let_one_person_approve(store, is_enough=True)
    notice_id = drafted(store)

    assert approve(store, notice_id, by="anna", now=NOW, missing=nothing).is_approved
    assert versions_of(store, notice_id)[0].is_one_person
    approved = [one for one in events_of(store, notice_id) if one.kind is EventKind.APPROVED]
    assert "one-person" in approved[0].words


def test_a_second_person_who_edits_last_is_the_author(store):
    add(store, ChannelKind.STATIC_SITE)
    notice_id = drafted(store)
    kept = get_notice(store, notice_id)
    save_draft(store, replace(kept.notice, title="Other"), edition=1, by="ben", now=NOW)

    assert not approve(store, notice_id, by="ben", now=NOW, missing=nothing).is_approved
    assert approve(store, notice_id, by="anna", now=NOW, missing=nothing).is_approved


def test_what_is_missing_is_named_and_nothing_is_frozen(store):
    add(store, ChannelKind.STATIC_SITE)
    notice_id = drafted(store)

    with pytest.raises(NotComplete, match=r"5 benefit, 7 alternatives"):
        approve(
            store,
            notice_id,
            by="ben",
            now=NOW,
            missing=lambda _: ["5 benefit", "7 alternatives"],
        )
    assert versions_of(store, notice_id) == []


def test_without_a_channel_nothing_is_approved(store):
    notice_id = drafted(store)

    with pytest.raises(NotNow, match="no channel"):
        approve(store, notice_id, by="ben", now=NOW, missing=nothing)
    assert get_notice(store, notice_id).state is NoticeState.DRAFT
    assert versions_of(store, notice_id) == []


def test_the_same_again_is_not_approved_twice(store):
    add(store, ChannelKind.STATIC_SITE)
    notice_id = drafted(store)
    approve(store, notice_id, by="ben", now=NOW, missing=nothing)

    assert not is_changed(store, notice_id)
    with pytest.raises(NotNow, match="says the same"):
        approve(store, notice_id, by="ben", now=NOW, missing=nothing)


def test_work_that_would_be_over_is_not_announced(store):
    add(store, ChannelKind.STATIC_SITE)
    notice_id = drafted(store)

    with pytest.raises(NotNow, match="over already"):
        approve(store, notice_id, by="ben", now=START + timedelta(hours=2), missing=nothing)


def test_a_draft_that_is_withdrawn_stays_and_can_be_edited_no_more(store):
    notice_id = drafted(store)
    remove_draft(store, notice_id, by="anna", now=NOW)
    kept = get_notice(store, notice_id)

    assert kept.state is NoticeState.CANCELLED
    with pytest.raises(NotNow, match="make a new one"):
        save_draft(store, kept.notice, edition=kept.edition, by="anna", now=NOW)


def test_a_number_that_is_not_there_says_what_to_do(store):
    with pytest.raises(UnknownNotice, match="notice list"):
        get_notice(store, 7)


def test_an_event_that_was_changed_in_the_store_shows(any_store):
    add(any_store, ChannelKind.STATIC_SITE)
    notice_id = drafted(any_store)
    approve(any_store, notice_id, by="ben", now=NOW, missing=nothing)
    token = get_notice(any_store, notice_id).token
    assert break_in(events_of(any_store, notice_id), token) is None

    with any_store.write() as connection:
        connection.execute(
            sa.update(notice_event).where(notice_event.c.number == 2).values(by="mallory")
        )
    assert break_in(events_of(any_store, notice_id), token) == 2
