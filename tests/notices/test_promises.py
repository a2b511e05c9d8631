"""Promises are read from what was told, kept or broken by the rules that the report prints."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.incidents.report_range import parse_range
from noc_console.notices.acts import resolve
from noc_console.notices.channels.channel import ChannelKind
from noc_console.notices.ledger import put_target, read_ledger, read_promises
from noc_console.notices.ledger_report import (
    ledger_csv,
    ledger_html,
    month_json,
    promises_csv,
    promises_html,
)
from noc_console.notices.notice import NoticeKind, Send
from noc_console.notices.posting import NoticeState, PostingState
from noc_console.notices.promises import (
    Outcome,
    PromiseKind,
    Told,
    first_word_of,
    kept_share,
    percentile,
    promises_of,
)
from tests.notices.outbox import START, add, approved, scheduled
from tests.notices.test_rulings import posting

MINUTE = timedelta(minutes=1)
END = START + 60 * MINUTE
LONG_AFTER = START + timedelta(days=2)


def sent(number, send, at, **more):
    """Give a posting that went at a time."""
    return posting(number, send, PostingState.SENT, ended_at=at, **more)


def told(*postings, versions=None, state=NoticeState.DONE, **more):
    """Give what is known of a notice."""
    usual = Told(
        notice_id=1,
        state=state,
        versions=versions or {1: scheduled()},
        postings=postings,
        began_at=None,
        ended_at=None,
    )
    return replace(usual, **more)


WEEK = sent(1, Send.WEEK_BEFORE, START - timedelta(days=7))


def outcomes(found):
    return {one.kind: one.outcome for one in found}


@pytest.mark.parametrize(
    ("began", "ended", "start", "end"),
    [
        (0, 60, Outcome.KEPT, Outcome.KEPT),
        (15, 61, Outcome.KEPT, Outcome.KEPT),
        (16, 62, Outcome.BROKEN, Outcome.BROKEN),
        (-2, 30, Outcome.BROKEN, Outcome.KEPT),
        (None, 30, Outcome.NOT_MEASURED, Outcome.KEPT),
        (0, None, Outcome.KEPT, Outcome.BROKEN),
    ],
)
def test_start_and_end_are_kept_by_what_was_recorded(began, ended, start, end):
    found = promises_of(
        told(
            WEEK,
            began_at=None if began is None else START + began * MINUTE,
            ended_at=None if ended is None else START + ended * MINUTE,
        ),
        LONG_AFTER,
    )

    assert outcomes(found) == {PromiseKind.START: start, PromiseKind.END: end}


def test_what_nobody_was_told_promised_nothing():
    assert promises_of(told(posting(1, Send.WEEK_BEFORE)), LONG_AFTER) == []


def test_work_that_was_cancelled_before_broke_no_promise():
    assert promises_of(told(WEEK, state=NoticeState.CANCELLED), LONG_AFTER) == []


def test_work_that_was_postponed_in_time_promised_the_new_time_only():
    later = scheduled(starts_at=START + timedelta(days=1))
    moved = sent(2, Send.POSTPONED, START - timedelta(days=2), version=2)
    found = promises_of(told(WEEK, moved, versions={1: scheduled(), 2: later}), LONG_AFTER)

    assert [one.promised_at for one in found] == [later.starts_at, later.ends_at]


def test_work_that_was_postponed_twice_promised_the_last_time_only():
    once, twice = (scheduled(starts_at=START + timedelta(days=days)) for days in (1, 2))
    moved = [
        sent(number, Send.POSTPONED, START - timedelta(days=4 - number), version=number)
        for number in (2, 3)
    ]
    found = promises_of(
        told(WEEK, *moved, versions={1: scheduled(), 2: once, 3: twice}), LONG_AFTER
    )

    assert [one.promised_at for one in found] == [twice.starts_at, twice.ends_at]


def test_an_extension_is_a_promise_of_its_own_and_breaks_the_one_before():
    longer = sent(2, Send.EXTENDED, START + 50 * MINUTE, version=2)
    found = promises_of(
        told(
            WEEK,
            longer,
            versions={1: scheduled(), 2: scheduled(minutes=90)},
            began_at=START,
            ended_at=START + 80 * MINUTE,
        ),
        LONG_AFTER,
    )
    ends = [one for one in found if one.kind is PromiseKind.END]

    assert [(one.promised_at - START) / MINUTE for one in ends] == [60, 90]
    assert [one.outcome for one in ends] == [Outcome.BROKEN, Outcome.KEPT]


def test_each_promised_update_is_kept_by_the_next_word():
    first = sent(1, Send.FIRST_WORD, START, next_update_at=START + 30 * MINUTE)
    update = sent(2, Send.UPDATE, START + 31 * MINUTE, next_update_at=START + 60 * MINUTE)
    clear = sent(3, Send.ALL_CLEAR, START + 65 * MINUTE)
    unplanned = replace(scheduled(), kind=NoticeKind.UNSCHEDULED)
    found = promises_of(told(first, update, clear, versions={1: unplanned}), LONG_AFTER)

    assert [one.outcome for one in found] == [Outcome.KEPT, Outcome.BROKEN]
    assert found[1].late_by == 5 * MINUTE


def test_a_promise_whose_time_is_to_come_is_open():
    first = sent(1, Send.FIRST_WORD, START, next_update_at=START + 30 * MINUTE)
    unplanned = replace(scheduled(), kind=NoticeKind.UNSCHEDULED)
    found = told(first, versions={1: unplanned}, state=NoticeState.UNDER_WAY)

    assert outcomes(promises_of(found, START + 10 * MINUTE)) == {
        PromiseKind.NEXT_UPDATE: Outcome.OPEN
    }
    (broken,) = promises_of(found, START + 40 * MINUTE)
    assert (broken.outcome, broken.was_at, broken.late_by) == (Outcome.BROKEN, None, 10 * MINUTE)


def test_the_first_word_is_the_first_that_anybody_could_read():
    chat = sent(1, Send.FIRST_WORD, START + MINUTE, channel_kind="chat")
    mail = sent(2, Send.FIRST_WORD, START + 2 * MINUTE, channel_kind="email")
    site = sent(3, Send.FIRST_WORD, START + 3 * MINUTE, channel_kind="static site")
    word = first_word_of(told(chat, mail, site, detected_at=START))

    assert word.span(LONG_AFTER) == 3 * MINUTE
    waiting = first_word_of(told(chat, detected_at=START))
    assert waiting.spoken_at is None
    assert waiting.span(START + 9 * MINUTE) == 9 * MINUTE
    assert first_word_of(told(site)) is None


def test_percentiles_are_spans_that_were():
    spans = [minutes * MINUTE for minutes in range(1, 21)]

    assert percentile(spans, 0.5) == 10 * MINUTE
    assert percentile(spans, 0.95) == 19 * MINUTE
    assert percentile([], 0.5) is None


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=60), st.floats(0.01, 1.0))
def test_so_large_a_share_is_within_its_percentile(minutes, share):
    spans = [number * MINUTE for number in minutes]
    found = percentile(spans, share)

    assert found in spans
    assert sum(one <= found for one in spans) >= share * len(spans)


def test_what_cannot_be_judged_leaves_the_share():
    found = promises_of(told(WEEK, ended_at=END), LONG_AFTER)

    assert kept_share(found) == 1.0
    assert kept_share([]) is None


def test_the_ledger_of_a_notice_has_all_of_it_and_shows_hostile_text_as_text(store):
    add(store, ChannelKind.CLIPBOARD, "=cmd|' /C calc'!A0")
    notice_id = approved(
        store, scheduled(title="<script>alert(1)</script>"), START - timedelta(days=20)
    )
    resolve(store, notice_id, by="anna", now=END)
    ledger = read_ledger(store, notice_id, LONG_AFTER)
    html, table = ledger_html(ledger), ledger_csv(ledger)

    assert ledger.is_whole
    assert ledger.head in html
    assert "<script>" not in html
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["send"] for row in rows] == ["week before", "day before", "start", "done"]
    assert all(row["channel"].startswith("'=") for row in rows)
    assert "(one person)" in html


def test_a_month_counts_its_promises_and_first_words(store):
    add(store, ChannelKind.STATIC_SITE)
    notice_id = approved(store, scheduled(), START - timedelta(days=20))
    put_target(store, 5)
    month = read_promises(store, parse_range("2026-12", "", "UTC", LONG_AFTER), LONG_AFTER)

    assert month.promises == ()  # nothing went, so nothing was promised
    assert month.target == 5 * MINUTE
    assert month_json(month)["first_word"]["p50_s"] is None
    assert "Nothing was promised" in promises_html(month)
    assert promises_csv(month).startswith("notice,title,promise")
    assert notice_id == 1
