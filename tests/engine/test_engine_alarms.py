"""A real engine's alarms: raised once, kept over kills and absences, cleared by what is seen."""

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from noc_console.fleet.records import add_server
from noc_console.fleet.server import CheckKind, OutsideCheck, Server
from noc_console.health.alarm import AlarmEventKind
from noc_console.health.alarm_records import events_of, get_alarm, members_of, open_alarms
from noc_console.store.schema.alarms import alarm as alarm_table
from tests.engine.running import add, is_up, now, times_s, wait_until
from tests.sshd import Sshd, free_port

Kind = AlarmEventKind


def alarms_of(store, server):
    """Give the open alarms of a server by key."""
    return {one.key: one for one in open_alarms(store).values() if one.server_id == server.id}


def dead_server(name="dead", port=None, **fields):
    return Server(name=name, address="127.0.0.1", port=port or free_port(), **fields)


@pytest.mark.slow
def test_a_lost_server_is_one_alarm_and_its_return_clears_it(store, start_engine, tmp_path):
    sshd = Sshd(tmp_path / "sshd").start()
    try:
        web = OutsideCheck(kind=CheckKind.TCP, target=str(sshd.port))
        server = add(store, sshd, checks=(web,))
        start_engine(store).wait_until_watching()
        wait_until(lambda: is_up(store, server))
        assert open_alarms(store) == {}

        sshd.stop()
        wait_until(lambda: "link" in alarms_of(store, server))
        (one,) = [one for one in open_alarms(store).values() if one.key == "link"]
        assert one.verdict.value == "down"

        sshd.start()
        wait_until(lambda: not get_alarm(store, one.id).is_open, timeout_s=100)
        assert [event.kind for event in events_of(store, [one.id])] == [Kind.RAISED, Kind.CLEARED]
    finally:
        sshd.stop()


def test_many_servers_lost_at_once_are_one_alarm(store, start_engine, tmp_path):
    sshd = Sshd(tmp_path / "sshd").start()
    servers = [add(store, sshd, f"web{number}") for number in range(12)]
    start_engine(store).wait_until_watching()
    wait_until(lambda: all(is_up(store, server) for server in servers), timeout_s=60)

    lost_at = now()
    sshd.stop()
    wait_until(lambda: open_alarms(store))
    (one,) = open_alarms(store).values()
    assert (one.server_id, one.key) == (None, "network")
    assert one.raised_at - lost_at < timedelta(seconds=10)
    wait_until(lambda: len(members_of(store, one.id)) == 12)
    assert list(open_alarms(store)) == [one.id]


@pytest.mark.slow
def test_a_server_behind_a_lost_jump_server_follows_from_it(store, start_engine, tmp_path):
    outer = Sshd(tmp_path / "outer").start()
    inner = Sshd(tmp_path / "inner").start()
    try:
        gate = add(store, outer, "gate")
        behind = add(store, inner, "behind", jumps=("gate",))
        start_engine(store).wait_until_watching()
        wait_until(lambda: is_up(store, behind), timeout_s=60)

        outer.stop()
        wait_until(lambda: "link" in alarms_of(store, gate))
        lost = alarms_of(store, gate)["link"]
        wait_until(lambda: members_of(store, lost.id) == {behind.id: None})
        assert list(open_alarms(store)) == [lost.id]
    finally:
        outer.stop()
        inner.stop()


@pytest.mark.slow
def test_a_kill_in_a_raise_makes_no_second_alarm_and_loses_none(store, start_engine):
    closed = [OutsideCheck(kind=CheckKind.TCP, target=str(free_port())) for _ in range(6)]
    server = add_server(store, dead_server(checks=tuple(closed)), now())
    chance = random.Random(7)  # noqa: S311 - a spread, not a secret
    for _ in range(5):
        engine = start_engine(store).wait_until_watching()
        wait_s = chance.uniform(0.0, 1.5)
        until = now() + timedelta(seconds=wait_s)
        wait_until(lambda until=until: now() > until, every_s=0.01)
        engine.kill()
    start_engine(store).wait_until_watching()
    wait_until(lambda: len(alarms_of(store, server)) >= 6)

    with store.read() as connection:
        rows = connection.execute(sa.select(alarm_table.c.key)).scalars().all()
    assert max(Counter(rows).values()) == 1
    for one in open_alarms(store).values():
        kinds = [event.kind for event in events_of(store, [one.id])]
        assert kinds.count(Kind.RAISED) == 1
        assert Kind.RAISED_AGAIN not in kinds


def test_an_engine_away_for_an_hour_neither_invents_nor_loses_an_alarm(store, start_engine):
    gone = add_server(store, dead_server(), now())
    engine = start_engine(store).wait_until_watching()
    wait_until(lambda: "link" in alarms_of(store, gone))
    engine.kill()
    before = alarms_of(store, gone)["link"]
    long_ago = replace(before, raised_at=before.raised_at - timedelta(hours=1))
    with store.write() as connection:
        connection.execute(sa.update(alarm_table).values(raised_at=long_ago.raised_at))

    start_engine(store).wait_until_watching()
    fresh = add_server(store, dead_server("fresh"), now())
    wait_until(lambda: "link" in alarms_of(store, fresh))
    assert alarms_of(store, gone)["link"].id == before.id
    assert alarms_of(store, gone)["link"].raised_at == long_ago.raised_at
    assert [event.kind for event in events_of(store, [before.id])] == [Kind.RAISED]


@pytest.mark.paced
@pytest.mark.slow
def test_a_frozen_fleet_is_one_alarm_within_ten_seconds(store, start_engine, tmp_path):
    sshd = Sshd(tmp_path / "sshd").start()
    try:
        servers = [add(store, sshd, f"web{number}") for number in range(10)]
        start_engine(store).wait_until_watching()
        began = now()
        wait_until(lambda: all(len(times_s(store, one, began)) > 1 for one in servers), 60)

        frozen_at = now()
        sshd.pause()
        wait_until(lambda: open_alarms(store), timeout_s=60)
        (one,) = open_alarms(store).values()
        assert (one.server_id, one.key) == (None, "network")
        assert one.raised_at - frozen_at < timedelta(seconds=10)
    finally:
        sshd.resume()
        sshd.stop()
