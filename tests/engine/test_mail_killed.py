"""Senders that are killed in the middle of a run: nobody gets a mail twice, nobody none."""

import random
from contextlib import closing

import pytest

from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store
from tests.mail_run import OPEN_RELAY, kill_senders, put_notice, standing
from tests.postfix import Postfix, skip_without_root

COUNT, KILLS = 240, 3


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_killed_senders_double_nothing_lose_nothing_and_leave_one_in_doubt_each(tmp_path):
    skip_without_root()
    postfix = Postfix(OPEN_RELAY)
    where = str(tmp_path / "store")
    try:
        postfix.start()
        with closing(open_store(StoreLocation.parse(where))) as store:
            put_notice(store, postfix.port, COUNT)
            outcome = kill_senders(where, store, postfix, KILLS, random.Random(4))  # noqa: S311 - no secret
            assert len(standing(store)) == COUNT
    finally:
        postfix.remove()

    assert outcome.twice == 0
    assert outcome.lost == 0
    assert outcome.in_doubt <= KILLS
    assert outcome.sent + outcome.in_doubt == COUNT
