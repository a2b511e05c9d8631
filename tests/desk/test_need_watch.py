"""The rail says on every page how many postings need a person."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from noc_console.desk.outbox.need_watch import NeedWatch
from noc_console.health.verdict import Verdict
from noc_console.notices.channels.channel import ChannelKind
from noc_console.notices.posting import PostingState
from noc_console.notices.posting_rows import pressing
from noc_console.notices.starting import begin_at
from noc_console.store.schema.notices import mailing, posting
from tests.desk.qt_life import wait_until
from tests.desk.window_bench import WindowBench
from tests.notices.outbox import add, approved, scheduled


@pytest.fixture
def bench(application, tmp_path):
    bench = WindowBench(application, tmp_path)
    yield bench
    bench.close()


def plan(bench, kind=ChannelKind.WORDPRESS):
    now = datetime.now(UTC)
    add(bench.store, kind, "News")
    return approved(bench.store, begin_at(scheduled(), now + timedelta(days=10)), now)


def put(bench, send, **values):
    with bench.store.write() as connection:
        connection.execute(sa.update(posting).where(posting.c.send == send).values(**values))


def test_what_needs_a_person_is_told_and_taken_back(bench):
    plan(bench)
    told = []
    watch = NeedWatch(bench.context, bench.context.themes)
    watch.needs_changed.connect(lambda count, worst: told.append((count, worst)))
    wait_until(lambda: told == [(0, None)])

    for state, expected in (
        ("in doubt", (1, Verdict.CUT_OFF)),
        ("failed", (1, Verdict.DOWN)),
        ("sent", (0, None)),
    ):
        put(bench, "start", state=state)
        bench.live.postings_changed.emit()
        wait_until(lambda expected=expected: told[-1] == expected)


def test_mails_in_doubt_of_what_went_count_once(bench):
    plan(bench, ChannelKind.EMAIL)
    put(bench, "week before", state="sent")
    with bench.store.write() as connection:
        number = connection.execute(
            sa.select(posting.c.id).where(posting.c.send == "week before")
        ).scalar_one()
        for mark in ("a", "b"):
            connection.execute(
                sa.insert(mailing).values(
                    posting_id=number,
                    contact_id=1,
                    address=f"{mark}@example.com",
                    name="",
                    language="",
                    zone="",
                    state="in doubt",
                    next_at=datetime.now(UTC),
                    tries=1,
                    mark=mark,
                    code=0,
                    words="",
                )
            )

    assert pressing(bench.store) == {PostingState.IN_DOUBT: 1}
