import base64
import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from noc_console.store import sealing, unsealed
from noc_console.store.failures import StoreDamaged, StoreFull
from noc_console.store.heartbeat import beat, register
from noc_console.store.history import History, Reading, Step
from noc_console.store.retention import Retention
from noc_console.store.schema.history import metric
from noc_console.store.schema.metadata import from_ms, to_ms
from tests.conftest import NOW

TICK = timedelta(seconds=5)


def write_ticks(store, count, servers=(1,), start=NOW, **figures):
    history = History(store)
    for number in range(count):
        at = start + number * TICK
        history.append(
            [
                Reading(
                    one, to_ms(at), {"load1": float(number), **figures} | {"uptime_s": number * 5.0}
                )
                for one in servers
            ],
            at,
        )
    return history


def test_a_desk_follows_the_readings_in_the_order_they_were_written(any_store):
    history = write_ticks(any_store, 3, servers=(1, 2))

    last, readings = History(any_store).after(0)

    assert [(one.server_id, one.values["load1"]) for one in readings] == [
        (1, 0.0),
        (2, 0.0),
        (1, 1.0),
        (2, 1.0),
        (1, 2.0),
        (2, 2.0),
    ]
    assert history.after(last) == (last, [])


def test_a_desk_that_starts_gets_the_newest_reading_of_each_server(any_store):
    history = write_ticks(any_store, 3, servers=(1, 2))

    last, readings = history.latest(NOW)

    assert last == history.after(0)[0]
    assert {one.server_id: one.values["load1"] for one in readings} == {1: 2.0, 2: 2.0}


def test_the_newest_sealed_reading_of_a_silent_server_is_found(any_store):
    history = write_ticks(any_store, 200, servers=(1, 2), users=3.0)
    history.seal(NOW + timedelta(hours=1))

    (found,) = history.last_sealed([2, 99], ["load1", "swap_used_percent"])

    assert (found.server_id, found.at_ms) == (2, to_ms(NOW + 199 * TICK))
    assert found.values == {"load1": 199.0}


def test_sealing_changes_where_figures_are_and_not_what_they_are(any_store):
    history = write_ticks(any_store, 200)
    end = NOW + timedelta(hours=1)
    before = history.read(1, ["load1", "uptime_s"], NOW, end, Step.RAW)

    sealed = history.seal(end)
    after = history.read(1, ["load1", "uptime_s"], NOW, end, Step.RAW)

    assert sealed == 200
    assert history.after(0)[1] == []
    assert after.times_ms.tolist() == before.times_ms.tolist()
    assert np.allclose(after.average["load1"], before.average["load1"])
    assert np.allclose(after.average["uptime_s"], before.average["uptime_s"])


def test_sealing_twice_adds_nothing(any_store, monkeypatch):
    history = write_ticks(any_store, 100)
    with any_store.history_read() as connection:
        rows = connection.execute(sa.select(sealing.journal_table)).all()
    history.seal(NOW + timedelta(hours=1))
    with any_store.history_write() as connection:  # as after a crash between blocks and journal
        connection.execute(sa.insert(sealing.journal_table), [row._asdict() for row in rows])

    history.seal(NOW + timedelta(hours=1))

    found = history.read(1, ["load1"], NOW, NOW + timedelta(hours=1), Step.RAW)
    assert found.average["load1"].tolist() == [float(number) for number in range(100)]


def test_a_half_sealed_hour_reads_as_one(any_store):
    history = write_ticks(any_store, 240)
    history.seal(NOW + timedelta(minutes=16))
    assert history.after(0)[1]

    raw = history.read(1, ["load1"], NOW, NOW + timedelta(hours=1), Step.RAW)
    minutes = history.read(1, ["load1"], NOW, NOW + timedelta(hours=1), Step.ONE_MINUTE)

    assert raw.average["load1"].tolist() == [float(number) for number in range(240)]
    assert minutes.average["load1"].tolist() == [12 * minute + 5.5 for minute in range(20)]
    assert minutes.maximum["load1"].tolist() == [12 * minute + 11.0 for minute in range(20)]
    assert minutes.minimum["load1"].tolist() == [12 * minute + 0.0 for minute in range(20)]


def test_a_metric_that_comes_now_and_then_is_nan_between(any_store):
    history = History(any_store)
    for number in range(4):
        extra = {"mount_used_percent:/": 40.0} if number == 2 else {}
        at = NOW + number * TICK
        history.append([Reading(7, to_ms(at), {"load1": 1.0} | extra)], at)
    history.seal(NOW + timedelta(hours=1))

    found = history.read(7, ["mount_used_percent:/", "nothing"], NOW, NOW + timedelta(hours=1))

    assert np.isnan(found.average["mount_used_percent:/"]).tolist() == [True, True, False, True]
    assert np.isnan(found.average["nothing"]).all()


