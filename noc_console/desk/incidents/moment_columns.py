"""The columns of a timeline's table, wherever one is shown. GUI thread only."""

from collections.abc import Callable, Sequence
from datetime import datetime

from noc_console.desk.incidents.incident_look import moment_words
from noc_console.desk.look import Look
from noc_console.desk.widgets.rows_table import Column
from noc_console.fleet.inert import inert
from noc_console.incidents.incident.timeline import Moment
from noc_console.incidents.times import local_text


def words_of_moment(one: Moment) -> str:
    """Give what a moment tells, as it may be shown."""
    return inert(one.words)


def moment_columns(
    title: str,
    now: Callable[[], datetime],
    look: Callable[[], Look],
    words: Callable[[Moment], str] = words_of_moment,
) -> Sequence[Column[Moment]]:
    """Give when, where it is known from, what happened and who; `title` is that of the first."""

    def happened(one: Moment) -> str:
        if one.verdict is None:
            return words(one)
        return look().worded(one.verdict, f"{one.verdict.value}: {words(one)}")

    return (
        Column(
            title=title,
            text=lambda one: moment_words(one.at, now()),
            tip=lambda one: local_text(one.at),
        ),
        Column(title="Source", text=lambda one: one.source.value),
        Column(
            title="What happened",
            text=happened,
            tip=words_of_moment,
            stretch=True,
            colour=lambda one: look().colour(one.verdict) if one.verdict is not None else None,
        ),
        Column(title="Who", text=lambda one: inert(one.by)),
    )
