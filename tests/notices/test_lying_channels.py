"""Whatever a channel answers is a posting, nothing, or one sentence: never a bug of ours."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noc_console.health.delivery.sending import tell_nobody
from noc_console.notices.channels.channel import Channel, ChannelKind, Posted, PostFailed, Way
from noc_console.notices.channels.web_call import Answer, WebCall, httpx
from noc_console.notices.channels.wordpress import WordPress
from tests.notices import fake_stands
from tests.notices.channel_contract import nothing, text

_NAMES = (
    *("data", "id", "username", "entities", "urls", "expanded_url", "text", "records", "value"),
    *("reply", "parent", "uri", "content", "params", "scheduled_at", "configuration", "message"),
    *("elements", "commentary", "role", "current_user", "category", "post_stream", "posts"),
    *("errors", "error", "result", "announcements", "announcement", "totalresults", "namespaces"),
    *("status", "date_gmt", "capabilities", "topic_id", "code", "scheduled_publish_time"),
    *("referenced_tweets", "did", "accessJwt", "scopes"),
)
_LEAVES = st.sampled_from(
    [None, True, 0, -1, 10**30, 1.5, "", "n42-start-1", "1/3 n42-start-1", "success", "wp/v2"]
)
_ANSWERS = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES), inner),
    max_leaves=12,
)
_STATUSES = st.sampled_from([200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 422, 429, 500])
_POSTED = Posted(remote_id="1", parts=("1", "2"))


def wordpress() -> fake_stands.Stand:
    """Give the way to a WordPress whose answers are made up."""
    stand = fake_stands.webhook()
    settings_ = {"address": stand.server.url, "user": "editor", "categories": "3"}
    one = Channel(name="News", kind=ChannelKind.WORDPRESS, settings=settings_)
    stand.way = WordPress(one, lambda: ("secret",))
    return stand


class _Liar:
    """Answers every request with what hypothesis says, without a network."""

    def __init__(self, answers) -> None:
        self._answers, self._place = answers, -1

    def __call__(self, _method: str, _url: str, **_request: object) -> Answer:
        self._place += 1
        status, body = self._answers[self._place % len(self._answers)]
        headers = {"location": "/t/x/7.json", "retry-after": str(body)[:20], "x-restli-id": "u"}
        safe = {name: value for name, value in headers.items() if value.isascii()}
        content = json.dumps(body).encode()
        return Answer(status=status, headers=httpx.Headers(safe), body=content)


def acts(way: Way):
    """Give everything that can be asked of a way."""
    later = datetime.now(UTC) + timedelta(days=1)
    return (
        lambda: way.test(tell_nobody),
        lambda: way.find("n42-start-1"),
        lambda: way.post(text(), None, nothing),
        lambda: way.post(text(), later, nothing),
        lambda: way.edit(_POSTED, text()),
        lambda: way.delete(_POSTED),
    )


@pytest.mark.parametrize("make", [*fake_stands.ALL, wordpress], ids=lambda make: make.__name__)
def test_no_answer_whatever_is_a_bug_of_ours(make, monkeypatch):
    stand = make()
    stand.server.close()

    @settings(max_examples=80)
    @given(st.lists(st.tuples(_STATUSES, _ANSWERS), min_size=1, max_size=3))
    def lie(answers):
        for act in acts(stand.way):
            monkeypatch.setattr(WebCall, "_exchange", _Liar(answers))
            with suppress(PostFailed):
                act()

    lie()