def test_the_metrics_a_server_has_are_known_sealed_or_not(any_store):
    history = write_ticks(any_store, 100)
    at = NOW + timedelta(minutes=30)
    history.seal(at)
    history.append([Reading(1, to_ms(at), {"zombies": 1.0})], at)

    assert history.metrics_of(1, NOW, NOW + timedelta(hours=1)) == ["load1", "uptime_s", "zombies"]


def test_each_step_is_kept_for_its_own_days(any_store):
    history = write_ticks(any_store, 20)
    history.seal(NOW + timedelta(hours=1))

    history.prune(NOW + timedelta(days=10), Retention())

    end = NOW + timedelta(hours=1)
    assert not len(history.read(1, ["load1"], NOW, end, Step.RAW).times_ms)
    assert len(history.read(1, ["load1"], NOW, end, Step.ONE_MINUTE).times_ms)
    history.prune(NOW + timedelta(days=500), Retention())
    assert not len(history.read(1, ["load1"], NOW, end, Step.FIVE_MINUTES).times_ms)


def test_the_time_nobody_watched_is_named(any_store):
    engine = register(any_store, "desk", 1, "1", NOW)
    beat(any_store, engine.id, NOW + timedelta(seconds=10))

    found = History(any_store).read(1, [], NOW, NOW + timedelta(minutes=1))

    assert found.not_watched == [
        (to_ms(NOW + timedelta(seconds=10)), to_ms(NOW + timedelta(minutes=1)))
    ]


def test_numbers_given_in_a_write_that_failed_are_not_kept(store, monkeypatch):
    history = History(store)

    def refuse(*args: object) -> bytes:
        raise StoreFull("full")

    with monkeypatch.context() as patch:
        patch.setattr("noc_console.store.journal.encode", refuse)
        with pytest.raises(StoreFull):
            history.append([Reading(1, to_ms(NOW), {"load1": 1.0})], NOW)
    history.append([Reading(1, to_ms(NOW), {"zombies": 2.0})], NOW)

    assert History(store).after(0)[1] == [Reading(1, to_ms(NOW), {"zombies": 2.0})]


def test_a_server_is_found_in_rows_too_large_to_be_read_whole(any_store):
    history = History(any_store)
    figures = {f"core_percent:{core}": float(core) for core in range(60)}
    for number in range(3):
        at = NOW + number * TICK
        readings = [
            Reading(one, to_ms(at), {"load1": one + number / 4} | (figures if one % 2 else {}))
            for one in range(1, 800)
        ]
        history.append([*readings, Reading(700, to_ms(at) + 1, {"load1": -1.0})], at)
    history.append([Reading(700, to_ms(NOW + 3 * TICK), {"load1": 5.0})], NOW + 3 * TICK)
    with any_store.history_read() as connection:
        sizes = connection.execute(
            sa.select(sa.func.length(sealing.journal_table.c.body))
        ).scalars()
        assert [size > 2000 for size in sizes] == [True, True, True, False]

    found = {one: history.read(one, ["load1"], NOW, NOW + timedelta(hours=1)) for one in (1, 700)}

    assert found[1].average["load1"].tolist() == [1.0, 1.25, 1.5]
    assert found[700].average["load1"].tolist() == [700, -1, 700.25, -1, 700.5, -1, 5]
    assert history.metrics_of(2, NOW, NOW + timedelta(hours=1)) == ["load1"]
    assert len(history.metrics_of(3, NOW, NOW + timedelta(hours=1))) == 61
    assert history.metrics_of(900, NOW, NOW + timedelta(hours=1)) == []


def test_what_came_late_into_a_sealed_hour_is_read_in_its_place(any_store):
    history = write_ticks(any_store, 240)
    history.seal(NOW + timedelta(hours=1))
    late = NOW + timedelta(minutes=5, seconds=2)
    history.append([Reading(1, to_ms(late), {"load1": 99.0})], NOW + timedelta(hours=1))

    raw = history.read(1, ["load1", "uptime_s"], NOW, NOW + timedelta(hours=1), Step.RAW)

    assert len(raw.times_ms) == 241
    assert raw.average["load1"][61] == 99.0
    assert np.isnan(raw.average["uptime_s"][61])
    assert (np.diff(raw.times_ms) > 0).all()


