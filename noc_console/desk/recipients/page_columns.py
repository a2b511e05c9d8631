"""The columns of the two tables: who is told, and the messages."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtGui import QColor

from noc_console.desk.look import Look
from noc_console.desk.recipients.recipient_words import (
    LEASTS,
    WAYS,
    hours_text,
    outcome_text,
    repeat_text,
    state_text,
    subject_text,
    verdict_of,
    when_text,
)
from noc_console.desk.widgets.rows_table import Column
from noc_console.fleet.inert import inert
from noc_console.health.delivery.delivery import Delivery
from noc_console.health.delivery.recipient import Recipient


def of_recipients() -> tuple[Column[Recipient], ...]:
    """Give the columns of who is told."""
    return (
        Column(title="Told", text=when_text),
        Column(title="Name", text=lambda one: inert(one.name)),
        Column(title="Way", text=lambda one: WAYS[one.way]),
        Column(title="Address", text=lambda one: inert(one.address), stretch=True),
        Column(title="Hears of", text=lambda one: LEASTS[one.least]),
        Column(title="Again", text=repeat_text),
        Column(title="Hours", text=hours_text, stretch=True),
    )


def of_deliveries(look: Look, now: Callable[[], datetime]) -> tuple[Column[Delivery], ...]:
    """Give the columns of the messages."""

    def colour(one: Delivery) -> QColor | None:
        verdict = verdict_of(one)
        return None if verdict is None else look.colours[verdict]

    return (
        Column(title="State", text=state_text, colour=colour),
        Column(title="At", text=lambda one: _at(one, now())),
        Column(title="To", text=lambda one: inert(one.recipient_name)),
        Column(title="What", text=subject_text, stretch=True),
        Column(title="Tries", text=lambda one: str(one.tries), numeric=True),
        Column(title="What came of it", text=lambda one: outcome_text(one, now()), stretch=True),
    )


def _at(one: Delivery, now: datetime) -> str:
    """Give when it was last tried, or made; with its date unless it is of today."""
    local = (one.began_at or one.made_at).astimezone()
    form = "%H:%M:%S %Z" if local.date() == now.astimezone().date() else "%Y-%m-%d %H:%M %Z"
    return f"{local:{form}}"
