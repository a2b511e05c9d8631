"""The flight recorder of a real engine on a real sshd: asked for, by rule, and through faults."""

import hashlib
import os
from dataclasses import replace

import pytest

from noc_console.fleet.records import delete_servers, ensure_this_machine
from noc_console.incidents.evidence.evidence import RecordingState
from noc_console.incidents.evidence.evidence_records import (
    content_of,
    exhibits_of,
    get_recording,
    list_recordings,
    open_recordings,
    verify_recording,
)
from noc_console.store.orders import OrderState, place
from noc_console.store.settings import put_setting
from tests.engine.running import add, closed, is_up, now, numbers_of, times_s, wait_until
from tests.sshd import Sshd


@pytest.fixture
def own_sshd(tmp_path):
    """Give an sshd that a test may kill."""
    sshd = Sshd(tmp_path / "own").start()
    yield sshd
    sshd.stop()


def ask(store, kind, server, **request):
    return place(store, kind, server_id=server.id, request=request, asked_by="anna", now=now())


def record(store, server, **request):
    """Have a server recorded; give the recording's number."""
    order = closed(store, ask(store, "record now", server, **request))
    assert order.state is OrderState.DONE, order.outcome
    return order.outcome["recording_id"]


def has(store, recording_id, collector, count=1):
    return len(numbers_of(store, recording_id, collector)) >= count


def content(store, recording_id, collector):
    """Give the newest exhibit of a collector."""
    number = numbers_of(store, recording_id, collector)[-1]
    return content_of(store, recording_id, number).decode("utf-8", "replace")


def test_a_person_records_a_server_and_stops_it(sshd, shared_store, engine):
    server = add(shared_store, sshd, "recorded")
    wait_until(lambda: is_up(shared_store, server))
    before = now()

    number = record(shared_store, server, minutes=5, reason="looks odd")
    wait_until(lambda: has(shared_store, number, "processes"))
    wait_until(lambda: has(shared_store, number, "connections"))
    wait_until(lambda: len(times_s(shared_store, server, before)) >= 3, 8)

    recording = get_recording(shared_store, number, now())
    assert (recording.state, recording.asked_by) == (RecordingState.RECORDING, "anna")
    assert recording.why == "looks odd"
    assert open_recordings(shared_store, now())[server.id].id == number
    assert f"\n{os.getpid()} " in content(shared_store, number, "processes")
    assert "total " in content(shared_store, number, "connections")

    stopped = closed(shared_store, ask(shared_store, "stop recording", server))
    assert stopped.state is OrderState.DONE
    wait_until(lambda: get_recording(shared_store, number, now()).ended_at is not None)
    ended = get_recording(shared_store, number, now())
    assert (ended.state, ended.ended_why) == (RecordingState.ENDED, "stopped by anna")
    assert verify_recording(shared_store, number, now()).is_whole
    assert has(shared_store, number, "samples")
    assert "load1" in content(shared_store, number, "samples")


def test_recording_again_goes_on_with_the_same_one(sshd, shared_store, engine):
    server = add(shared_store, sshd, "again")
    wait_until(lambda: is_up(shared_store, server))

    first = record(shared_store, server, minutes=1)
    wait_until(lambda: has(shared_store, first, "happenings"))

    assert record(shared_store, server, minutes=30) == first
    assert get_recording(shared_store, first, now()).until is not None
    closed(shared_store, ask(shared_store, "stop recording", server))


def test_what_cannot_be_recorded_is_refused_with_a_sentence(sshd, shared_store, engine):
    server = add(shared_store, sshd, "gone")
    wait_until(lambda: is_up(shared_store, server))

    order = closed(shared_store, ask(shared_store, "stop recording", server))
    assert (order.state, order.outcome["sentence"]) == (
        OrderState.FAILED,
        "This server is not being recorded, so there is nothing to stop.",
    )
    order = closed(shared_store, ask(shared_store, "record now", replace(server, id=9999)))
    assert "not watched here" in order.outcome["sentence"]


def test_a_server_taken_out_of_the_fleet_is_recorded_no_more(sshd, shared_store, engine):
    server = add(shared_store, sshd, "taken-out")
    wait_until(lambda: is_up(shared_store, server))
    number = record(shared_store, server)
    wait_until(lambda: has(shared_store, number, "processes"))

    delete_servers(shared_store, [server.id], now())

    wait_until(lambda: get_recording(shared_store, number, now()).ended_at is not None)
    assert "taken out" in get_recording(shared_store, number, now()).ended_why


