"""A finding with planned work: when the work is over its check is asked again, before and after."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from noc_console.audit.asking import MENDINGS
from noc_console.audit.audit import AuditState
from noc_console.audit.audit_records import findings_of, open_audit, results_of
from noc_console.audit.finding import Result
from noc_console.audit.mending import AGAIN_AFTER, MOST_TRIES, WorkStage, after_of, mending_text
from noc_console.audit.mending_records import (
    NothingToMend,
    mendings_of,
    mendings_of_notices,
    note_after,
    plan_mendings,
)
from noc_console.engine.mending_watch import ask_again, stage_of_notice
from noc_console.incidents.windows.window import Window
from noc_console.incidents.windows.window_records import (
    add_window,
    cancel_window,
    end_window,
    start_window,
)
from noc_console.notices.notice_records import add_notice, save_draft, set_columns
from noc_console.notices.posting import NoticeState
from noc_console.store import orders
from noc_console.store.schema.audit import audit
from tests.audit.signed import collected, journal_of
from tests.audit.test_audit_records import result as collected_result
from tests.conftest import NOW
from tests.engine.running import add, closed, now, wait_until
from tests.engine.test_audit_run import begin, put_checks
from tests.notices.composed import scheduled

PORT = (1, "FW-01", "tcp/3306")
HOUR = timedelta(hours=1)


def window(store, **fields):
    usual = {
        "title": "security",
        "servers": (1,),
        "starts_at": NOW + HOUR,
        "minutes": 60,
        "entered_by": "ann",
        "entered_at": NOW,
    }
    return add_window(store, Window(**(usual | fields)))


def planned(store, *keys, **notice):
    """Give the number of a notice whose work mends some findings."""
    begun = collected(store)
    told = replace(scheduled(minutes=60, **notice), starts_at=NOW + HOUR)
    notice_id = add_notice(store, told, by="ann", now=NOW).id
    with store.write() as connection:
        plan_mendings(connection, begun.id, keys or (PORT,), notice_id, by="ann", now=NOW)
    return notice_id


def waiting(store):
    found = []
    while (one := orders.claim(store, 1, NOW)) is not None:
        found.append(one)
    return found


def test_the_end_of_a_window_has_the_check_asked_again_once(store):
    one = window(store)
    notice_id = planned(store, PORT, (2, "FW-01", "tcp/3306"), window_id=one.id)
    for at in (NOW, NOW + HOUR, NOW + HOUR + timedelta(minutes=59)):
        assert ask_again(store, at) == 0
    start_window(store, one.id, "ann", NOW + HOUR)
    end_window(store, one.id, "ann", NOW + HOUR + timedelta(minutes=20))
    ended = NOW + HOUR + timedelta(minutes=21)

    assert ask_again(store, ended) == 2
    assert ask_again(store, ended) == 0
    asked = waiting(store)
    assert [(one.server_id, one.request["check_id"]) for one in asked] == [
        (1, "FW-01"),
        (2, "FW-01"),
    ]
    mendings = mendings_of_notices(store, [notice_id])
    assert [one.request[MENDINGS] for one in asked] == [[mendings[0].id], [mendings[1].id]]
    assert [one.tries for one in mendings] == [1, 1]
    assert "looked at again by itself" in mending_text(mendings[0])


def test_what_was_found_before_and_after_stands_beside_one_another(store):
    notice_id = planned(store)
    first = mendings_of_notices(store, [notice_id])[0]
    assert first.before_result is Result.FAIL
    assert "3306" in first.before_sentence

    note_after(store, [first.id], collected_result("FW-01", ()), NOW + HOUR)

    told = mendings_of(store, first.audit_id)[0]
    assert (told.after_result, told.after_at) == (Result.PASS, NOW + HOUR)
    assert "not found any more" in mending_text(told)
    assert ask_again(store, NOW + 90 * HOUR) == 0


def test_a_finding_that_is_still_there_stays_as_it_is_found(store):
    still = collected_result()
    item = still.findings[0].item
    assert after_of(still, item) == (Result.FAIL, still.findings[0].sentence)
    assert after_of(still, "tcp/1") == (Result.PASS, "It is not found any more.")


def test_what_was_not_measured_or_lost_is_asked_again_some_times(store):
    set_done(store, planned(store))
    at, asked = NOW, 0
    for _ in range(MOST_TRIES + 2):
        asked += ask_again(store, at)
        at += AGAIN_AFTER
    assert asked == MOST_TRIES
    assert len(waiting(store)) == MOST_TRIES


def set_done(store, notice_id, state=NoticeState.DONE):
    with store.write() as connection:
        set_columns(connection, notice_id, state=state.value)


def test_a_draft_and_a_window_that_was_moved_are_ahead_and_no_notice_is_called_off(store):
    late = NOW + 9 * HOUR
    assert stage_of_notice(store, planned(store), late) is WorkStage.AHEAD
    assert stage_of_notice(store, planned(store, window_id=99), late) is WorkStage.AHEAD
    assert stage_of_notice(store, 99, late) is WorkStage.CALLED_OFF


def test_work_that_was_called_off_asks_nothing(store):
    one = window(store)
    notice_id = planned(store, window_id=one.id)
    cancel_window(store, one.id, "ann", NOW)
    assert stage_of_notice(store, notice_id, NOW + 9 * HOUR) is WorkStage.CALLED_OFF
    assert ask_again(store, NOW + 9 * HOUR) == 0

    save_draft(store, scheduled(id=notice_id), edition=1, by="ann", now=NOW)
    set_done(store, notice_id)
    assert stage_of_notice(store, notice_id, NOW) is WorkStage.OVER
    set_done(store, notice_id, NoticeState.CANCELLED)
    assert stage_of_notice(store, notice_id, NOW) is WorkStage.CALLED_OFF


def test_nothing_is_planned_for_what_an_audit_does_not_hold(store):
    begun = collected(store)
    with pytest.raises(NothingToMend), store.write() as connection:
        plan_mendings(connection, begun.id, [(1, "FW-01", "udp/1")], 1, by="ann", now=NOW)
    with store.write() as connection:
        plan_mendings(connection, begun.id, [(1, "USR-01", "")], 1, by="ann", now=NOW)
    assert mendings_of(store, begun.id)[0].before_result is not None


@pytest.mark.slow
def test_the_engine_looks_again_after_the_work_also_for_a_signed_audit(
    store, sshd, start_engine, tmp_path
):
    there = tmp_path / "there"
    there.write_text("one\n")
    checks = put_checks(store, A1=f"cat {there}")
    web1 = add(store, sshd, "web1")
    start_engine(store).wait_until_watching()
    begun, number = begin(store, [web1], checks)
    closed(store, number, 90)
    mended = (web1.id, "AA-01", "one")
    for month, is_signed in (("2026-11", False), ("2026-11", True)):
        there.write_text("one\n" if is_signed else "")
        with store.write() as connection:
            if is_signed:
                values = {"state": AuditState.SIGNED.value}
                connection.execute(sa.update(audit).values(**values))
        notice_id = add_notice(store, scheduled(), by="ann", now=now()).id
        with store.write() as connection:
            key = mended if not is_signed else (web1.id, "AA-01", "")
            plan_mendings(connection, begun.id, [key], notice_id, by="ann", now=now())
        journal = len(journal_of(store, begun.id))
        set_done(store, notice_id)
        wait_until(lambda of=notice_id: mendings_of_notices(store, [of])[0].is_settled, 90)
        told = mendings_of_notices(store, [notice_id])[0]

        assert told.after_result is Result.PASS
        assert (len(journal_of(store, begun.id)) == journal) == is_signed
        assert findings_of(store, begun.id) == []
        assert results_of(store, begun.id)[web1.id, "AA-01"].result is Result.PASS, month


def test_the_newest_open_audit_of_the_server_takes_what_was_looked_at_again(
    store, sshd, start_engine, tmp_path
):
    there = tmp_path / "there"
    there.write_text("one\n")
    checks = put_checks(store, A1=f"cat {there}")
    web1 = add(store, sshd, "web1")
    engine = start_engine(store)
    engine.wait_until_watching()
    signed, number = begin(store, [web1], checks)
    closed(store, number, 90)
    with store.write() as connection:
        connection.execute(sa.update(audit).values(state=AuditState.SIGNED.value))
    newer = open_audit(store, "2026-12", [web1], catalogue="c", by="ann", now=now())
    notice_id = add_notice(store, scheduled(), by="ann", now=now()).id
    with store.write() as connection:
        plan_mendings(
            connection, signed.id, [(web1.id, "AA-01", "one")], notice_id, by="ann", now=now()
        )
    set_done(store, notice_id)
    wait_until(lambda: mendings_of_notices(store, [notice_id])[0].is_settled, 90)

    assert mendings_of_notices(store, [notice_id])[0].after_result is Result.WARN
    assert results_of(store, newer.id)[web1.id, "AA-01"].result is Result.WARN
