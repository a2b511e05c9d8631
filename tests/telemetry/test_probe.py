"""The real fast script in every /bin/sh we can meet, on real and made-up /proc."""

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from noc_console.telemetry.frame import READY, Frame, FrameReader
from noc_console.telemetry.parse import read_sample
from noc_console.telemetry.probe import (
    MAX_LINE_BYTES,
    NoServiceName,
    Part,
    one_frame_script,
    probe_script,
    slow_script,
    tick_line,
)
from noc_console.telemetry.sample import Missing, Sample
from noc_console.telemetry.slow import SlowReader
from tests.conftest import NOW
from tests.telemetry.shell_loop import running

FAST = frozenset({Part.FAST})


def sample_of(frame: Frame) -> Sample:
    """Give the first sample of a server."""
    return read_sample(frame, None, 1, datetime.now(UTC))[0]


def test_every_shell_gives_a_whole_sample(shell: Path) -> None:
    with running([shell], probe_script()) as loop:
        first = loop.ask(tick_line(1, FAST))
        second = loop.ask(tick_line(2, FAST))

    sample, counters = read_sample(first, None, 1, datetime.now(UTC))
    assert sample.values["cores"] == psutil.cpu_count()
    assert sample.values["mem_total_bytes"] == psutil.virtual_memory().total
    assert abs(sample.values["uptime_s"] - (datetime.now(UTC).timestamp() - psutil.boot_time())) < 5
    assert sample.server_at is not None
    assert abs((sample.server_at - datetime.now(UTC)).total_seconds()) < 5
    assert Missing.NOT_UNDERSTOOD not in sample.missing.values()
    again, _ = read_sample(second, counters, 1, datetime.now(UTC))
    assert second.sequence == 2
    assert again.values["cores"] == psutil.cpu_count()
    assert again.server_at is not None


@pytest.mark.parametrize("part", Part)
def test_one_frame_comes_of_a_script_that_is_sent_whole(shell: Path, part: Part) -> None:
    script = one_frame_script(frozenset({part}))

    result = subprocess.run([shell], input=script, capture_output=True, timeout=20, check=True)

    (frame,) = FrameReader().feed(result.stdout)
    assert (frame.sequence, result.stderr) == (1, b"")
    assert "uptime" in frame.sections


def test_a_later_tick_is_lean_and_the_long_files_come_back_at_the_seventh(shell: Path) -> None:
    with running([shell], probe_script()) as loop:
        frames = [loop.ask(tick_line(number, FAST)) for number in range(1, 8)]

    assert ["vmstat" in frame.sections for frame in frames] == [True, *[False] * 5, True]


@pytest.mark.parametrize("script", [probe_script(), slow_script()], ids=["fast", "slow"])
def test_a_loop_ends_when_its_input_closes(shell: Path, script: bytes) -> None:
    with running([shell], script) as loop:
        while not loop.reader.ready:
            loop.read()

    assert loop.process.returncode == 0


def test_missing_files_are_named_and_the_rest_is_read(shell: Path, tmp_path: Path) -> None:
    (tmp_path / "uptime").write_text("100.00 50.00\n")
    (tmp_path / "loadavg").write_text("0.50 0.40 0.30 3/200 99\n")

    with running([shell], probe_script(), {"NOC_PROC": str(tmp_path)}) as loop:
        sample = sample_of(loop.ask(tick_line(1, FAST)))

    assert sample.values == {
        "uptime_s": 100.0,
        "load1": 0.5,
        "load5": 0.4,
        "load15": 0.3,
        "tasks_running": 2.0,
        "tasks_total": 200.0,
    }
    assert set(sample.missing.values()) == {Missing.NOT_ON_THIS_SERVER}
    assert sample.server_at is None


def test_more_than_sixteen_cores_are_listed_at_the_long_ticks_only(
    shell: Path, tmp_path: Path
) -> None:
    (tmp_path / "uptime").write_text("100.00 50.00\n")
    times = [f"cpu{number} 1 2 3 4 5 6 7 8 0 0" for number in ("", *range(64))]
    (tmp_path / "stat").write_text("\n".join([*times, "intr " + "0 " * 9000, "btime 5"]) + "\n")

    with running([shell], probe_script(), {"NOC_PROC": str(tmp_path)}) as loop:
        first, second = loop.ask(tick_line(1, FAST)), loop.ask(tick_line(2, FAST))

    assert len(first.sections["stat"]) == 66
    assert second.sections["stat"] == ("cpu 1 2 3 4 5 6 7 8 0 0",)
    _, counters = read_sample(first, None, 1, NOW)
    assert read_sample(second, counters, 1, NOW)[0].values["cores"] == 64


