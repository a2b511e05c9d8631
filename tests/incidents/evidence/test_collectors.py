"""The recorder's loop and its collectors in the real shells of this machine."""

import os
import select
import shutil
import subprocess
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from noc_console.incidents.evidence.collecting import LoopReader, Mark, Marked
from noc_console.incidents.evidence.collectors import Sickness, ask_line, collectors, loop_script

NONCE = "feedfacecafebeef"
SHELLS = [one for one in ("dash", "bash", "busybox") if shutil.which(one)]
CGROUP = Path("/sys/fs/cgroup/pids")
needs_a_cgroup = pytest.mark.skipif(
    os.geteuid() != 0 or not CGROUP.is_dir(), reason="needs root and the pids cgroup"
)
PLAIN = next(one for one in collectors() if one.name == "memory")


def made(name="made", command="echo hello", **fields):
    return replace(PLAIN, **({"name": name, "command": command, "needs": (), "when": ""} | fields))


class Loop:
    def __init__(self, process):
        self.process = process
        self.reader = LoopReader(NONCE)
        self._sequence = 0

    def steps_until(self, wanted, within_s=20.0):
        steps = []
        ends_s = time.monotonic() + within_s
        while not any(isinstance(one, Marked) and one.mark in wanted for one in steps):
            ready, _, _ = select.select([self.process.stdout], [], [], ends_s - time.monotonic())
            assert ready, "the loop did not answer"
            content = os.read(self.process.stdout.fileno(), 65536)
            assert content, "the loop ended"
            steps += self.reader.feed(content)
        return steps

    def ask(self, collector):
        """Give (content, exit status) of a collector; (None, why) of one that is absent."""
        self._sequence += 1
        self.process.stdin.write(ask_line(self._sequence, collector))
        self.process.stdin.flush()
        steps = self.steps_until({Mark.END, Mark.ABSENT})
        marks = {one.mark: one for one in steps if isinstance(one, Marked)}
        if Mark.ABSENT in marks:
            return None, marks[Mark.ABSENT].words
        content = b"".join(one for one in steps if isinstance(one, bytes))
        status = marks.get(Mark.STATUS)
        return content, None if status is None else status.number


@contextmanager
def loop(chosen, shell="dash", env=None):
    words = [shutil.which(shell), "sh"] if shell == "busybox" else [shutil.which(shell)]
    process = subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | (env or {})
    )
    with process:
        process.stdin.write(loop_script(chosen, NONCE))
        process.stdin.flush()
        try:
            running = Loop(process)
            running.steps_until({Mark.READY})
            yield running
        finally:
            process.stdin.close()
            process.wait(10)


def test_the_catalogue_is_whole_and_the_most_valuable_comes_first():
    names = [one.name for one in collectors()]

    assert names[0] == "processes"
    assert len(names) == len(set(names))
    assert [one.order for one in collectors()] == sorted(one.order for one in collectors())


@pytest.mark.parametrize("shell", SHELLS)
def test_a_collector_gives_its_bytes_and_its_status(shell):
    odd = made(command="printf 'a\\000b\\n\\n@x'; exit 3")
    with loop([odd], shell) as running:
        assert running.ask(odd) == (b"a\0b\n\n@x", 3)
        assert running.ask(odd) == (b"a\0b\n\n@x", 3)


@pytest.mark.parametrize("shell", SHELLS)
def test_one_that_hangs_is_stopped_at_its_deadline_and_the_next_still_comes(shell):
    hung, quick = made("hung", "echo begun; sleep 600", deadline_s=1), made("quick")
    with loop([hung, quick], shell) as running:
        started_s = time.monotonic()
        content, status = running.ask(hung)

        assert content == b"begun\n"
        assert status not in {0, None}
        assert time.monotonic() - started_s < 6
        assert running.ask(quick) == (b"hello\n", 0)


def test_one_that_ignores_the_signal_to_end_is_killed():
    stubborn = made("stubborn", "trap '' TERM; while :; do sleep 600; done", deadline_s=1)
    with loop([stubborn]) as running:
        assert running.ask(stubborn)[1] not in {0, None}


@pytest.mark.parametrize("shell", SHELLS)
def test_output_without_end_is_cut_at_its_bound(shell):
    shouting, quick = made("shouting", "yes", max_bytes=5000, deadline_s=3), made("quick")
    with loop([shouting, quick], shell) as running:
        content, status = running.ask(shouting)

        assert (len(content), status) == (5000, None)
        assert running.ask(quick) == (b"hello\n", 0)