def test_an_hour_begun_in_the_first_format_goes_on_in_the_new_one(any_store):
    kept = json.loads((Path(__file__).parent / "first_format.json").read_text(encoding="utf-8"))
    (raw,) = (one for one in kept["blocks"] if one["what"] == "raw")
    body, times_ms = base64.b64decode(raw["body"]), raw["times_ms"]
    start_ms = times_ms[0] // sealing.HOUR_MS * sealing.HOUR_MS
    with any_store.history_write() as connection:
        named = [{"id": int(number), "name": name} for number, name in kept["names"].items()]
        connection.execute(sa.insert(metric), named)
        row = {"server_id": 1, "step_s": 0, "start_ms": start_ms, "end_ms": times_ms[-1]}
        connection.execute(sa.insert(sealing.block_table), row | {"body": body})
    start, at = from_ms(start_ms), from_ms(times_ms[-1] + 5000)
    history = History(any_store)
    history.append([Reading(1, to_ms(at), {"load1": 7.0})], at)
    told = [*raw["columns"]["1"][0], 7.0]

    def read():
        found = history.read(1, ["load1", "cpu_percent"], start, at + TICK, Step.RAW)
        assert found.times_ms.tolist() == [*times_ms, to_ms(at)]
        assert np.isnan(found.average["cpu_percent"][-1])
        return found.average["load1"]

    before = read()
    history.seal(at + timedelta(hours=1))

    assert np.allclose(before, told)
    assert np.allclose(read(), told)
    with any_store.history_read() as connection:
        bodies = connection.execute(sa.select(sealing.block_table.c.body)).scalars()
        assert {body[0] for body in bodies} == {2}


def test_a_damaged_block_is_told_in_a_sentence_and_does_not_stop_sealing(store, caplog):
    history = write_ticks(store, 100)
    history.seal(NOW + timedelta(minutes=15))
    with store.history_write() as connection:
        connection.execute(sa.update(sealing.block_table).values(body=b"\x02 is not what it was"))

    with pytest.raises(StoreDamaged, match="store check"):
        history.read(1, ["load1"], NOW, NOW + timedelta(hours=1))
    at = NOW + timedelta(minutes=20)
    history.append([Reading(1, to_ms(at), {"load1": 7.0})], at)
    history.seal(NOW + timedelta(hours=1))

    assert "cannot be read any more" in caplog.text
    caplog.clear()
    found = history.read(1, ["load1"], NOW, NOW + timedelta(hours=1))
    assert found.average["load1"].tolist() == [7.0]


def test_rows_looked_into_once_are_known_and_new_ones_are_looked_into(any_store):
    history = History(any_store)
    for number in range(4):
        at = NOW + number * TICK
        of_row = range(1, 50) if number % 2 else range(50, 100)
        history.append([Reading(one, to_ms(at), {"load1": float(one)}) for one in of_row], at)
    end = NOW + timedelta(hours=1)
    assert history.read(1, ["load1"], NOW, end).average["load1"].tolist() == [1.0, 1.0]
    assert history.read(60, ["load1"], NOW, end).average["load1"].tolist() == [60.0, 60.0]

    history.append([Reading(60, to_ms(NOW + 9 * TICK), {"load1": 5.0})], NOW + 9 * TICK)
    assert history.read(60, ["load1"], NOW, end).average["load1"].tolist() == [60.0, 60.0, 5.0]

    with any_store.history_write() as connection:  # ids are given again
        connection.execute(sa.delete(sealing.journal_table))
    for number in range(4):
        at = NOW + (20 + number) * TICK
        history.append([Reading(1, to_ms(at), {"load1": 7.0})], at)
    assert history.read(1, ["load1"], NOW, end).average["load1"].tolist() == [7.0] * 4
    assert history.read(60, ["load1"], NOW, end).average["load1"].tolist() == []


def test_a_server_read_again_costs_a_look_at_new_rows_only(any_store, monkeypatch):
    history = write_ticks(any_store, 4, servers=(1, 2))
    looks = []
    for name in ("_look_into_sqlite", "_look_into_shared"):
        whole = getattr(unsealed, name)
        monkeypatch.setattr(
            unsealed,
            name,
            lambda connection, names, server_id, keys, *more, whole=whole: (
                looks.append((server_id, len(keys)))
                or whole(connection, names, server_id, keys, *more)
            ),
        )

    def read(server_id):
        return history.read(server_id, ["load1"], NOW, NOW + timedelta(hours=1)).average["load1"]

    for _ in range(3):
        assert read(1).tolist() == [0.0, 1.0, 2.0, 3.0]
    write_ticks(any_store, 1, start=NOW + 4 * TICK)
    assert read(1).tolist() == [0.0, 1.0, 2.0, 3.0, 0.0]
    assert read(2).tolist() == [0.0, 1.0, 2.0, 3.0]

    assert looks == [(1, 4), (1, 1), (2, 5)]


def test_only_the_servers_read_last_are_remembered():
    known = unsealed.KnownRows()
    for server_id in range(40):
        known.keep(server_id, {(1, 1): ()})

    known.keep(30, {(1, 1): (), (2, 2): ()})

    remembered = [one for one in range(40) if known.told(one)]
    assert remembered == list(range(24, 40))
    assert len(known.told(30)) == 2
