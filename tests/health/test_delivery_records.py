"""Messages in the store: one that waits for each recipient, states that survive a kill."""

from datetime import timedelta
from functools import partial

import pytest

from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.health.alarm_acts import acknowledge, claim
from noc_console.health.delivery.delivery import DeliveryState
from noc_console.health.delivery.delivery_records import (
    NotToBeSentAgain,
    begin,
    deliveries_about,
    forget_old,
    hurry,
    leave,
    list_deliveries,
    note_failed,
    note_sent,
    note_subject,
    ready,
    recover,
    send_again,
    troubles,
)
from noc_console.health.delivery.recipient import InvalidRecipient
from noc_console.health.delivery.recipient_records import (
    UnknownRecipient,
    edit_recipient,
    get_recipient,
    list_recipients,
    remove_recipient,
)
from noc_console.health.verdict import Verdict
from noc_console.incidents.incident.timeline import of_deliveries
from noc_console.store.changes import ChangeSignal
from tests.conftest import NOW
from tests.health.alarms import raise_alarm
from tests.health.telling import MINUTE, add, anna, change, do, phone, plan, take

HOUR = timedelta(hours=1)


def states(store):
    return [one.state for one in list_deliveries(store)]


def send_all(store, now):
    jobs = take(store, now)
    for job in jobs:
        note_sent(store, job.delivery_id, "taken", now)
    return jobs


def test_a_recipient_comes_back_as_it_was_written_and_may_be_changed(any_store):
    one = add(any_store, phone(quiet="22:00-07:00", zone="Europe/Berlin", after_minutes=5))
    other = add(any_store, anna())

    assert list_recipients(any_store) == (other, one)
    assert get_recipient(any_store, "Phone") == one
    before = edit_recipient(any_store, anna(id=other.id, is_paused=True), "ben", NOW)
    assert (before, get_recipient(any_store, "Anna").is_paused) == (other, True)


def test_names_are_taken_once_and_free_again_after_removal(store):
    one = add(store, anna())
    with pytest.raises(InvalidRecipient, match="already a recipient called Anna"):
        add(store, anna())

    remove_recipient(store, one.id, "ben", NOW)
    add(store, anna())
    with pytest.raises(UnknownRecipient, match="Anna"):
        get_recipient(store, "Bert")
    with pytest.raises(UnknownRecipient):
        edit_recipient(store, one, "ben", NOW)


def test_what_is_due_is_told_once_and_its_end_once(any_store):
    add(any_store, anna())
    one = raise_alarm(any_store, "load5")

    assert plan(any_store, NOW) == 1
    assert plan(any_store, NOW) == 0
    (job,) = send_all(any_store, NOW)
    assert [item.alarm_id for item in job.items] == [one.id]
    assert plan(any_store, NOW + HOUR) == 0

    change(any_store, one, cleared_at=NOW + HOUR)
    assert plan(any_store, NOW + HOUR) == 1
    send_all(any_store, NOW + HOUR)
    assert plan(any_store, NOW + 2 * HOUR) == 0
    assert states(any_store) == [DeliveryState.SENT] * 2


def test_a_thousand_alarms_at_once_are_one_message(store):
    add(store, anna())
    for number in range(1000):
        raise_alarm(store, f"check:{number}")

    assert plan(store, NOW) == 1
    (job,) = send_all(store, NOW)
    assert len(job.items) == 1000


def test_what_comes_while_a_message_waits_joins_it(store):
    add(store, anna())
    raise_alarm(store, "load5")
    plan(store, NOW)
    (one,) = take(store, NOW)
    note_failed(store, one.delivery_id, "no", NOW, again_at=NOW + MINUTE)
    raise_alarm(store, "load1")

    assert plan(store, NOW) == 0
    assert ready(store, NOW) == []
    (again,) = take(store, NOW + MINUTE)
    assert (again.delivery_id, len(again.items), again.tries) == (one.delivery_id, 2, 2)


