"""Who is told of what and when: escalation, repeats, hours, floods; hours pass in no time."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.health.alarm import Acknowledgement, AlarmEvent, AlarmEventKind, Claim, Shelf
from noc_console.health.delivery.delivery import Item, ItemKind
from noc_console.health.delivery.rules import (
    FLOOD_PAUSE,
    WAKING_PAUSE,
    Due,
    Told,
    called_at,
    due,
    holds,
    not_before,
)
from noc_console.health.verdict import Verdict
from tests.conftest import NOW
from tests.health.telling import MINUTE, alarm, anna, phone

ACK = Acknowledgement(by="Ben", at=NOW, reason="known")


def told(kind=ItemKind.RAISED, verdict=Verdict.EARLY, at=NOW, **fields):
    return Told(kind=kind, verdict=verdict, at=at, **fields)


def due_now(one, to, before=None, now=NOW, since=NOW):
    ledger = {} if before is None else {(to.id, one.id): before}
    return [each.item.kind for each in due([one], {one.id: since}, [to], ledger, now)]


def test_an_alarm_is_told_at_once_to_the_first_and_later_to_the_next():
    first, second = anna(), phone(after_minutes=10)
    calling = {1: NOW}

    def who(minutes):
        found = due([alarm()], calling, [first, second], {}, NOW + minutes * MINUTE)
        return [one.recipient_id for one in found]

    assert who(0) == [1]
    assert who(9.9) == [1]
    assert who(10) == [1, 2]


@pytest.mark.parametrize(
    "fields",
    [
        {"acknowledged": ACK},
        {"claimed": Claim(by="Ben", at=NOW)},
        {"shelved": Shelf(by="Ben", at=NOW, until=NOW + MINUTE, reason="later")},
        {"cause_id": 7},
        {"is_muted": True},
        {"returned_at": NOW, "is_latched": True},
        {"cleared_at": NOW},
    ],
)
def test_nobody_is_told_of_an_alarm_that_somebody_has_or_that_follows_from_another(fields):
    assert due_now(alarm(**fields), anna(), now=NOW + 60 * MINUTE) == []


def test_it_is_told_again_only_where_wanted_and_only_while_it_calls():
    often = anna(repeat_minutes=30)

    assert due_now(alarm(), anna(), told(), NOW + 600 * MINUTE) == []
    assert due_now(alarm(), often, told(), NOW + 29 * MINUTE) == []
    assert due_now(alarm(), often, told(), NOW + 30 * MINUTE) == [ItemKind.STILL]
    assert due_now(alarm(acknowledged=ACK), often, told(), NOW + 30 * MINUTE) == []


def test_a_worse_verdict_is_told_at_once_and_a_better_one_is_not():
    worse, better = alarm(verdict=Verdict.DOWN), alarm(verdict=Verdict.EARLY)

    assert due_now(worse, anna(), told(), NOW + MINUTE) == [ItemKind.WORSE]
    assert due_now(better, anna(), told(verdict=Verdict.DOWN), NOW + MINUTE) == []


def test_that_it_is_cleared_is_told_once_to_those_who_heard_of_it():
    over = alarm(cleared_at=NOW + MINUTE)
    later = NOW + 2 * MINUTE

    assert due_now(over, anna(), told(), later) == [ItemKind.CLEARED]
    assert due_now(over, anna(), None, later) == []
    assert due_now(over, anna(), told(was_heard=False), later) == []
    assert due_now(over, anna(), told(ItemKind.CLEARED, was_heard=False), later) == []


def test_the_end_is_told_in_quiet_hours_too():
    night = anna(quiet="00:00-24:00")

    assert due_now(alarm(cleared_at=NOW), night, told(), NOW) == [ItemKind.CLEARED]


def test_what_waits_in_a_message_is_not_put_in_another():
    waiting = told(is_waiting=True, was_heard=False)

    assert due_now(alarm(verdict=Verdict.DOWN), anna(repeat_minutes=1), waiting) == []
    assert due_now(alarm(cleared_at=NOW), anna(), waiting) == []


def test_an_alarm_that_comes_back_is_told_anew():
    again = NOW + 5 * MINUTE

    assert due_now(alarm(), anna(), told(ItemKind.CLEARED), again) == [ItemKind.RAISED]
    assert due_now(alarm(), anna(), told(), again, since=again) == [ItemKind.RAISED]


def test_quiet_hours_hold_back_the_early_line_and_never_what_is_cut_off_or_down():
    night = anna(quiet="00:00-24:00")

    assert due_now(alarm(), night) == []
    assert due_now(alarm(verdict=Verdict.CUT_OFF), night) == [ItemKind.RAISED]
    assert due_now(alarm(verdict=Verdict.DOWN), night) == [ItemKind.RAISED]


def test_what_was_held_back_is_told_when_the_quiet_hours_end():
    night = anna(quiet="00:00-11:00")

    assert due_now(alarm(), night, now=NOW) == []
    assert due_now(alarm(), night, now=NOW + 60 * MINUTE) == [ItemKind.RAISED]


def test_outside_their_hours_nobody_is_told_whatever_it_is():
    assert due_now(alarm(verdict=Verdict.DOWN), anna(on_call="Sun 08:00-09:00")) == []
    assert due_now(alarm(verdict=Verdict.DOWN), anna(is_paused=True)) == []


def test_who_wants_to_hear_of_danger_only_is_not_told_of_the_early_line():
    some = anna(least=Verdict.CUT_OFF)

    assert due_now(alarm(), some) == []
    assert due_now(alarm(verdict=Verdict.STALE), some) == []
    assert due_now(alarm(verdict=Verdict.CUT_OFF), some) == [ItemKind.RAISED]


def event(kind, minutes, verdict=Verdict.EARLY):
    return AlarmEvent(
        id=1, alarm_id=1, kind=kind, at=NOW + minutes * MINUTE, by="", words="", verdict=verdict
    )


def test_the_minutes_count_anew_after_an_acknowledgement_or_a_claim_ended():
    kinds = AlarmEventKind
    acked = [event(kinds.RAISED, 0), event(kinds.ACKNOWLEDGED, 5)]

    assert called_at(alarm(), []) == NOW
    assert called_at(alarm(), [*acked, event(kinds.ACKNOWLEDGEMENT_ENDED, 65)]) == NOW + 65 * MINUTE
    released = [event(kinds.CLAIMED, 3), event(kinds.RELEASED, 9)]
    assert called_at(alarm(), released) == NOW + 9 * MINUTE


def test_a_worse_verdict_does_not_give_the_first_person_more_time():
    worse = [event(AlarmEventKind.RAISED, 0), event(AlarmEventKind.WORSE, 9, Verdict.CUT_OFF)]

    assert called_at(alarm(), worse) == NOW
    acked = [event(AlarmEventKind.ACKNOWLEDGED, 1), *worse[1:]]
    assert called_at(alarm(), acked) == NOW + 9 * MINUTE


def test_a_message_leaves_out_what_was_taken_up_or_cleared_meanwhile():
    raised = Item(alarm_id=1, kind=ItemKind.RAISED, verdict=Verdict.EARLY)
    cleared = Item(alarm_id=1, kind=ItemKind.CLEARED, verdict=Verdict.EARLY)

    assert holds(raised, alarm())
    assert not holds(raised, alarm(acknowledged=ACK))
    assert not holds(cleared, alarm())
    assert holds(cleared, alarm(cleared_at=NOW))
    assert not holds(raised, None)


def dues(verdict, **fields):
    item = Item(alarm_id=1, kind=ItemKind.RAISED, verdict=verdict)
    return [Due(recipient_id=1, item=item, at=NOW, **fields)]


EARLY, DOWN = dues(Verdict.EARLY), dues(Verdict.DOWN)


def test_after_three_messages_in_ten_minutes_the_rest_is_gathered():
    two = [NOW - 2 * MINUTE, NOW - MINUTE]
    three = [*two, NOW - timedelta(seconds=10)]

    assert not_before(two, EARLY, NOW) == NOW
    assert not_before(three, EARLY, NOW) == three[-1] + FLOOD_PAUSE
    assert not_before(three, DOWN, NOW) == three[-1] + WAKING_PAUSE
    assert not_before(three, EARLY, NOW + 11 * MINUTE) == NOW + 11 * MINUTE


def test_what_tells_of_many_servers_at_once_does_not_wait_in_the_flood_it_ends():
    three = [NOW - minutes * MINUTE for minutes in (2, 1, 0.1)]

    assert not_before(three, [*DOWN, *dues(Verdict.DOWN, is_of_group=True)], NOW) == NOW
    (one,) = due([alarm(server_id=None)], {1: NOW}, [anna()], {}, NOW)
    assert one.is_of_group


@given(st.lists(st.integers(0, 3600), max_size=200), st.booleans())
def test_whatever_comes_a_recipient_gets_no_more_than_a_dozen_messages_in_ten_minutes(
    seconds, is_down
):
    sent = []
    for second in sorted(seconds):
        now = NOW + timedelta(seconds=second)
        at = not_before(sent, DOWN if is_down else EARLY, now)
        if at <= now:
            sent.append(at)

    for at in sent:
        assert sum(at <= one < at + 10 * MINUTE for one in sent) <= 15


def test_a_clock_that_was_set_back_keeps_no_alarm_from_being_told():
    assert due_now(alarm(), anna(), now=NOW - 60 * MINUTE) == [ItemKind.RAISED]
