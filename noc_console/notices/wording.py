"""From a posting that is to go to what its words are made of. Pure: no I/O, no clock."""

from collections.abc import Iterable
from datetime import datetime

from noc_console.notices.channels.channel import Channel, ChannelKind
from noc_console.notices.channels.checking import limits_of
from noc_console.notices.notice import Send
from noc_console.notices.plan import PUBLIC, cell, rank_of
from noc_console.notices.posting import Act, Posting
from noc_console.notices.posting_records import Job
from noc_console.notices.posting_rows import mark_of
from noc_console.notices.telling import Telling


def telling_of(
    job: Job,
    channel: Channel,
    servers: Iterable[str],
    now: datetime,
    *,
    language: str = "",
    zone: str = "",
) -> Telling:
    """Give what is true of a posting when it goes: at its own time where it is handed over early.

    `language` and `zone` are a reader's; empty means the channel's or the notice's.
    """
    send = Send(job.posting.send)
    return Telling(
        send=send,
        at=job.publish_at or now,
        reference=job.posting.reference,
        mark=mark_of(job.stored.id, job.stored.token),
        language=language or channel.language,
        zone=zone,
        limits=limits_of(channel),
        servers=tuple(servers),
        is_first=not _told_before(job.siblings, job.posting),
        words=job.posting.said,
        before=job.told,
        ended_at=job.stored.ended_at,
        link=link_of(job.siblings, job.posting),
        planned=cell(job.notice, send, channel).planned,
    )


def link_of(siblings: Iterable[Posting], one: Posting) -> str:
    """Give where the whole text can be read: on a website, of this send, or else the newest."""
    with_link = [
        other
        for other in siblings
        if other.link
        and other.id != one.id
        and other.state.was_told
        and ChannelKind(other.channel_kind) in PUBLIC
        and rank_of(ChannelKind(other.channel_kind)) == 0
    ]
    same = [other for other in with_link if (other.send, other.round) == (one.send, one.round)]
    newest = max(same or with_link, key=lambda other: other.id, default=None)
    return newest.link if newest is not None else ""


def _told_before(siblings: Iterable[Posting], one: Posting) -> bool:
    return any(
        other.channel_id == one.channel_id
        and other.id != one.id
        and other.act is Act.POST
        and other.state.was_told
        for other in siblings
    )
