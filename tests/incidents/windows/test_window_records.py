"""Windows in the store: what has begun is never changed backwards."""

from dataclasses import replace
from datetime import timedelta

import pytest

from noc_console.incidents.windows.recurrence import Recurrence, Unit
from noc_console.incidents.windows.window import InvalidWindow, Stage, Window
from noc_console.incidents.windows.window_records import (
    UnknownWindow,
    WindowNotOpen,
    add_window,
    cancel_window,
    edit_window,
    end_window,
    extend_window,
    get_window,
    list_occurrences,
    list_windows,
    move_occurrence,
    occurrence_now,
    put_covered,
    put_seen,
    skip_occurrence,
    start_window,
)
from noc_console.store.changes import ChangeSignal
from tests.conftest import NOW

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def window(**fields):
    usual = {
        "title": "kernel",
        "groups": ("web",),
        "services": ("nginx",),
        "starts_at": NOW + HOUR,
        "minutes": 60,
        "zone": "Europe/Berlin",
        "notice": "https://status.example.org/7",
        "entered_by": "anna",
        "entered_at": NOW,
    }
    return Window(**(usual | fields))


def test_a_window_comes_back_as_it_was_entered_and_others_hear_of_it(any_store):
    signal = ChangeSignal(any_store)
    signal.poll()
    entered = add_window(any_store, window(recurrence=Recurrence(unit=Unit.WEEKS, weekdays=(2,))))

    assert get_window(any_store, entered.id) == entered
    assert list_windows(any_store) == [entered]
    assert "window" in signal.poll()
    signal.close()


def test_a_person_begins_and_ends_work_once(any_store):
    entered = add_window(any_store, window())
    began, ended = NOW + HOUR, NOW + HOUR + timedelta(minutes=20)

    started = start_window(any_store, entered.id, "anna", began)
    with pytest.raises(WindowNotOpen, match="anna"):
        start_window(any_store, entered.id, "ben", began)
    end_window(any_store, entered.id, "ben", ended)

    assert started.run.started_at == began
    (occurrence,) = list_occurrences(any_store, NOW, NOW + DAY)
    assert (occurrence.run.started_by, occurrence.run.ended_by) == ("anna", "ben")
    assert occurrence.booked == (began, ended)
    with pytest.raises(WindowNotOpen, match="does not go on"):
        end_window(any_store, entered.id, "ben", ended)


def test_work_cannot_begin_hours_before_its_window(any_store):
    entered = add_window(any_store, window(starts_at=NOW + 3 * HOUR))

    with pytest.raises(WindowNotOpen, match="within the next 2 hours"):
        start_window(any_store, entered.id, "anna", NOW)


def test_an_overrun_can_still_be_ended(any_store):
    entered = add_window(any_store, window())
    start_window(any_store, entered.id, "anna", NOW + HOUR)
    late = NOW + 5 * HOUR

    assert occurrence_now(any_store, entered.id, late).stage(late) is Stage.OVERRUN
    ended = end_window(any_store, entered.id, "anna", late)

    assert ended.booked == (NOW + HOUR, NOW + 2 * HOUR)


def test_a_window_that_has_not_begun_is_edited_in_place(any_store):
    entered = add_window(any_store, window())

    edited = edit_window(any_store, replace(entered, minutes=90), NOW + timedelta(minutes=1))

    assert (edited.id, edited.minutes) == (entered.id, 90)
    assert edited.entered_at == NOW + timedelta(minutes=1)


def test_editing_one_that_repeats_leaves_what_it_booked_before(any_store):
    entered = add_window(any_store, window(recurrence=Recurrence(unit=Unit.DAYS)))
    now = NOW + 2 * DAY + 5 * HOUR

    edited = edit_window(any_store, replace(entered, minutes=30), now)

    assert edited.id != entered.id
    assert edited.starts_at == NOW + 3 * DAY + HOUR
    found = list_occurrences(any_store, NOW, NOW + 5 * DAY)
    lengths = [
        (one.booked[1] - one.booked[0]) / timedelta(minutes=1) for one in found if one.booked
    ]
    assert lengths == [60, 60, 60, 30, 30]


