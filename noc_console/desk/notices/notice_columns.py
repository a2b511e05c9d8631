"""The columns of the page of notices. GUI thread only."""

from collections.abc import Callable
from datetime import datetime

from noc_console.desk import posting_look
from noc_console.desk.context import Colours
from noc_console.desk.notices.notice_look import (
    KIND_WORDS,
    lamps_text,
    lamps_tip,
    next_text,
    short_time,
    state_colour,
    state_text,
    when_text,
)
from noc_console.desk.notices.notice_rows import NoticeRow
from noc_console.desk.widgets.rows_table import Column
from noc_console.fleet.inert import inert
from noc_console.health.verdict import Verdict
from noc_console.incidents.times import local_text
from noc_console.notices.posting import Counts, Posting

Now = Callable[[], datetime]


def of_notices(colours: Callable[[], Colours], now: Now) -> list[Column[NoticeRow]]:
    """Give the columns of the list."""

    def is_dark(one: NoticeRow) -> bool:
        return one.lit < len(one.lamps) and not one.stored.state.is_over

    return [
        Column(
            title="State",
            text=lambda one: state_text(one, now()),
            tip=lambda one: inert(" ".join(one.troubles), 1000) or state_text(one, now()),
            colour=lambda one: state_colour(one, colours(), now()),
        ),
        Column(
            title="Seven things",
            text=lambda one: lamps_text(one.lamps),
            tip=lambda one: inert(lamps_tip(one.lamps), 2000),
            colour=lambda one: colours().look.colours[Verdict.EARLY] if is_dark(one) else None,
            spare=True,
        ),
        Column(title="Kind", text=lambda one: KIND_WORDS[one.notice.kind], spare=True),
        Column(
            title="Notice",
            text=lambda one: f"{one.id}: {inert(one.notice.title) or '(no title yet)'}",
            stretch=True,
        ),
        Column(
            title="For",
            text=lambda one: inert(one.for_whom),
        ),
        Column(title="Begins", text=lambda one: when_text(one, now())),
        Column(title="Next", text=lambda one: next_text(one, now()), numeric=True),
    ]


def of_postings(
    colours: Callable[[], Colours], counts: Callable[[int], Counts | None], now: Now
) -> list[Column[Posting]]:
    """Give the columns of what goes where when; `counts` gives those of a posting's mailings."""

    def came_of_it(one: Posting) -> str:
        told = counts(one.id)
        words = told.words if told is not None else one.words
        return inert(one.link or words, 300)

    return [
        Column(
            title="State",
            text=lambda one: posting_look.state_text(one.state),
            colour=lambda one: posting_look.state_colour(one.state, colours().look),
        ),
        Column(title="Send", text=lambda one: one.send),
        Column(title="Channel", text=lambda one: inert(one.channel_name)),
        Column(
            title="Due or gone",
            text=lambda one: short_time(one.ended_at or one.due_at, now()),
            tip=lambda one: f"due {local_text(one.due_at)}",
        ),
        Column(
            title="What came of it",
            text=came_of_it,
            tip=lambda one: inert(f"{one.words} {one.link}".strip(), 600),
            stretch=True,
        ),
    ]