def test_this_machine_is_recorded_too(shared_store, engine):
    server = ensure_this_machine(shared_store, now())
    number = record(shared_store, server)
    wait_until(lambda: has(shared_store, number, "processes"))

    assert f"\n{os.getpid()} " in content(shared_store, number, "processes")
    closed(shared_store, ask(shared_store, "stop recording", server))


def test_a_server_that_is_killed_in_a_recording_leaves_what_had_come(
    own_sshd, shared_store, engine
):
    server = add(shared_store, own_sshd, "killed")
    wait_until(lambda: is_up(shared_store, server))
    number = record(shared_store, server)
    wait_until(lambda: has(shared_store, number, "processes"))

    own_sshd.stop()

    def told():
        numbers = numbers_of(shared_store, number, "happenings")
        return b"".join(content_of(shared_store, number, one) for one in numbers)

    wait_until(lambda: b"the connection was lost" in told())
    assert verify_recording(shared_store, number, now()).is_whole
    assert get_recording(shared_store, number, now()).state is RecordingState.RECORDING

    own_sshd.start()
    wait_until(lambda: has(shared_store, number, "processes", 2), 60)
    closed(shared_store, ask(shared_store, "stop recording", server))


def test_an_engine_killed_in_a_recording_leaves_it_whole_and_shown_as_broken_off(
    own_sshd, store, start_engine
):
    server = add(store, own_sshd, "web")
    engine = start_engine(store).wait_until_watching()
    wait_until(lambda: is_up(store, server))
    number = record(store, server)
    wait_until(lambda: has(store, number, "processes"))

    engine.kill()
    kept = exhibits_of(store, number)
    assert [one.collector for one in kept]
    assert verify_recording(store, number, now()).is_whole
    start_engine(store).wait_until_watching()

    wait_until(lambda: get_recording(store, number, now()).ended_at is not None)
    found = get_recording(store, number, now())
    assert found.state is RecordingState.BROKEN_OFF
    assert found.exhibits == len(kept)
    assert verify_recording(store, number, now()).is_whole
    for one in kept:
        digest = hashlib.sha256(content_of(store, number, one.number)).hexdigest()
        assert digest == one.sha256


def test_an_engine_that_stops_ends_its_recordings(own_sshd, store, start_engine):
    server = add(store, own_sshd, "web")
    engine = start_engine(store).wait_until_watching()
    wait_until(lambda: is_up(store, server))
    number = record(store, server)
    wait_until(lambda: has(store, number, "processes"))

    assert engine.stop() < 5

    found = get_recording(store, number, now())
    assert (found.state, found.ended_why) == (RecordingState.ENDED, "the engine was stopped")


@pytest.mark.slow  # a line is crossed after half a minute beyond it
def test_a_server_past_a_line_is_recorded_by_itself_and_ends_when_it_is_well(
    own_sshd, store, start_engine, tmp_path
):
    folder = tmp_path / "proc"
    folder.mkdir()

    def write_free(free):
        files = {
            "uptime": "1000.00 500.00\n",
            "meminfo": f"MemTotal: 1000 kB\nMemAvailable: {free} kB\n",
            "stat": "cpu 100 0 100 800 0 0 0 0 0 0\ncpu0 100 0 100 800 0 0 0 0 0 0\nbtime 9\n",
            "loadavg": "0.01 0.01 0.01 3/200 99\n",
        }
        for name, text in files.items():
            (folder / name).write_text(text)

    write_free(5)
    put_setting(store, "recorder.after_minutes", 0)
    own_sshd.stop()
    own_sshd.options = {"SetEnv": f"NOC_PROC={folder}"}
    own_sshd.start()
    server = add(store, own_sshd, "climbing", tick_s=1)
    start_engine(store).wait_until_watching()

    wait_until(lambda: list_recordings(store, now(), server_id=server.id), 100)
    (recording,) = list_recordings(store, now(), server_id=server.id)
    assert recording.asked_by == ""
    assert "Memory" in recording.why
    wait_until(lambda: has(store, recording.id, "happenings"))
    write_free(900)

    wait_until(lambda: get_recording(store, recording.id, now()).ended_at is not None, 100)


def test_two_who_ask_at_once_get_the_same_recording(sshd, shared_store, engine):
    server = add(shared_store, sshd, "twice")
    wait_until(lambda: is_up(shared_store, server))

    asked = [ask(shared_store, "record now", server, minutes=1) for _ in range(3)]
    numbers = {closed(shared_store, one).outcome["recording_id"] for one in asked}

    assert len(numbers) == 1
    closed(shared_store, ask(shared_store, "stop recording", server))