def test_words_may_change_while_a_window_goes_on_but_times_may_not(any_store):
    entered = add_window(any_store, window())
    now = NOW + HOUR + timedelta(minutes=5)

    renamed = replace(entered, title="kernel 6.1", entered_by="ben", entered_at=now)
    assert edit_window(any_store, renamed, now).title == "kernel 6.1"
    assert get_window(any_store, entered.id).entered_at == NOW
    with pytest.raises(WindowNotOpen, match="goes on right now"):
        edit_window(any_store, replace(entered, minutes=240), now)


def test_a_cancelled_window_is_off_the_list_but_not_out_of_the_past(any_store):
    entered = add_window(any_store, window(recurrence=Recurrence(unit=Unit.DAYS)))

    cancel_window(any_store, entered.id, "anna", NOW + DAY)

    assert list_windows(any_store) == []
    found = list_occurrences(any_store, NOW, NOW + 3 * DAY)
    assert [one.booked is not None for one in found] == [True, False, False]
    with pytest.raises(WindowNotOpen, match="cancelled by anna"):
        cancel_window(any_store, entered.id, "anna", NOW + DAY)


def test_one_occurrence_is_skipped_and_the_others_stay(any_store):
    entered = add_window(any_store, window(recurrence=Recurrence(unit=Unit.DAYS)))
    first = occurrence_now(any_store, entered.id, NOW)

    skip_occurrence(any_store, first, "anna", NOW)

    assert occurrence_now(any_store, entered.id, NOW).planned_start == NOW + DAY + HOUR
    with pytest.raises(WindowNotOpen, match="end it instead"):
        skip_occurrence(any_store, first, "anna", NOW + HOUR)


def test_what_was_seen_does_not_overwrite_what_a_person_recorded(any_store):
    entered = add_window(any_store, window())
    before = start_window(any_store, entered.id, "anna", NOW + HOUR)

    put_covered(any_store, before, [3, 4])
    put_seen(any_store, before, NOW + HOUR, None)

    (occurrence,) = list_occurrences(any_store, NOW, NOW + DAY)
    assert occurrence.run.started_by == "anna"
    assert occurrence.run.covered == (3, 4)
    assert occurrence.run.seen_down_at == NOW + HOUR


def test_a_number_no_window_has_is_said_with_what_to_do(any_store):
    with pytest.raises(UnknownWindow, match="window list"):
        get_window(any_store, 99)


def to(occurrence, start):
    return replace(occurrence.window, starts_at=start, entered_by="ben")


def test_one_occurrence_is_moved_once_and_the_others_stay(any_store):
    daily = add_window(any_store, window(recurrence=Recurrence(unit=Unit.DAYS)))
    following = occurrence_now(any_store, daily.id, NOW)

    once = move_occurrence(any_store, following, to(following, NOW + 5 * HOUR), NOW)

    assert (once.recurrence, once.entered_by) == (None, "ben")
    ahead = list_occurrences(any_store, NOW, NOW + DAY + 2 * HOUR)
    assert [(one.window.id, one.stage(NOW)) for one in ahead] == [
        (daily.id, Stage.CANCELLED),
        (once.id, Stage.PLANNED),
        (daily.id, Stage.PLANNED),
    ]
    with pytest.raises(InvalidWindow, match="over already"):
        move_occurrence(any_store, ahead[1], to(ahead[1], NOW - HOUR), NOW)
    with pytest.raises(WindowNotOpen, match="has not begun"):
        move_occurrence(any_store, ahead[1], to(ahead[1], NOW + 9 * HOUR), NOW + 5 * HOUR)


def test_an_extension_stays_beside_what_others_recorded(any_store):
    entered = add_window(any_store, window())
    start_window(any_store, entered.id, "anna", NOW + HOUR)
    one = extend_window(any_store, entered.id, NOW + 3 * HOUR, "ben", NOW + 2 * HOUR)

    assert (one.run.started_by, one.run.extended_by) == ("anna", "ben")
    assert one.stage(NOW + 2.5 * HOUR) is Stage.OVERRUN
    assert one.muted == (NOW + HOUR, NOW + 3 * HOUR)
    assert one.booked == (NOW + HOUR, NOW + 2 * HOUR)
    ended = end_window(any_store, entered.id, "anna", NOW + 2.5 * HOUR)
    assert ended.muted == (NOW + HOUR, NOW + 2.5 * HOUR)
