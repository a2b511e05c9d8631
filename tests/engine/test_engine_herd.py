"""Many servers vanish and come back at once: nobody is trampled, everybody comes back."""

import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from noc_console.engine.openings import A_SECOND
from noc_console.fleet.records import add_servers
from noc_console.health.alarm_records import events_between, get_alarm, open_alarms
from noc_console.store.schema.state import server_state
from tests.engine.running import add, busy, now, steps_s, times_s, trust, wait_until
from tests.engine.small_proc import write_proc
from tests.sshd import Sshd

MANY = 500


class Connects:
    """Counts the connections an sshd takes, and the most within one second."""

    def __init__(self, sshd):
        self.sshd = sshd
        self.place = self.total = 0
        self.seen = [(time.monotonic(), self.count())]

    def count(self):
        with (self.sshd.folder / "log").open("rb") as log:
            log.seek(self.place)
            new = log.read()
        self.place += len(new)
        self.total += new.count(b"Connection from")
        return self.total

    def look(self):
        self.seen.append((time.monotonic(), self.count()))

    @property
    def most_in_a_second(self):
        return max(
            later - count
            for at_s, count in self.seen
            for later_s, later in self.seen
            if 0 <= later_s - at_s <= 1.0
        )


@pytest.mark.alone
@pytest.mark.slow
@pytest.mark.timeout(240)
def test_five_hundred_servers_that_vanish_come_back_without_a_stampede(
    store, start_engine, sshd, tmp_path
):
    proc = tmp_path / "proc"  # what a process costs the server is not what we look at here
    proc.mkdir()
    write_proc(proc, uptime_s=90_000, counted=10**6)
    many = Sshd(tmp_path / "many", {"MaxStartups": "10:30:100", "SetEnv": f"NOC_PROC={proc}"})
    many.start()
    trust(store, many)
    servers = add_servers(
        store, [many.server(f"web{number}", tick_s=15) for number in range(MANY)], now()
    )
    ids = {server.id for server in servers}
    steady = add(store, sshd, "steady", tick_s=1)
    engine = start_engine(store)

    def up():
        with store.read() as connection:
            query = sa.select(server_state.c.server_id).where(server_state.c.link == "up")
            return len(ids & set(connection.execute(query).scalars()))

    def of_the_many(alarms):
        """Leave out the steady one and this machine: they tell of the load here, which is real."""
        return [one for one in alarms if one.server_id is None or one.server_id in ids]

    def wait_for_all(connects):
        def are_all_up():
            connects.look()
            return up() == MANY

        wait_until(are_all_up, timeout_s=110, every_s=0.25)

    try:
        began = now()
        wait_for_all(Connects(many))
        lost_at = now()
        many.stop()
        wait_until(lambda: up() == 0)
        wait_until(lambda: of_the_many(open_alarms(store).values()))
        (one,) = of_the_many(open_alarms(store).values())
        assert (one.server_id, one.key) == (None, "network")
        assert one.raised_at - lost_at < timedelta(seconds=10)
        many.start()
        connects = Connects(many)
        wait_for_all(connects)

        calls = [one for one in events_between(store, began, now()) if one.kind.calls_person]
        alarms = of_the_many(get_alarm(store, one.alarm_id) for one in calls)
        assert len(alarms) == 1, "the return is as quiet"
        assert connects.most_in_a_second <= A_SECOND * 1.2
        assert connects.count() <= 1.1 * 2 * MANY, "an attempt is not wasted on a closed door"
        assert "MaxStartups" not in many.log
        assert max(steps_s(times_s(store, steady, began))) < 5.0 * busy()
        assert "Traceback" not in engine.log, engine.log[engine.log.index("Traceback") :][:3000]
    finally:
        engine.end()
        many.stop()