@pytest.mark.parametrize(
    "harm",
    [
        b"tick 1 units $(touch${IFS}TARGET) `touch TARGET` ;touch TARGET * ~ \\\n",
        b"touch TARGET\n",
        b"tick a[$(touch${IFS}TARGET)] fast\n",
        b"tick $((x=1)) fast\n\n\0\n",
        b"';touch TARGET;'\n",
        b"tick 5 units -x a/../b ;touch\tTARGET $(touch${IFS}TARGET) * nginx\n",
    ],
)
@pytest.mark.parametrize("script", [probe_script(), slow_script()], ids=["fast", "slow"])
def test_what_is_sent_after_the_script_is_never_run(
    script: bytes, harm: bytes, shell: Path, tmp_path: Path
) -> None:
    target = tmp_path / "harm"

    with running([shell], script) as loop:
        while not loop.reader.ready:
            loop.read()
        assert loop.process.stdin is not None
        loop.process.stdin.write(harm.replace(b"TARGET", str(target).encode()))
        loop.ask(tick_line(9, FAST))

    assert not target.exists()


def test_a_noisy_profile_with_a_prompt_left_open_does_no_harm(shell: Path) -> None:
    noise = b"printf 'Welcome\\033[2J\\n@frame 9\\n@end 9\\nno line end'\n"

    with running([shell], noise + probe_script()) as loop:
        frame = loop.ask(tick_line(1, FAST))

    assert frame.sequence == 1
    assert b"no line end\n" + READY in loop.output


@pytest.mark.parametrize("login", ["bash", "dash", "zsh", "fish", "csh", "tcsh", "busybox"])
def test_every_login_shell_runs_it_in_any_locale_without_a_writable_folder(login: str) -> None:
    program = shutil.which(login)
    if program is None:
        pytest.skip(f"{login} is not installed")
    words = [program, "sh"] if login == "busybox" else [program]
    env = {"LC_ALL": "de_DE.UTF-8", "HOME": "/nonexistent", "TMPDIR": "/nonexistent", "IFS": "0"}

    with running([*words, "-c", "exec /bin/sh"], probe_script(), env) as loop:
        assert sample_of(loop.ask(tick_line(1, FAST))).values["load1"] >= 0


def test_without_any_program_in_its_path_the_fast_loop_goes_on(shell: Path) -> None:
    with running([shell], b"PATH=/nowhere\nexport PATH\n" + probe_script()) as loop:
        assert "load1" in sample_of(loop.ask(tick_line(1, FAST))).values


CGROUP = Path("/sys/fs/cgroup/pids")


@pytest.mark.skipif(
    os.geteuid() != 0 or not CGROUP.is_dir(), reason="needs root and the pids cgroup"
)
def test_the_fast_loop_goes_on_where_fork_is_forbidden(shell: Path) -> None:
    group = CGROUP / f"noc-test-{os.getpid()}"
    group.mkdir()
    try:
        enter = f"echo $$ > {group}/cgroup.procs; echo 1 > {group}/pids.max; exec {shell}"
        with running(["sh", "-c", enter], probe_script()) as loop:
            frames = [loop.ask(tick_line(number, FAST)) for number in range(1, 8)]
            assert (group / "pids.current").read_text() == "1\n"
    finally:
        group.rmdir()

    assert all("load1" in sample_of(frame).values for frame in frames)


def test_a_tick_takes_little_of_a_core_and_a_lean_frame_is_small(shell: Path) -> None:
    """0.1 % of a core at a tick of 5 s is 5 ms a tick; here with room for a slow machine."""
    with running([shell], probe_script()) as loop:
        loop.ask(tick_line(1, FAST))
        before = psutil.Process(loop.process.pid).cpu_times()
        loop.output = b""
        for number in range(2, 62):
            loop.ask(tick_line(number, FAST))
        after = psutil.Process(loop.process.pid).cpu_times()

    assert (after.user + after.system - before.user - before.system) / 60 < 0.005
    assert len(loop.output) / 60 < 4000


def test_the_open_files_come_from_the_slow_loop_in_every_shell(shell: Path) -> None:
    with running([shell], slow_script()) as loop:
        frame = loop.ask(tick_line(1, frozenset({Part.MOUNTS})))

    assert SlowReader().read(frame, NOW, 0.0).figures["files_open"] > 0


def test_a_tick_is_one_line_of_words() -> None:
    assert tick_line(7, FAST) == b"tick 7 fast\n"
    line = tick_line(8, frozenset({Part.UNITS, Part.MOUNTS}), ("ssh", "a\\x2db@1", "ssh"))
    assert line == b"tick 8 units,mounts ssh a\\x2db@1\n"
    assert tick_line(9, frozenset({Part.MOUNTS}), ("ssh",)) == b"tick 9 mounts\n"


@pytest.mark.parametrize("unit", ["a b", "", "a;b", "a\nb", "$(id)", "ä", "a/b", "a" * 256])
def test_what_is_no_service_name_is_not_sent(unit: str) -> None:
    with pytest.raises(NoServiceName, match="systemctl"):
        tick_line(1, frozenset({Part.UNITS}), (unit,))


def test_a_line_has_a_bound_however_many_services_there_are() -> None:
    units = tuple(f"php{number}-fpm-of-a-customer.service" for number in range(1000))

    line = tick_line(1, frozenset({Part.UNITS}), units)

    assert 3900 < len(line) <= MAX_LINE_BYTES