def test_binary_garbage_harms_nothing():
    garbage, quick = made("garbage", "head -c 100000 /dev/urandom"), made("quick")
    garbage = replace(garbage, max_bytes=200_000)
    with loop([garbage, quick]) as running:
        content, status = running.ask(garbage)

        assert (len(content), status) == (100_000, 0)
        assert running.ask(quick) == (b"hello\n", 0)


def test_what_is_not_there_is_said_and_not_run():
    missing = made("missing", needs=("no-such-program-here",))
    elsewhere = made("elsewhere", when="[ -d /no/such/folder ]")
    with loop([missing, elsewhere]) as running:
        assert running.ask(missing) == (None, "no-such-program-here is not installed")
        assert running.ask(elsewhere) == (None, "not on this server")


def test_without_timeout_one_that_hangs_is_stopped_all_the_same(tmp_path):
    (tmp_path / "timeout").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "timeout").chmod(0o755)
    hung, quick = made("hung", "echo begun; exec sleep 600", deadline_s=1), made("quick")
    with loop([hung, quick], env={"PATH": str(tmp_path)}) as running:
        content, status = running.ask(hung)

        assert b"begun\n" in content
        assert status not in {0, None}
        assert running.ask(quick) == (b"hello\n", 0)


@pytest.mark.parametrize("collector", collectors(), ids=lambda one: one.name)
def test_each_collector_of_the_catalogue_runs_here_or_says_why_not(collector):
    with loop(collectors()) as running:
        content, status = running.ask(collector)

    if content is None:
        assert status
    else:
        assert b"syntax error" not in content.lower()
        assert b"awk:" not in content


@pytest.mark.parametrize("shell", SHELLS)
def test_the_process_table_holds_this_process_with_its_arguments(shell):
    (table,) = [one for one in collectors() if one.name == "processes"]
    with loop([table], shell) as running:
        content, status = running.ask(table)

    lines = content.decode(errors="replace").splitlines()
    assert status == 0
    assert lines[0] == "PID PPID USER S CPU_S KIDS_S RSS_KB COMM\tARGS"
    mine = next(line for line in lines if line.startswith(f"{os.getpid()} "))
    assert "python" in mine.partition("\t")[2]
    assert len(mine.partition("\t")[0].split()) >= 8


@needs_a_cgroup
@pytest.mark.parametrize("shell", SHELLS)
def test_where_fork_is_forbidden_the_processes_are_still_told(shell):
    chosen = [one for one in collectors() if not one.forks]
    (table,) = [one for one in chosen if one.name == "processes-without-fork"]
    group = CGROUP / f"noc-collect-{os.getpid()}-{shell}"
    group.mkdir()
    try:
        with loop(chosen, shell) as running:
            (group / "cgroup.procs").write_text(str(running.process.pid))
            (group / "pids.max").write_text("1")
            content, status = running.ask(table)
    finally:
        group.rmdir()

    assert status == 0
    assert f"\n{os.getpid()} ".encode() in content or content.endswith(b"\nmore than these\n")


def test_a_sick_server_is_asked_less_and_one_that_cannot_fork_only_what_needs_none():
    def asked(sickness):
        return {one.name for one in collectors() if one.pace_s(sickness) is not None}

    assert asked(Sickness.WITHOUT_FORK) == {"processes-without-fork", "memory-without-fork"}
    assert "processes" in asked(Sickness.SICK)
    assert asked(Sickness.SICK) < asked(Sickness.EARLY)
    assert all(
        one.pace_s(Sickness.SICK) >= one.pace_s(Sickness.EARLY)
        for one in collectors()
        if one.name in asked(Sickness.SICK)
    )


@pytest.mark.parametrize("site", ["", "shop.example:443 "])
def test_requests_are_counted_by_address_and_path_in_both_forms_of_access_logs(tmp_path, site):
    log = tmp_path / "access.log"
    line = '192.0.2.7 - - [28/Nov/2026:02:31:26 +0000] "GET /cart.php?a=1 HTTP/1.1" 200 5 "-" "x"'
    ours = line.replace("/cart.php?a=1", "/server-status?notable")
    log.write_text(f"{site}{line}\n" * 3 + f"{site}{ours}\n")
    find = tmp_path / "bin/find"
    find.parent.mkdir()
    find.write_text(f"#!/bin/sh\necho 1 {log}\n")
    find.chmod(0o755)
    command = next(one.command for one in collectors() if one.name == "web-requests")

    told = subprocess.run(
        ["sh", "-c", command],
        env={"PATH": f"{find.parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert told.stdout.splitlines() == [
        f"log {log}",
        "requests 3",
        "from 3 192.0.2.7",
        "path 3 /cart.php",
    ]
