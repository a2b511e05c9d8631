"""What a newly approved version, or a person's act, means for postings. Pure: no I/O, no clock.

Who was told something that no longer holds is told what holds now, on the same channel. What waits
of an older version never goes; what a channel was handed for later is taken back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from noc_console.notices.channels.channel import Channel, ChannelKind
from noc_console.notices.channels.kinds import facts_of
from noc_console.notices.notice import Notice, Send
from noc_console.notices.plan import CHANGES, TIMED, Cell, channels_for, matrix, turn_of
from noc_console.notices.posting import Act, Posting, PostingState
from noc_console.notices.rulings import tells, was_told


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPosting:
    """A posting to write down. In a state other than queued it is written down as not to go."""

    send: Send
    channel: Channel
    due_at: datetime
    next_at: datetime
    round: int
    act: Act = Act.POST
    target_id: int | None = None
    state: PostingState = PostingState.QUEUED
    words: str = ""
    said: str = ""
    next_update_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replan:
    """What is to be written down, and which postings that wait go no more, with why."""

    new: tuple[NewPosting, ...] = ()
    superseded: tuple[tuple[Posting, str], ...] = field(default=())


def change_between(before: Notice, after: Notice) -> Send | None:
    """Give how customers would be told of the difference; None where there is none for them."""
    if after.is_scheduled and before.starts_at != after.starts_at:
        return Send.POSTPONED
    if after.is_scheduled and after.minutes > before.minutes:
        return Send.EXTENDED
    return Send.CORRECTION if changed_fields(before, after) else None


def changed_fields(before: Notice, after: Notice) -> tuple[str, ...]:
    """Give the names of the fields that customers would read otherwise."""
    return tuple(name for name in _TOLD if getattr(before, name) != getattr(after, name))


_TOLD = (
    *("title", "servers", "groups", "services", "customers", "starts_at", "minutes", "zone"),
    *("disrupted", "not_disrupted", "reasons", "benefit", "routes", "alternatives"),
    *("no_alternatives_because", "noticed", "since", "state", "cause", "next_steps"),
    "translations",
)


def approve(
    before: Notice | None,
    after: Notice,
    postings: Sequence[Posting],
    channels: Sequence[Channel],
    now: datetime,
    *,
    tell: bool = True,
    said: str = "",
) -> Replan:
    """Give what follows when `after` comes into force; `before` is what was in force, if anything.

    With `tell`, who was told of what changed is told; without, what can be changed where it stands
    is changed there.
    """
    superseded = [(one, "A newer version takes its place.") for one in _waiting(postings)]
    change = change_between(before, after) if before is not None else None
    new = _taken_back(postings, now)
    told_now: set[int] = set()
    if change is not None and tell:
        changes = _to_the_told(change, after, postings, channels, now, said)
        told_now = {one.channel.id for one in changes}
        new += changes
    elif change is not None:
        new += _edits(postings, channels, now)
    is_moved = change is Send.POSTPONED
    for cell in matrix(after, channels, TIMED):
        planned = _planned(cell, after, postings, now, told_now, is_moved=is_moved)
        if planned is not None:
            new.append(planned)
    return Replan(new=tuple(new), superseded=tuple(superseded))


def tell_now(
    send: Send,
    notice: Notice,
    postings: Sequence[Posting],
    channels: Sequence[Channel],
    now: datetime,
    *,
    said: str = "",
    next_update_at: datetime | None = None,
) -> Replan:
    """Give what follows when a person has something told now: an update, the end, a cancellation.

    What takes something back goes to those who were told; the rest as the plan has it.
    """
    if send in CHANGES:
        new = _to_the_told(send, notice, postings, channels, now, said)
    else:
        new = [
            _new(cell.send, cell.channel, now, postings, said=said, next_update_at=next_update_at)
            for cell in matrix(notice, channels, (send,))
            if cell.is_on
        ]
    is_end = send in {Send.CANCELLED, Send.DONE, Send.ALL_CLEAR}
    superseded: list[tuple[Posting, str]] = []
    if is_end:
        new = [*_taken_back(postings, now), *new]
        superseded = [(one, f"“{send.value}” takes its place.") for one in _waiting(postings)]
    return Replan(new=tuple(new), superseded=tuple(superseded))


def hold_back(postings: Sequence[Posting], now: datetime) -> Replan:
    """Take back what channels were handed for later, and have it wait here instead.

    For a notice whose window was moved or called off: by itself a channel would publish it.
    """
    new: list[NewPosting] = []
    for back in _taken_back(postings, now):
        handed = next(one for one in postings if one.id == back.target_id)
        again = _new(back.send, back.channel, handed.due_at, postings, next_at=now)
        new += [back, again]
    return Replan(new=tuple(new))


def _waiting(postings: Iterable[Posting]) -> list[Posting]:
    return [one for one in postings if one.state.waits and one.act is not Act.DELETE]


def _taken_back(postings: Sequence[Posting], now: datetime) -> list[NewPosting]:
    """Take back what a channel was handed and has not published yet."""
    already = {one.target_id for one in postings if one.act is Act.DELETE and one.state.is_open}
    return [
        NewPosting(
            send=Send(one.send),
            channel=_channel_of(one),
            due_at=now,
            next_at=now,
            round=one.round,
            act=Act.DELETE,
            target_id=one.id,
        )
        for one in postings
        if one.state is PostingState.SCHEDULED
        and (one.publishes_at or now) > now
        and one.id not in already
    ]


def _to_the_told(
    send: Send,
    notice: Notice,
    postings: Sequence[Posting],
    channels: Sequence[Channel],
    now: datetime,
    said: str,
) -> list[NewPosting]:
    return [
        _new(send, channel, now, postings, said=said)
        for channel in channels_for(notice, channels)
        if was_told(_published(postings, now), channel.id)
    ]


def _published(postings: Iterable[Posting], now: datetime) -> list[Posting]:
    """Leave out what a channel has but nobody could read yet."""
    return [
        one
        for one in postings
        if one.state is not PostingState.SCHEDULED or (one.publishes_at or now) <= now
    ]


def _edits(
    postings: Sequence[Posting], channels: Sequence[Channel], now: datetime
) -> list[NewPosting]:
    """Change the newest posting of each channel that can change what it posted."""
    by_id = {one.id: one for one in channels if facts_of(one.kind).can_edit}
    newest: dict[int, Posting] = {}
    for one in _published(postings, now):
        if one.act is Act.POST and tells(one) and one.channel_id in by_id:
            newest[one.channel_id] = one
    return [
        NewPosting(
            send=Send(one.send),
            channel=by_id[channel_id],
            due_at=now,
            next_at=now,
            round=_next_round(postings, Send(one.send), channel_id, Act.EDIT),
            act=Act.EDIT,
            target_id=one.id,
        )
        for channel_id, one in newest.items()
    ]


def _planned(
    cell: Cell,
    notice: Notice,
    postings: Sequence[Posting],
    now: datetime,
    told_now: set[int],
    *,
    is_moved: bool,
) -> NewPosting | None:
    """Give the posting of a send that goes by the clock; None where it went already."""
    if cell.due_at is None or notice.ends_at is None:
        return None
    is_past = cell.due_at <= now
    if not is_moved and _went(postings, cell):
        return None
    channel = cell.channel
    if notice.starts_at is not None and cell.due_at < notice.starts_at <= now:
        return _too_late(cell, postings)
    if not cell.is_on:
        return _not_to_go(cell, postings, PostingState.SUPPRESSED, "Switched off in the plan.")
    if is_past and channel.id in told_now:
        words = "What is told now says the new time."
        return _not_to_go(cell, postings, PostingState.SUPERSEDED, words)
    next_at = turn_of(cell.due_at, channel.kind)
    early = facts_of(channel.kind).schedules_until
    if early is not None:  # handed over as soon as the channel takes it: nobody need be awake then
        next_at = max(now, cell.due_at - early)
    return _new(cell.send, channel, cell.due_at, postings, next_at=next_at)


def _too_late(cell: Cell, postings: Sequence[Posting]) -> NewPosting | None:
    """Give what was to go before the work as not to go; nothing where it is written down so."""
    if any(_is_of(one, cell) for one in postings):
        return None
    words = "The work had begun when this was approved."
    return _not_to_go(cell, postings, PostingState.SUPERSEDED, words)


def _is_of(one: Posting, cell: Cell) -> bool:
    return one.send == cell.send.value and one.channel_id == cell.channel.id and one.act is Act.POST


def _went(postings: Iterable[Posting], cell: Cell) -> bool:
    return any(
        _is_of(one, cell) and tells(one) and one.state is not PostingState.SCHEDULED
        for one in postings
    )


def _not_to_go(
    cell: Cell, postings: Sequence[Posting], state: PostingState, words: str
) -> NewPosting | None:
    if cell.due_at is None:
        return None
    return NewPosting(
        send=cell.send,
        channel=cell.channel,
        due_at=cell.due_at,
        next_at=cell.due_at,
        round=_next_round(postings, cell.send, cell.channel.id),
        state=state,
        words=words,
    )


def _new(
    send: Send,
    channel: Channel,
    due_at: datetime,
    postings: Sequence[Posting],
    *,
    next_at: datetime | None = None,
    said: str = "",
    next_update_at: datetime | None = None,
) -> NewPosting:
    return NewPosting(
        send=send,
        channel=channel,
        due_at=due_at,
        next_at=turn_of(due_at, channel.kind) if next_at is None else next_at,
        round=_next_round(postings, send, channel.id),
        said=said,
        next_update_at=next_update_at,
    )


def _next_round(
    postings: Iterable[Posting], send: Send, channel_id: int, act: Act = Act.POST
) -> int:
    rounds = (
        one.round
        for one in postings
        if one.send == send.value and one.channel_id == channel_id and one.act is act
    )
    return max(rounds, default=0) + 1


def _channel_of(one: Posting) -> Channel:
    return Channel(id=one.channel_id, name=one.channel_name, kind=ChannelKind(one.channel_kind))
