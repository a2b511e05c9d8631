"""The course of downtime: what was told when, and whether promises of the next word were kept."""

from dataclasses import replace
from datetime import timedelta

import pytest

from noc_console.notices.acts import Update, resolve, update
from noc_console.notices.channels.channel import ChannelKind
from noc_console.notices.course import course_of
from noc_console.notices.first_word import FirstWord, draft_first_word, send_first_word
from noc_console.notices.notice import UnscheduledState
from noc_console.notices.notice_records import get_notice
from noc_console.notices.posting import PostingState
from noc_console.notices.posting_rows import postings_of
from noc_console.notices.version_records import versions_of
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store
from tests.notices.outbox import START, add

MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(tmp_path):
    store = open_store(StoreLocation.parse(str(tmp_path / "store")))
    yield store
    store.close()


def begin(store):
    told = FirstWord(noticed="Mail is slow", since=START - 9 * MINUTE, next_update_minutes=30)
    notice = replace(draft_first_word(store, told, None, START), customers=("Anna",))
    return send_first_word(store, notice, None, by="ann", now=START).notice_id


def course(store, number, now):
    stored = get_notice(store, number)
    return course_of(stored, versions_of(store, number), postings_of(store, number), now)


def test_each_word_stands_with_its_state_its_promise_and_what_went(store):
    add(store, ChannelKind.WORDPRESS)
    number = begin(store)
    told = Update(words="A disk failed.", state=UnscheduledState.IDENTIFIED, next_update_minutes=20)
    update(store, number, told, by="ben", now=START + 25 * MINUTE)

    first, second = course(store, number, START + 26 * MINUTE)
    assert (first.send, first.state.value, first.by) == ("first word", "investigating", "ann")
    assert first.words == "Mail is slow"
    assert first.promised_at == START + 30 * MINUTE
    assert (second.send, second.state.value, second.by) == ("update", "identified", "ben")
    assert second.words == "A disk failed."
    assert second.promised_at == START + 45 * MINUTE
    assert second.told == ((PostingState.QUEUED, 1),)
    assert not first.late_by
    assert not second.late_by


def test_a_promise_that_was_not_kept_says_by_how_much(store):
    add(store, ChannelKind.WORDPRESS)
    number = begin(store)
    assert course(store, number, START + 33 * MINUTE)[0].late_by == 3 * MINUTE

    update(store, number, Update(words="Still slow."), by="ben", now=START + 42 * MINUTE)
    first, _ = course(store, number, START + 43 * MINUTE)
    assert first.late_by == 12 * MINUTE


def test_the_all_clear_ends_the_course_and_promises_nothing(store):
    add(store, ChannelKind.WORDPRESS)
    number = begin(store)
    resolve(
        *(store, number),
        by="ann",
        now=START + 20 * MINUTE,
        cause="A full queue",
        next_steps="We watch it",
    )

    last = course(store, number, START + 99 * MINUTE)[-1]
    assert (last.send, last.state) == ("all-clear", UnscheduledState.RESOLVED)
    assert last.promised_at is None
    assert not last.late_by


def test_a_word_that_no_posting_has_promises_what_it_says_and_its_end_nothing(store):
    add(store, ChannelKind.WORDPRESS)
    number = begin(store)
    told = {"cause": "A full queue", "next_steps": "We watch it"}
    resolve(store, number, by="ann", now=START + 20 * MINUTE, **told)

    stored, versions = get_notice(store, number), versions_of(store, number)
    first, last = course_of(stored, versions, (), START + 21 * MINUTE)
    assert (first.promised_at, last.promised_at) == (START + 30 * MINUTE, None)
