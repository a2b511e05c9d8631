"""The store in trouble: the engine says so once, goes on, and writes again when it can."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from noc_console.store.history import History
from noc_console.store.location import StoreLocation
from noc_console.store.orders import OrderState, place
from noc_console.store.store import MIN_FREE_BYTES, open_store
from tests.engine.running import (
    add,
    busy,
    closed,
    is_up,
    now,
    readings_of,
    times_s,
    wait_until,
)
from tests.postgresql import make_database, postgresql
from tests.promised import assert_said


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """Mount a file system of that size."""
    folder.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "small", folder], check=True
    )
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
@pytest.mark.slow
def test_a_full_disk_is_said_once_and_recording_goes_on_when_there_is_room(
    tmp_path, start_engine, sshd
):
    with small_disk(tmp_path / "disk", 100) as disk:
        store = open_store(StoreLocation.parse(str(disk / "store")))
        server = add(store, sshd, tick_s=1)
        engine = start_engine(store)
        wait_until(lambda: len(readings_of(store, server)) >= 2)

        ballast = disk / "ballast"
        room = shutil.disk_usage(disk).free
        ballast.write_bytes(bytes(room - MIN_FREE_BYTES // 2))
        wait_until(lambda: "nothing new is recorded; free some room" in engine.log)
        full_at = now()
        wait_until(lambda: (now() - full_at).total_seconds() > 4)
        assert engine.process.poll() is None
        ballast.unlink()
        wait_until(lambda: "takes everything again" in engine.log)
        wait_until(lambda: times_s(store, server, full_at))

        assert engine.log.count("nothing new is recorded") == 1
        assert "Traceback" not in engine.log
        wait_until(lambda: len(times_s(store, server, full_at)) >= 4)  # none of them was lost
        engine.stop()
        store.close()


@pytest.mark.slow
def test_a_shared_store_may_go_and_come_back(tmp_path, start_engine, sshd):
    with postgresql() as folder:
        store = open_store(StoreLocation.parse(make_database(folder, "away")))
        server = add(store, sshd, tick_s=1)
        engine = start_engine(store)
        wait_until(lambda: len(readings_of(store, server)) >= 2)
        control = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        programs = max(
            Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: int(one.parent.name)
        )
        control += [str(programs / "pg_ctl"), "-D", str(folder / "cluster"), "-w"]

        subprocess.run(
            [*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd="/"
        )
        gone_at = now()
        wait_until(lambda: "does not answer" in engine.log)
        wait_until(lambda: (now() - gone_at).total_seconds() > 3)
        assert engine.process.poll() is None
        assert sshd.shells(), "the links do not depend on the store"
        options = f"-c listen_addresses='' -k {folder} -c fsync=off"
        subprocess.run(
            [*control, "-o", options, "start"],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )
        wait_until(lambda: "takes everything again" in engine.log)
        wait_until(lambda: len(times_s(store, server, gone_at)) >= 5)

        missed = [at for at in times_s(store, server, gone_at) if at < gone_at.timestamp() + 3]
        assert len(missed) >= 2, "the samples of that time were kept"
        assert "Traceback" not in engine.log
        added = add(store, sshd, "later")
        wait_until(lambda: is_up(store, added))
        engine.stop()
        assert engine.process.returncode == 0
        store.close()


@pytest.mark.slow
def test_an_engine_stops_in_time_though_its_store_is_gone(tmp_path, start_engine):
    with postgresql() as folder:
        store = open_store(StoreLocation.parse(make_database(folder, "hung")))
        engine = start_engine(store).wait_until_watching()
        main = int((folder / "cluster" / "postmaster.pid").read_text().split()[0])
        family = [main, *_children(main)]
        for pid in family:
            os.kill(pid, signal.SIGSTOP)
        try:
            took_s = engine.stop()
        finally:
            for pid in family:
                os.kill(pid, signal.SIGCONT)
        store.close()

    assert took_s < 2.0 * busy()
    assert engine.process.returncode == 0


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_an_engine_works_the_same_on_a_shared_store(cluster, start_engine, sshd):
    store = open_store(StoreLocation.parse(make_database(cluster, f"engine_{os.getpid()}")))
    server = add(store, sshd, tick_s=1)
    engine = start_engine(store)
    wait_until(lambda: len(readings_of(store, server)) >= 3)

    order = place(store, "refresh now", server_id=server.id, asked_by="anna", now=now())
    assert closed(store, order).state is OrderState.DONE
    second = start_engine(store)
    second.process.wait(15)

    assert "already watches this store" in second.log
    assert History(store).read(server.id, ["load1"], now().replace(year=2020), now()).average
    engine.stop()
    assert engine.process.returncode == 0, engine.log
    store.close()


@pytest.mark.parametrize("name", ["core.sqlite3", "history.sqlite3"])
def test_a_damaged_file_is_said_in_one_sentence(tmp_path, start_engine, name):
    folder = tmp_path / "store"
    store = open_store(StoreLocation.parse(str(folder)))
    store.close()
    file = folder / name
    content = bytearray(file.read_bytes())
    content[100:] = os.urandom(len(content) - 100)
    file.write_bytes(content)

    engine = start_engine(store)
    engine.process.wait(15)

    assert engine.process.returncode == 1
    assert "damaged" in engine.log
    assert_said(engine.log.strip())


@pytest.mark.slow
def test_the_core_is_not_written_at_each_tick(store, start_engine, sshd):
    server = add(store, sshd, tick_s=1)
    start_engine(store)
    wait_until(lambda: len(readings_of(store, server)) >= 4)

    def written():
        with store.read() as connection:
            row = connection.exec_driver_sql("SELECT sum(number) FROM revision").scalar()
            return int(row)

    before, samples = written(), len(readings_of(store, server))
    wait_until(lambda: len(readings_of(store, server)) >= samples + 6)

    # the heartbeat each five seconds, and what the verdict says of this machine's load
    assert written() - before <= 5
