"""What becomes of postings that wait, by the time it is: the catch-up table. Pure: no clock.

| it waits | the time | what becomes of it |
|---|---|---|
| a week before | the day before is not due yet | it goes, late, with what is left until the start |
| a week before | the day before is due | superseded: that one goes in its place |
| a day before, or a week before where no day before is planned | before the start | it goes, late |
| a week or a day before | the work has begun | missed |
| the start | before the planned end | it goes, late, with when it began |
| the start | after the planned end | missed |
| any of them | a later one of the channel says more | superseded |
| an update | a later one, or the end, waits or went on this channel | superseded |
| any | its version is no longer in force, or its notice is over | superseded |
| a week or a day before, the start | its window was moved or called off | held |

What is missed is never silent: it stands in the notice's ledger, and people are told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from noc_console.incidents.times import span_text
from noc_console.notices.channels.channel import ChannelKind
from noc_console.notices.notice import Notice, Send
from noc_console.notices.plan import TIMED
from noc_console.notices.posting import Act, Posting, PostingState

LATE_AFTER = timedelta(minutes=5)
"""What goes later than this is called late."""
_FOLLOWS = {
    Send.START: frozenset({Send.UPDATE, Send.DONE}),
    Send.UPDATE: frozenset({Send.UPDATE, Send.DONE, Send.ALL_CLEAR}),
    Send.FIRST_WORD: frozenset({Send.UPDATE, Send.ALL_CLEAR}),
    Send.EXTENDED: frozenset({Send.EXTENDED, Send.DONE}),
    Send.POSTPONED: frozenset({Send.POSTPONED, Send.CANCELLED}),
    Send.CORRECTION: frozenset({Send.CORRECTION, Send.CANCELLED}),
}
"""What a send is superseded by when that is as new or newer, on the same channel."""


class Fate(Enum):
    """What becomes of a posting that waits."""

    WAIT = "wait"
    GO = "go"
    GO_LATE = "go late"
    HELD = "held"
    """It says what is not so any more; a person postpones or cancels the notice."""
    SUPERSEDED = "superseded"
    MISSED = "missed"

    @property
    def is_end(self) -> bool:
        """Whether it will never go."""
        return self in {Fate.SUPERSEDED, Fate.MISSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What becomes of one posting, and why, as a sentence."""

    posting: Posting
    fate: Fate
    words: str = ""


def rule(
    notice: Notice,
    live_version: int | None,
    postings: Sequence[Posting],
    now: datetime,
    *,
    hold: str = "",
    is_over: bool = False,
) -> list[Ruling]:
    """Give what becomes of each of a notice's postings that waits.

    `notice` is the version in force; `hold` says why what goes by the clock is kept back, such as
    that the window was moved; `is_over` that the notice is done or cancelled.
    """
    return [
        _rule_one(one, notice, live_version, postings, now, hold=hold, is_over=is_over)
        for one in postings
        if one.state.waits
    ]


def _rule_one(
    one: Posting,
    notice: Notice,
    live_version: int | None,
    postings: Sequence[Posting],
    now: datetime,
    *,
    hold: str,
    is_over: bool,
) -> Ruling:
    send = Send(one.send)
    if one.act is not Act.POST:
        return _by_time(one, now)
    if send in TIMED and (live_version is None or one.version < live_version or is_over):
        return Ruling(
            posting=one,
            fate=Fate.SUPERSEDED,
            words="What it says is no longer in force." if not is_over else "The notice is over.",
        )
    later = _later(one, send, postings)
    if later is not None:
        return Ruling(posting=one, fate=Fate.SUPERSEDED, words=_in_place(later))
    ended = _out_of_time(one, send, notice, postings, now)
    if ended is not None:
        return ended
    if hold and send in TIMED:
        return Ruling(posting=one, fate=Fate.HELD, words=hold)
    return _by_time(one, now)


def _by_time(one: Posting, now: datetime) -> Ruling:
    if one.due_at > now:
        return Ruling(posting=one, fate=Fate.WAIT)
    late = now - one.due_at
    if late <= LATE_AFTER:
        return Ruling(posting=one, fate=Fate.GO)
    return Ruling(posting=one, fate=Fate.GO_LATE, words=f"Late by {span_text(late)}.")


def _later(one: Posting, send: Send, postings: Iterable[Posting]) -> Posting | None:
    """Give the newest posting of the same channel that says more, and goes or went."""
    follows = _FOLLOWS.get(send, frozenset())
    newer = [
        other
        for other in postings
        if other.channel_id == one.channel_id
        and other.act is Act.POST
        and other.id > one.id
        and Send(other.send) in follows
        and (other.state.is_open or other.state.was_told)
    ]
    return max(newer, key=lambda other: other.id, default=None)


def _out_of_time(
    one: Posting, send: Send, notice: Notice, postings: Sequence[Posting], now: datetime
) -> Ruling | None:
    start, end = notice.starts_at, notice.ends_at
    if start is None or end is None or send not in TIMED:
        return None
    if send is Send.START:
        return None if now < end else _missed(one, "the work was to be over")
    if now >= start:
        return _missed(one, "the work had begun")
    if send is Send.WEEK_BEFORE:
        nearer = _of_channel(postings, one, Send.DAY_BEFORE)
        if nearer is not None and (nearer.due_at <= now or _is_read(nearer)):
            return Ruling(posting=one, fate=Fate.SUPERSEDED, words=_in_place(nearer))
    return None


def _of_channel(postings: Iterable[Posting], one: Posting, send: Send) -> Posting | None:
    """Give the newest posting of a send on the same channel that goes or went."""
    found = (
        other
        for other in postings
        if other.channel_id == one.channel_id
        and other.send == send.value
        and other.version == one.version
        and other.act is Act.POST
        and (other.state.is_open or other.state.was_told)
    )
    return max(found, key=lambda other: other.id, default=None)


def _is_read(one: Posting) -> bool:
    """Whether it went; what a channel only has for later may still be taken back."""
    return one.state.was_told and one.state is not PostingState.SCHEDULED


def _missed(one: Posting, why: str) -> Ruling:
    return Ruling(
        posting=one,
        fate=Fate.MISSED,
        words=f"Nobody sent it by {one.due_at:%Y-%m-%d %H:%M} UTC, and then {why}.",
    )


def _in_place(other: Posting) -> str:
    return f"“{other.send}” on this channel says more and takes its place."


def was_told(postings: Iterable[Posting], channel_id: int) -> bool:
    """Whether a channel was told anything of a notice that still stands, or is being told."""
    return any(
        one.channel_id == channel_id and one.act is Act.POST and tells(one) for one in postings
    )


def tells(one: Posting) -> bool:
    """Whether people read a posting, or may have by the time we look again.

    Some of many mails may have gone where the rest is delayed; who posts by hand may have
    forgotten to tick it off.
    """
    if one.state is PostingState.DELAYED:
        return one.channel_kind == ChannelKind.EMAIL.value
    return one.state.was_told or one.state in {PostingState.SENDING, PostingState.BY_HAND}
