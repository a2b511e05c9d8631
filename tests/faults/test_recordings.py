"""Servers that fall ill, hang, shout or die while a real engine records them."""

import os
import random
import time
from pathlib import Path

import pytest

from noc_console.fleet.server import Server
from noc_console.incidents.evidence.evidence import Ending
from noc_console.incidents.evidence.evidence_records import (
    content_of,
    exhibits_of,
    get_recording,
    verify_recording,
)
from noc_console.store.orders import OrderState, place
from noc_console.store.store import Store
from tests.engine.running import RunningEngine, add, closed, is_up, now, numbers_of, wait_until
from tests.sshd import Sshd

CGROUP = Path("/sys/fs/cgroup/pids")
needs_a_cgroup = pytest.mark.skipif(
    os.geteuid() != 0 or not CGROUP.is_dir(), reason="needs root and the pids cgroup"
)


@pytest.fixture
def engine(store, tmp_path):
    """Give an engine on the test's store."""
    running = RunningEngine(store, tmp_path)
    yield running.wait_until_watching()
    running.end()


def record(store: Store, sshd: Sshd) -> tuple[Server, int]:
    """Have an sshd recorded; give the server and the recording's number."""
    server = add(store, sshd, "sick")
    wait_until(lambda: is_up(store, server), 60)
    order_id = place(
        store, "record now", server_id=server.id, request={}, asked_by="anna", now=now()
    )
    order = closed(store, order_id)
    assert order.state is OrderState.DONE, order.outcome
    assert order.outcome is not None
    return server, int(order.outcome["recording_id"])


def count(store, recording_id, collector):
    return len(numbers_of(store, recording_id, collector))


def happened(store, recording_id):
    numbers = numbers_of(store, recording_id, "happenings")
    return b"".join(content_of(store, recording_id, one) for one in numbers).decode()


def stand_in(folder: Path, name: str, script: str) -> Path:
    """Put a program before the real one in a server's path; gives the folder to put there."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return folder


@needs_a_cgroup
@pytest.mark.slow
def test_a_server_that_cannot_fork_any_more_is_recorded_by_what_needs_none(
    unstarted, store, engine
):
    sshd = unstarted.start()
    _, number = record(store, sshd)
    wait_until(lambda: count(store, number, "connections"), 30)
    group = CGROUP / f"noc-record-{os.getpid()}"
    group.mkdir()
    try:
        sshd.move_to_group(group)
        (group / "pids.max").write_text("1")

        wait_until(lambda: count(store, number, "processes-without-fork") >= 2, 90)

        assert "starts no process" in happened(store, number)
        table = content_of(
            store,
            number,
            numbers_of(store, number, "processes-without-fork")[-1],
        )
        assert table.startswith(b"PID PPID S CPU_TICKS")
        (group / "pids.max").write_text("max")
        before = count(store, number, "processes")
        wait_until(lambda: count(store, number, "processes") > before, 90)
    finally:
        (group / "pids.max").write_text("max")
        sshd.move_to_group(CGROUP)
        sshd.stop()
        wait_until(lambda: not (group / "cgroup.procs").read_text().strip())
        group.rmdir()


@pytest.mark.slow
def test_one_that_hangs_holds_up_no_other(unstarted, open_folder, store, engine):
    path = stand_in(open_folder / "bin", "ss", "trap '' TERM; sleep 600")
    unstarted.options = {"SetEnv": f"PATH={path}:/usr/sbin:/usr/bin:/sbin:/bin"}
    _, number = record(store, unstarted.start())

    wait_until(lambda: count(store, number, "connections"), 40)
    wait_until(lambda: count(store, number, "processes") >= 2, 40)

    (hung,) = [one for one in exhibits_of(store, number) if one.collector == "connections"][:1]
    assert hung.ending in {Ending.TIMED_OUT, Ending.HUNG, Ending.ARRIVING}
    assert hung.took_ms < 12_000


def test_output_without_end_and_binary_garbage_are_bounded_and_kept(
    unstarted, open_folder, store, engine
):
    path = stand_in(open_folder / "bin", "df", "exec yes shouting")
    stand_in(path, "dmesg", "head -c 5000 /dev/urandom; printf '\\n@begin 1\\n@end 1\\n\\000'")
    unstarted.options = {"SetEnv": f"PATH={path}:/usr/sbin:/usr/bin:/sbin:/bin"}
    _, number = record(store, unstarted.start())

    wait_until(lambda: count(store, number, "disk-space"), 60)
    wait_until(lambda: count(store, number, "kernel-log"), 60)

    by_collector = {one.collector: one for one in exhibits_of(store, number)}
    assert by_collector["disk-space"].ending is Ending.CUT
    assert by_collector["disk-space"].raw_bytes <= 65536
    assert by_collector["kernel-log"].raw_bytes > 1000
    assert verify_recording(store, number, now()).is_whole


@pytest.mark.slow
def test_evidence_is_there_after_a_server_is_killed_at_random_moments(unstarted, store, engine):
    chance = random.Random(7)  # noqa: S311 - a spread, not a secret
    sshd = unstarted.start()
    server, number = record(store, sshd)
    seen = 0
    for _ in range(3):
        wait_until(lambda: len(exhibits_of(store, number)) > seen + 3, 60)  # noqa: B023
        time.sleep(chance.uniform(0.0, 2.0))
        sshd.stop()
        before = {one.number: one.sha256 for one in exhibits_of(store, number) if one.is_whole}
        found = verify_recording(store, number, now())
        assert found.is_whole, found.damage
        sshd.start()
        wait_until(lambda: is_up(store, server), 90)
        after = {one.number: one.sha256 for one in exhibits_of(store, number)}
        assert before.items() <= after.items()
        seen = len(after)

    recording = get_recording(store, number, now())
    assert recording.exhibits >= seen
    assert "the connection was lost" in happened(store, number)
