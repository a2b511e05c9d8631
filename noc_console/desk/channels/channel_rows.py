"""How channels read on the screen: whether each posts, how its last test and posting went.

Pure but for `read_channels`, which is meant for a thread of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtGui import QColor

from noc_console.desk.look import Look
from noc_console.desk.outbox.outbox_rows import day_text
from noc_console.desk.widgets.rows_table import Column
from noc_console.fleet.inert import inert
from noc_console.health.verdict import Verdict
from noc_console.notices.channel_records import LastTest, last_tests, list_channels
from noc_console.notices.channels.channel import Channel, ChannelKind
from noc_console.notices.channels.checking import setting_of
from noc_console.notices.channels.kinds import facts_of
from noc_console.notices.posting import Posting, PostingState
from noc_console.notices.posting_rows import outbox
from noc_console.store.store import Store

_PLACES = ("address", "page", "host", "sender")
_TROUBLED = frozenset({PostingState.FAILED, PostingState.DELAYED, PostingState.IN_DOUBT})
_CAME = _TROUBLED | {PostingState.SENT, PostingState.SCHEDULED, PostingState.BOUNCED}
_NO_SECRET_NEEDED = frozenset({ChannelKind.EMAIL, ChannelKind.WEBHOOK})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRow:
    """A channel, its last test, and the last posting on it that came to something."""

    channel: Channel
    test: LastTest | None
    last: Posting | None
    waiting: int

    @property
    def lacks_secret(self) -> bool:
        """Whether it cannot work for want of a secret."""
        needs = bool(facts_of(self.channel.kind).secrets)
        return needs and not self.channel.secret and self.channel.kind not in _NO_SECRET_NEEDED

    @property
    def is_failing(self) -> bool:
        """Whether its last test or posting went wrong."""
        is_ill = self.test is not None and not self.test.is_well
        return is_ill or (self.last is not None and self.last.state in _TROUBLED)


def read_channels(store: Store) -> tuple[ChannelRow, ...]:
    """Give the channels, those that need a look first."""
    tests = last_tests(store)
    newest: dict[int, Posting] = {}
    waiting: dict[int, int] = {}
    for one in outbox(store):
        if one.state.waits:
            waiting[one.channel_id] = waiting.get(one.channel_id, 0) + 1
        before = newest.get(one.channel_id)
        if one.state in _CAME and (before is None or _when(one) > _when(before)):
            newest[one.channel_id] = one
    rows = [
        ChannelRow(
            channel=one,
            test=tests.get(one.id),
            last=newest.get(one.id),
            waiting=waiting.get(one.id, 0),
        )
        for one in list_channels(store)
    ]
    rows.sort(key=lambda row: (-_urgency(row), row.channel.name.casefold()))
    return tuple(rows)


def channel_columns(
    look: Callable[[], Look], now: Callable[[], datetime]
) -> tuple[Column[ChannelRow], ...]:
    """Give the columns of channels."""

    def colour(row: ChannelRow) -> QColor | None:
        verdict = (None, Verdict.EARLY, Verdict.EARLY, Verdict.CUT_OFF, Verdict.DOWN)[_urgency(row)]
        return None if verdict is None else look().colours[verdict]

    return (
        Column(title="State", text=state_text, colour=colour),
        Column(title="Name", text=lambda row: inert(row.channel.name)),
        Column(title="Kind", text=lambda row: facts_of(row.channel.kind).title, spare=True),
        Column(title="Where", text=_where, stretch=True),
        Column(title="Brand", text=lambda row: inert(row.channel.brand) or "every", spare=True),
        Column(
            title="Language",
            text=lambda row: inert(row.channel.language) or "the notice's",
            spare=True,
        ),
        Column(
            title="Waits", text=lambda row: str(row.waiting) if row.waiting else "", numeric=True
        ),
        Column(title="Last posting", text=lambda row: _posted(row, now())),
        Column(title="Last test", text=lambda row: tested_text(row, now()), stretch=True),
    )


def state_text(row: ChannelRow) -> str:
    """Give whether it posts, with a shape."""
    return (
        "✔  posts",
        "○  not tested",
        "‖  paused",
        "◆  no secret",
        "■  failing",
    )[_urgency(row)]


def tested_text(row: ChannelRow, now: datetime) -> str:
    """Give how the last test went."""
    if row.test is None:
        return "never: press Ctrl+Shift+T"
    word = "ok" if row.test.is_well else inert(row.test.sentence, 200)
    return f"{day_text(row.test.at, now)}: {word}"


def _urgency(row: ChannelRow) -> int:
    if row.is_failing:
        return 4
    if row.lacks_secret:
        return 3
    if row.channel.is_paused:
        return 2
    is_proven = row.test is not None or row.last is not None
    return 0 if is_proven else 1


def _where(row: ChannelRow) -> str:
    places = (setting_of(row.channel, name) for name in _PLACES)
    return inert(next((one for one in places if one), ""))


def _posted(row: ChannelRow, now: datetime) -> str:
    if row.last is None:
        return "none yet"
    return f"{row.last.state.value}, {day_text(_when(row.last), now)}"


def _when(one: Posting) -> datetime:
    return one.ended_at or one.began_at or one.due_at