def test_a_flood_in_time_is_gathered_into_few_messages(store):
    add(store, anna())
    web = add_server(store, Server(name="web", address="192.0.2.1"), NOW).id
    sent = 0
    for minute in range(60):
        for number in range(4):
            key, at = f"check:{minute}:{number}", NOW + minute * MINUTE
            raise_alarm(store, key, server_id=web, raised_at=at)
        plan(store, NOW + minute * MINUTE)
        sent += len(send_all(store, NOW + minute * MINUTE))

    assert sent <= 25


def test_an_alarm_that_was_taken_up_before_its_message_went_is_not_told(store):
    add(store, anna())
    one = raise_alarm(store, "load5")
    plan(store, NOW)
    do(store, one, partial(acknowledge, by="Ben", now=NOW, reason="known"))

    assert take(store, NOW) == []
    assert states(store) == [DeliveryState.WITHDRAWN]


def test_an_alarm_that_came_and_went_before_its_message_went_is_not_told(store):
    add(store, anna())
    one = raise_alarm(store, "load5")
    plan(store, NOW)
    change(store, one, cleared_at=NOW)

    assert take(store, NOW) == []
    assert plan(store, NOW + MINUTE) == 0


def test_a_claim_stops_the_escalation_and_its_release_begins_it_anew(store):
    add(store, anna())
    add(store, phone(after_minutes=10))
    one = raise_alarm(store, "load5")
    plan(store, NOW)
    send_all(store, NOW)
    do(store, one, partial(claim, by="Ben", now=NOW))

    assert plan(store, NOW + HOUR) == 0


def test_an_hour_of_silence_tells_everybody_in_their_order(store):
    add(store, anna(repeat_minutes=20))
    add(store, phone(after_minutes=15))
    add(store, anna(id=3, name="Chief", after_minutes=45))
    raise_alarm(store, "load5", verdict=Verdict.DOWN)
    told = []
    for minute in range(61):
        plan(store, NOW + minute * MINUTE)
        told += [
            (minute, job.recipient.name, job.items[0].kind.value)
            for job in send_all(store, NOW + minute * MINUTE)
        ]

    assert told == [
        (0, "Anna", "raised"),
        (15, "Phone", "raised"),
        (20, "Anna", "still open"),
        (40, "Anna", "still open"),
        (45, "Chief", "raised"),
        (60, "Anna", "still open"),
    ]


def test_a_kill_before_the_handing_over_loses_nothing(any_store):
    add(any_store, anna())
    raise_alarm(any_store, "load5")
    plan(any_store, NOW)
    (one,) = ready(any_store, NOW)
    begin(any_store, one.delivery_id, NOW)

    assert recover(any_store, NOW) == 0
    assert [job.delivery_id for job in take(any_store, NOW)] == [one.delivery_id]


def test_a_kill_in_the_handing_over_is_in_doubt_and_not_sent_again_by_itself(any_store):
    add(any_store, anna())
    raise_alarm(any_store, "load5")
    plan(any_store, NOW)
    take(any_store, NOW)

    assert recover(any_store, NOW) == 1
    assert take(any_store, NOW + HOUR) == []
    assert plan(any_store, NOW + HOUR) == 0
    (one,) = troubles(any_store, NOW + HOUR)
    assert one.state is DeliveryState.IN_DOUBT
    assert "nobody knows whether it arrived" in one.words


def test_a_person_decides_what_becomes_of_a_message_in_doubt(store):
    add(store, anna())
    raise_alarm(store, "load5")
    plan(store, NOW)
    (job,) = take(store, NOW)
    with pytest.raises(NotToBeSentAgain):
        send_again(store, job.delivery_id, "ben", NOW)
    recover(store, NOW)

    send_again(store, job.delivery_id, "ben", NOW)
    assert len(take(store, NOW)) == 1
    recover(store, NOW)
    leave(store, job.delivery_id, "ben", NOW)
    assert troubles(store, NOW) == []
    assert "decided ben" in list_deliveries(store)[0].words


