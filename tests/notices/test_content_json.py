"""What is approved is exactly what was written: the same content, the same bytes, the same hash."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.notices.content_json import (
    ContentNotUnderstood,
    from_json,
    is_same_content,
    sha256,
    to_json,
)
from noc_console.notices.notice import InvalidNotice, Notice, NoticeKind, PlannedSend, Send
from tests.notices.any_notice import notices, with_another_id
from tests.notices.composed import scheduled


@given(notices)
def test_content_is_read_as_it_was_written(notice):
    written = to_json(notice)

    assert from_json(written, notice.id) == notice
    assert to_json(from_json(written)) == written


@given(notices)
def test_the_number_is_no_part_of_the_content(notice):
    other = with_another_id(notice)

    assert sha256(other) == sha256(notice)
    assert is_same_content(other, notice)


@given(notices, notices)
def test_other_content_has_another_hash(one, other):
    assert (sha256(one) == sha256(other)) == is_same_content(one, other)


def test_the_hash_of_known_content_never_changes():
    assert to_json(Notice(kind=NoticeKind.SCHEDULED, title="Ä")) == (
        '{"form":1,"kind":"scheduled","title":"Ä"}'
    )
    assert sha256(Notice(kind=NoticeKind.SCHEDULED, title="Ä")) == (
        "3599f27842e5fb167b12a4d482c3878e7d096a46ca3faf7b1ca77ed31807edfc"
    )


def test_an_instant_is_the_same_in_whatever_zone_it_was_given():
    at = datetime(2026, 12, 5, 2, 0, tzinfo=timezone(timedelta(hours=1)))

    assert to_json(replace(scheduled(), starts_at=at)) == to_json(
        replace(scheduled(), starts_at=at.astimezone(UTC))
    )


@given(st.text(max_size=40) | st.binary(max_size=40).map(lambda raw: raw.decode("latin-1")))
def test_whatever_else_is_read_is_refused_with_a_sentence(text):
    with pytest.raises(ContentNotUnderstood):
        from_json(text)


@pytest.mark.parametrize(
    "change",
    [
        {"form": 2},
        {"kind": "sudden"},
        {"minutes": "30"},
        {"minutes": True},
        {"title": 7},
        {"servers": ["web"]},
        {"starts_at": "soon"},
        {"unknown": 1},
        {"plan": [{"send": "never", "channel": "x"}]},
        {"routes": [{"words": "x"}]},
    ],
)
def test_content_of_another_kind_is_refused(change):
    told = json.loads(to_json(scheduled())) | change

    with pytest.raises(ContentNotUnderstood):
        from_json(json.dumps(told))


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "x" * 201},
        {"reasons": "x" * 8001},
        {"title": "half \ud800"},
        {"groups": tuple(map(str, range(2001)))},
        {"minutes": -1},
    ],
)
def test_what_no_draft_can_hold_is_refused(changes):
    with pytest.raises(InvalidNotice):
        Notice(kind=NoticeKind.SCHEDULED, **changes)


def test_a_planned_text_is_held_to_the_same_bounds():
    with pytest.raises(InvalidNotice):
        PlannedSend(send=Send.START, channel="X", text="x" * 8001)
