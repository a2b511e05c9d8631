"""When a notice goes where: each send on each channel, and at what time. Pure: no I/O, no clock.

A week before is the earlier of 168 hours and the same wall time, so that customers have their week
by either count; a day before is 24 hours. An update, the end and whatever takes something back go
when a person says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from noc_console.incidents.wall_time import instants_of, wall_of, zone_of
from noc_console.notices.channels.channel import Channel, ChannelKind
from noc_console.notices.notice import Notice, NoticeKind, PlannedSend, Send

WEEK = timedelta(days=7)
DAY = timedelta(hours=24)
TOLD_A_WEEK_AHEAD = timedelta(days=6, hours=12)
"""What goes at its time, or hours later for there are many mails, still tells it a week ahead."""
RANK_PAUSE = timedelta(seconds=5)
"""Between the websites, the social channels and mail: by then what is posted later can link to what
was posted first, and a website that is down holds nothing up."""

TIMED = (Send.WEEK_BEFORE, Send.DAY_BEFORE, Send.START)
"""Sends that go by the clock."""
CHANGES = (Send.CANCELLED, Send.POSTPONED, Send.EXTENDED, Send.CORRECTION)
"""Sends that take back what was told before: they go wherever that was told."""

_RANKS = {
    ChannelKind.EMAIL: 2,
    ChannelKind.X: 1,
    ChannelKind.FACEBOOK: 1,
    ChannelKind.MASTODON: 1,
    ChannelKind.BLUESKY: 1,
    ChannelKind.LINKEDIN: 1,
}
"""Every other kind is 0."""
_QUIET = {Send.START, Send.UPDATE}
_NOT_WHEN_QUIET = {ChannelKind.EMAIL, ChannelKind.CLIPBOARD, ChannelKind.LINKEDIN}
"""Nobody wants a mail each half hour, and at night nobody is there to post by hand."""
PUBLIC = frozenset(ChannelKind) - {ChannelKind.CHAT, ChannelKind.EMAIL}
"""Where anybody can read: a first word there ends the first-word clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One send on one channel. Without `due_at` it goes when a person says so."""

    send: Send
    channel: Channel
    is_on: bool
    due_at: datetime | None
    usual_due_at: datetime | None
    planned: PlannedSend | None
    """A person's difference from the usual."""


def rank_of(kind: ChannelKind) -> int:
    """Give whose turn it is: 0 websites and what is quick, 1 social channels, 2 mail."""
    return _RANKS.get(kind, 0)


def channels_for(notice: Notice, channels: Iterable[Channel]) -> list[Channel]:
    """Give the channels a notice may go to, by turn: those of its brand and of every brand."""
    fitting = (one for one in channels if not one.brand or one.brand == notice.brand)
    return sorted(fitting, key=lambda one: (rank_of(one.kind), one.name))


def usual_due(notice: Notice, send: Send) -> datetime | None:
    """Give when a send is due by the clock; None: when a person says so, or without a start."""
    start = notice.starts_at
    if start is None or notice.kind is not NoticeKind.SCHEDULED:
        return None
    match send:
        case Send.WEEK_BEFORE:
            return week_before(start, notice.zone)
        case Send.DAY_BEFORE:
            return start - DAY
        case Send.START:
            return start
        case _:
            return None


def week_before(start: datetime, zone_name: str) -> datetime:
    """Give the earlier of 168 hours before and the same wall time seven days before."""
    zone = zone_of(zone_name)
    same_wall, _ = instants_of(wall_of(start, zone) - WEEK, zone)
    return min(start - WEEK, same_wall)


def is_usually_on(send: Send, kind: ChannelKind) -> bool:
    """Whether a send goes to a kind of channel unless a person says otherwise."""
    return send not in _QUIET or kind not in _NOT_WHEN_QUIET


def cell(notice: Notice, send: Send, channel: Channel) -> Cell:
    """Give one send on one channel as a person left it."""
    planned = next(
        (one for one in notice.plan if one.send is send and one.channel == channel.name), None
    )
    usual = usual_due(notice, send)
    due_at = planned.due_at if planned is not None and planned.due_at is not None else usual
    is_on = is_usually_on(send, channel.kind) if planned is None else planned.is_on
    return Cell(
        send=send,
        channel=channel,
        is_on=is_on,
        due_at=due_at,
        usual_due_at=usual,
        planned=planned,
    )


def matrix(notice: Notice, channels: Iterable[Channel], sends: Iterable[Send]) -> list[Cell]:
    """Give some sends on all the channels a notice may go to, switched off ones too."""
    fitting = channels_for(notice, channels)
    return [cell(notice, send, channel) for send in sends for channel in fitting]


def turn_of(at: datetime, kind: ChannelKind) -> datetime:
    """Give when a channel has its turn in what is sent at `at`."""
    return at + rank_of(kind) * RANK_PAUSE