def test_a_message_is_begun_once_though_two_try(store):
    add(store, anna())
    raise_alarm(store, "load5")
    plan(store, NOW)
    (one,) = ready(store, NOW)

    assert begin(store, one.delivery_id, NOW) is not None
    assert begin(store, one.delivery_id, NOW) is None


def test_an_engine_that_lost_its_message_to_another_sends_nothing(store):
    add(store, anna())
    raise_alarm(store, "load5")
    plan(store, NOW)
    (one,) = ready(store, NOW)
    begin(store, one.delivery_id, NOW)
    recover(store, NOW)

    assert not note_subject(store, one.delivery_id, "subject")


def test_a_channel_in_trouble_is_told_until_something_goes(store):
    add(store, anna())
    raise_alarm(store, "load5")
    plan(store, NOW)
    (job,) = take(store, NOW)
    note_failed(store, job.delivery_id, "The mail server is away.", NOW, again_at=NOW + MINUTE)

    (one,) = troubles(store, NOW)
    assert (one.recipient_name, one.is_failing) == ("Anna", True)
    send_all(store, NOW + MINUTE)
    assert troubles(store, NOW + MINUTE) == []


def test_a_removed_recipient_is_told_nothing_more(store):
    one = add(store, anna())
    raise_alarm(store, "load5")
    plan(store, NOW)
    remove_recipient(store, one.id, "ben", NOW)

    assert take(store, NOW) == []
    assert plan(store, NOW + HOUR) == 0
    assert troubles(store, NOW) == []


def test_every_change_is_told_to_the_other_programs(store):
    signal = ChangeSignal(store)
    signal.poll()
    add(store, anna())

    assert "delivery" in signal.poll()
    signal.close()


def test_a_clock_that_was_set_back_keeps_no_message_waiting(store):
    add(store, anna())
    raise_alarm(store, "load5", raised_at=NOW - HOUR)
    plan(store, NOW)

    assert len(ready(store, NOW - timedelta(days=1))) == 1


@pytest.mark.parametrize("ahead", [timedelta(milliseconds=3), HOUR])
def test_an_alarm_that_is_younger_than_the_look_at_it_is_told_once(store, ahead):
    add(store, anna())
    raise_alarm(store, "load5", raised_at=NOW + ahead)
    plan(store, NOW)
    send_all(store, NOW)

    assert plan(store, NOW) == 0
    assert plan(store, NOW + ahead + MINUTE) == 0


def test_what_was_mended_is_tried_at_once(store):
    add(store, anna())
    raise_alarm(store, "load5")
    plan(store, NOW)
    (job,) = take(store, NOW)
    note_failed(store, job.delivery_id, "refused", NOW, again_at=NOW + 15 * MINUTE)
    assert ready(store, NOW + MINUTE) == []

    hurry(store, NOW + MINUTE)
    assert len(ready(store, NOW + MINUTE)) == 1


def test_the_log_goes_back_a_year_and_a_month_and_what_waits_stays(store):
    add(store, anna())
    add(store, phone())
    raise_alarm(store, "load5")
    plan(store, NOW)
    first, _ = ready(store, NOW)
    begin(store, first.delivery_id, NOW)
    note_subject(store, first.delivery_id, "subject")
    note_sent(store, first.delivery_id, "taken", NOW)

    assert forget_old(store, NOW + timedelta(days=399)) == 0
    assert forget_old(store, NOW + timedelta(days=401)) == 1
    assert states(store) == [DeliveryState.QUEUED]


def test_who_was_told_stands_in_the_timeline_of_an_incident(store):
    add(store, anna())
    one = raise_alarm(store, "load5")
    other = raise_alarm(store, "load1")
    plan(store, NOW)
    (job,) = take(store, NOW)
    note_sent(store, job.delivery_id, "taken", NOW)

    (moment,) = of_deliveries(deliveries_about(store, [one.id, other.id]))
    assert (moment.at, moment.words) == (NOW, "Told: Anna: subject")
    assert deliveries_about(store, [99]) == []
