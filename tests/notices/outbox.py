"""Notices that are approved and sent without a network: a channel that keeps what it is posted."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from noc_console.notices.approval import approve, let_one_person_approve
from noc_console.notices.channel_records import add_channel
from noc_console.notices.channels.channel import (
    Channel,
    ChannelKind,
    Form,
    Posted,
    PostFailed,
    Preview,
)
from noc_console.notices.notice import Notice, NoticeKind, Route, RouteKind
from noc_console.notices.notice_records import add_notice
from noc_console.notices.posting import Act, Posting, PostingState
from noc_console.notices.text import Text

START = datetime(2026, 12, 12, 1, 0, tzinfo=UTC)
SETTINGS = {
    ChannelKind.WORDPRESS: {"address": "https://www.example.com", "user": "noc"},
    ChannelKind.CLIPBOARD: {"page": "https://www.example.net/new"},
    ChannelKind.BLUESKY: {"user": "status.example.com"},
    ChannelKind.MASTODON: {"address": "https://social.example.com"},
    ChannelKind.WEBHOOK: {"address": "https://forum.example.com/hook"},
    ChannelKind.STATIC_SITE: {"address": "https://status.example.com", "folder": "/srv/status"},
}


def scheduled(**changes):
    """Give a notice of planned work that lacks nothing."""
    usual = Notice(
        kind=NoticeKind.SCHEDULED,
        title="Kernel update",
        starts_at=START,
        typed_start="Sat 2026-12-12 02:00",
        minutes=60,
        zone="Europe/Berlin",
        disrupted="The web sites on web-01",
        not_disrupted="Mail",
        reasons="A security update of the kernel",
        benefit="Known holes are closed",
        routes=(
            Route(kind=RouteKind.PHONE, words="+49 30 1234567"),
            Route(kind=RouteKind.PAGE, words="https://help.example.net"),
        ),
        no_alternatives_because="The work takes an hour at night",
    )
    return replace(usual, **changes)


def add(store, kind, name=None, **settings):
    """Add a channel; gives it."""
    channel = Channel(
        name=name or kind.value, kind=kind, settings={**SETTINGS.get(kind, {}), **settings}
    )
    return add_channel(store, channel, "anna", START)


def approved(store, notice, now, *, by="anna"):
    """Give the number of a notice that one person wrote and approved."""
    let_one_person_approve(store, is_enough=True)
    stored = add_notice(store, notice, by=by, now=now)
    approve(store, stored.id, by=by, now=now, missing=lambda _: ())
    return stored.id


class Clock:
    """A clock that a test sets."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now

    def pass_time(self, **span):
        self.now += timedelta(**span)


class Wording:
    """Words a notice shortly, without a template."""

    def render(self, notice, telling):
        self.last = telling
        words = f"{telling.send.value}: {notice.title} {telling.words}".strip()
        return Text(
            title=words,
            summary=words,
            markdown=words,
            html=words,
            plain=words,
            reference=telling.reference,
        )

    def use(self, shelf):
        pass

    def close(self):
        pass


class Board:
    """A channel's far end: what it holds, by reference; it may fail, lose its answer or hang."""

    def __init__(self):
        self.posts = {}
        self.times = {}
        self.log = []
        self.fails = []
        self.is_losing_answers = False
        self.gate = threading.Event()
        self.gate.set()

    def test(self, tell):  # noqa: ARG002 - as every way has it
        return "well"

    def find(self, reference):
        self._fail()
        self.log.append(("find", reference))
        return Posted(remote_id=reference) if reference in self.posts else None

    def post(self, text, at, before_handing_over):
        self._fail()
        before_handing_over()
        self.gate.wait(30)
        assert text.reference not in self.posts, "posted twice"
        self.posts[text.reference] = text.title
        self.times[text.reference] = at
        self.log.append(("post", text.reference))
        if self.is_losing_answers:
            raise PostFailed("It did not answer.", is_in_doubt=True)
        return Posted(remote_id=text.reference, link=f"https://example.com/{text.reference}")

    def edit(self, posted, text):
        self._fail()
        self.posts[posted.remote_id] = text.title
        self.log.append(("edit", posted.remote_id))
        return posted

    def delete(self, posted):
        self._fail()
        self.posts.pop(posted.remote_id, None)
        self.log.append(("delete", posted.remote_id))

    def preview(self, text):
        return Preview(title=text.title, posts=(text.plain,), form=Form.PLAIN, counts=(1,))

    def _fail(self):
        if self.fails:
            raise self.fails.pop(0)


class Boards:
    """The far end of each channel."""

    def __init__(self):
        self.by_name = {}

    def __call__(self, channel):
        return self.by_name.setdefault(channel.name, Board())

    def __getitem__(self, name):
        return self.by_name.setdefault(name, Board())


def waiting(number, send, due, **changes):
    """Give a posting that waits until it is due, with some fields as wanted."""
    usual = Posting(
        id=number,
        notice_id=1,
        version=1,
        send=send.value,
        round=1,
        channel_id=1,
        channel_name="News",
        channel_kind="wordpress",
        act=Act.POST,
        target_id=None,
        state=PostingState.QUEUED,
        due_at=due,
        made_at=due,
        next_at=due,
        tries=0,
        began_at=None,
        ended_at=None,
        words="",
        reference="",
        said="",
        title="",
        body="",
        remote_id="",
        link="",
        parts=(),
        publishes_at=None,
        next_update_at=None,
        asks_at=None,
        leased_by="",
        leased_until=None,
    )
    return replace(usual, **changes)
