"""How far a mailing is, at its pace so far."""

from datetime import timedelta

from noc_console.notices.posting import Counts, PostingState
from noc_console.notices.progress import progress_words, time_left
from tests.notices.outbox import START


def counts(sent, queued, **more):
    named = {PostingState.SENT: sent, PostingState.QUEUED: queued}
    return Counts(by_state=named | {PostingState(state): number for state, number in more.items()})


def test_what_waits_takes_as_long_as_what_went_did():
    began, now = START, START + timedelta(seconds=12)

    assert time_left(counts(1200, 8800), began, now) == timedelta(seconds=88)
    assert progress_words(counts(1200, 8800), began, now) == "1200 of 10000 sent, about 1 min left"


def test_a_pace_that_is_not_known_yet_promises_nothing():
    now = START + timedelta(seconds=1)

    assert time_left(counts(4, 9996), START, now) is None
    assert time_left(counts(50, 0, bounced=2), START, now) is None
    assert time_left(counts(50, 10), None, now) is None
    assert progress_words(counts(4, 9996), START, now) == "4 of 10000 sent"
