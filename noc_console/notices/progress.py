"""How far a mailing is, and how long it will take at its pace so far. Pure: no I/O, no clock."""

from datetime import datetime, timedelta

from noc_console.incidents.times import span_text
from noc_console.notices.posting import Counts, PostingState

LEAST = 5
"""With fewer mails gone a pace is a guess."""


def time_left(counts: Counts, began_at: datetime | None, now: datetime) -> timedelta | None:
    """Give how long what waits will take; None where that cannot be told yet, or nothing waits."""
    gone = counts.of(PostingState.SENT, PostingState.BOUNCED, PostingState.IN_DOUBT)
    waits = counts.of(PostingState.QUEUED, PostingState.SENDING, PostingState.COMMITTING)
    if began_at is None or gone < LEAST or not waits or now <= began_at:
        return None
    return waits * ((now - began_at) / gone)


def progress_words(counts: Counts, began_at: datetime | None, now: datetime) -> str:
    """Say how far it is: `1200 of 10000 sent, about 2 min left`."""
    words = f"{counts.of(PostingState.SENT)} of {counts.total} sent"
    left = time_left(counts, began_at, now)
    return words if left is None else f"{words}, about {span_text(left)} left"
