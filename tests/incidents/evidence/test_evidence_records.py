from datetime import timedelta

import pytest
import sqlalchemy as sa

from noc_console.incidents.evidence.evidence import Ending, NewExhibit, RecordingState
from noc_console.incidents.evidence.evidence_records import (
    DamagedEvidence,
    UnknownEvidence,
    close_broken_off,
    content_of,
    contents_of,
    end_recording,
    exhibits_of,
    get_recording,
    keep_recording,
    list_recordings,
    open_recording,
    open_recordings,
    prune_evidence,
    recordings_between,
    verify_recording,
)
from noc_console.incidents.evidence.evidence_writing import EvidenceWriter
from noc_console.store.changes import ChangeSignal
from noc_console.store.heartbeat import register
from noc_console.store.schema.evidence import exhibit
from tests.conftest import NOW


def begin(store, engine_id=1, server_id=7, now=NOW):
    return open_recording(
        store,
        server_id=server_id,
        server_name="web1",
        engine_id=engine_id,
        why="Load, 5 min 3.1 on 2 cores, early line 3",
        asked_by="",
        until=None,
        now=now,
    )


def shown(recording, number, content=b"1 root S\n2 shop12 R\n", **fields):
    values = {
        "recording_id": recording.id,
        "number": number,
        "collector": "processes",
        "title": "Processes",
        "at": NOW + timedelta(seconds=10 * number),
        "took_ms": 40,
        "ending": Ending.WHOLE,
        "exit_status": 0,
        "content": content,
    }
    return NewExhibit(**(values | fields))


def test_what_is_written_is_read_back_in_order_and_checked(any_store):
    recording = begin(any_store)
    writer = EvidenceWriter(any_store)
    tables = [b"1 root S\n%d shop12 R\n" % number for number in range(40)]
    writer.put([shown(recording, number, tables[number]) for number in range(25)])
    writer.put([shown(recording, number, tables[number]) for number in range(25, 40)])

    assert [one.number for one in exhibits_of(any_store, recording.id)] == list(range(40))
    assert contents_of(any_store, recording.id, [39, 3]) == {3: tables[3], 39: tables[39]}
    (found,) = list_recordings(any_store, NOW)
    assert (found.exhibits, found.raw_bytes) == (40, sum(map(len, tables)))
    assert found.last_at == NOW + timedelta(seconds=390)
    assert verify_recording(any_store, recording.id, NOW).is_whole


def test_secrets_are_masked_before_anything_is_stored(store):
    recording = begin(store)
    EvidenceWriter(store).put([shown(recording, 1, b"9 root S mysqldump -uroot -pHunter2 shop\n")])

    assert content_of(store, recording.id, 1) == b"9 root S mysqldump -uroot -p*** shop\n"
    for file in store.location.folder.iterdir():
        assert not file.is_file() or b"Hunter2" not in file.read_bytes()


def test_what_was_still_arriving_is_replaced_by_the_whole(store):
    recording = begin(store)
    writer = EvidenceWriter(store)
    writer.put([shown(recording, 1, b"half", ending=Ending.ARRIVING, exit_status=None)])
    assert not exhibits_of(store, recording.id)[0].is_whole

    writer.put([shown(recording, 1, b"half and half")])

    (one,) = exhibits_of(store, recording.id)
    assert one.is_whole
    assert content_of(store, recording.id, 1) == b"half and half"


@pytest.mark.parametrize("change", ["body", "sha256"])
def test_an_exhibit_that_was_changed_is_refused_and_named(store, change):
    recording = begin(store)
    EvidenceWriter(store).put([shown(recording, number) for number in range(3)])
    end_recording(store, recording.id, why="well again", now=NOW)
    other = {"body": b"x", "sha256": "0" * 64}[change]
    with store.history_write() as connection:
        connection.execute(sa.update(exhibit).where(exhibit.c.number == 2).values({change: other}))

    with pytest.raises(DamagedEvidence, match="Exhibit 2 of recording"):
        content_of(store, recording.id, 2)
    found = verify_recording(store, recording.id, NOW)
    assert not found.is_whole
    assert "Exhibit 2" in found.damage[0]
    assert content_of(store, recording.id, 1)


def test_an_exhibit_that_was_taken_away_is_missed(store):
    recording = begin(store)
    EvidenceWriter(store).put([shown(recording, number) for number in range(3)])
    end_recording(store, recording.id, why="well again", now=NOW)
    with store.history_write() as connection:
        connection.execute(sa.delete(exhibit).where(exhibit.c.number == 2))

    assert "taken away" in verify_recording(store, recording.id, NOW).damage[0]


def test_a_recording_whose_engine_died_is_shown_as_broken_off(any_store):
    engine = register(any_store, "noc1", 1, "1", NOW)
    recording = begin(any_store, engine.id)
    EvidenceWriter(any_store).put([shown(recording, 1)])
    assert recording.server_id in open_recordings(any_store, NOW)

    later = NOW + timedelta(minutes=5)  # no heartbeat since
    assert open_recordings(any_store, later) == {}
    assert get_recording(any_store, recording.id, later).state is RecordingState.BROKEN_OFF
    assert close_broken_off(any_store, engine.id + 1) == 1

    found = get_recording(any_store, recording.id, later)
    assert found.state is RecordingState.BROKEN_OFF
    assert found.ended_at == NOW + timedelta(seconds=10)
    assert verify_recording(any_store, recording.id, later).is_whole


def test_old_evidence_goes_but_not_what_somebody_keeps(any_store):
    old, kept, young = begin(any_store), begin(any_store), begin(any_store)
    for one, days in ((old, 0), (kept, 0), (young, 80)):
        EvidenceWriter(any_store).put([shown(one, 1)])
        ended_at = NOW + timedelta(days=days)
        end_recording(any_store, one.id, why="well again", now=ended_at)
    keep_recording(any_store, kept.id, is_kept=True)

    assert prune_evidence(any_store, NOW + timedelta(days=30)) == 1

    assert {one.id for one in list_recordings(any_store, NOW)} == {kept.id, young.id}
    with pytest.raises(UnknownEvidence, match="no recording"):
        get_recording(any_store, old.id, NOW)


def test_recordings_are_found_by_server_and_time(store):
    first, other = begin(store), begin(store, server_id=8)
    end_recording(store, first.id, why="well again", now=NOW + timedelta(minutes=10))

    def found(start, end):
        span = (NOW + timedelta(minutes=start), NOW + timedelta(minutes=end))
        return [one.id for one in recordings_between(store, [7], *span, NOW)]

    assert found(5, 6) == [first.id]
    assert found(11, 20) == found(-10, 0) == []
    assert [one.id for one in list_recordings(store, NOW, server_id=8)] == [other.id]


def test_others_are_told_that_evidence_changed(store):
    signal = ChangeSignal(store)
    signal.poll()

    begin(store)

    assert "evidence" in signal.poll()
    signal.close()
