"""The made-up machines behind the demo's servers: they behave like machines, and read like ones."""

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from noc_console.cli.demo_fleet import stand_ins
from noc_console.cli.demo_fleet.freezing import Freezing
from noc_console.cli.demo_fleet.machine import SPIRAL_AGAIN_S, Hardware, Machine, calm, spiral
from noc_console.cli.demo_fleet.plan import planned_servers
from noc_console.cli.demo_fleet.proc_files import proc_files
from noc_console.cli.demo_fleet.proc_folder import ProcFolder
from noc_console.health.verdict import Verdict
from noc_console.incidents.evidence.collectors import collectors
from noc_console.incidents.evidence.suspects import ExhibitText, rank_suspects
from noc_console.telemetry.frame import Frame, FrameReader
from noc_console.telemetry.parse import Counters, read_sample
from noc_console.telemetry.probe import Part, one_frame_script
from noc_console.telemetry.sample import Missing
from noc_console.telemetry.slow import SlowReader
from tests.health.watching import watch_of

START = datetime(2026, 5, 1, 12, tzinfo=UTC)
HARDWARE = Hardware(
    cores=4, memory_bytes=8 * 2**30, swap_bytes=4 * 2**30, usual_busy=0.36, usual_memory=0.8
)


def machine(demand=calm, seed: int = 1) -> Machine:
    chance = Random(seed)  # noqa: S311 - a figure that wavers
    return Machine(hardware=HARDWARE, demand=demand, chance=chance, booted_before_s=86_400.0)


def verdicts(one: Machine, seconds: int) -> list[Verdict]:
    """Give the verdict at each second, from the files as the console reads them."""
    found: list[Verdict] = []
    counters: Counters | None = None
    watch = watch_of(tick_s=1.0)
    for second in range(seconds):
        one.step(1.0)
        now = START + timedelta(seconds=second)
        files = proc_files(one, now.timestamp())
        sections = {name: tuple(text.splitlines()) for name, text in files.items()}
        frame = Frame(sequence=second, sections=sections, absent=frozenset())
        sample, counters = read_sample(frame, counters, 1, now)
        watch.take_values(sample.values, float(second))
        reasons = watch.inside(float(second), now)
        worst = min((one.verdict for one in reasons), key=lambda told: told.urgency, default=None)
        found.append(worst or Verdict.OK)
    return found


class TestLoad:
    def test_a_usual_day_is_ok_all_the_time(self):
        assert set(verdicts(machine(), 3600)) == {Verdict.OK}

    @pytest.mark.parametrize("seed", range(5))
    def test_a_spiral_passes_the_early_line_while_there_is_time_and_then_the_cut_off(self, seed):
        told = verdicts(machine(spiral, seed), 200)

        early, cut_off = told.index(Verdict.EARLY), told.index(Verdict.CUT_OFF)

        assert 5 < early < 30
        assert early + 30 < cut_off < 150

    def test_after_a_spiral_all_is_well_before_the_next_one(self):
        told = verdicts(machine(spiral), int(2 * SPIRAL_AGAIN_S))

        end = int(SPIRAL_AGAIN_S)
        assert told[end - 1] is Verdict.OK
        assert Verdict.CUT_OFF in told[end:]

    def test_a_spiral_swaps_and_waits_for_the_disk(self):
        one = machine(spiral)
        idle_before = one.cpu_s["iowait"]
        for _ in range(100):
            one.step(1.0)

        assert one.swapped_out_bytes > 10**9
        assert one.cpu_s["iowait"] - idle_before > 20
        assert one.waiting == one.most_waiting

    def test_cpu_seconds_are_those_that_passed_on_every_core(self):
        one = machine(spiral)
        before = sum(one.cpu_s.values())
        for _ in range(300):
            one.step(1.0)

        assert sum(one.cpu_s.values()) - before == pytest.approx(300 * 4)


class TestProbe:
    def test_the_real_probe_reads_every_figure_of_a_made_up_machine(self, tmp_path: Path):
        one = machine(spiral)
        for _ in range(40):
            one.step(1.0)
        frame = frame_of(tmp_path, one, frozenset({Part.FAST}))

        sample, _ = read_sample(frame, None, 1, START)

        assert sample.values["cores"] == 4
        assert sample.values["load1"] == pytest.approx(one.loads[0], abs=0.01)
        assert sample.values["mem_used_percent"] > 90
        assert sample.values["uptime_s"] == pytest.approx(86_440)
        assert sample.server_at is not None
        assert abs(sample.server_at - START) < timedelta(seconds=2)
        needs_more = {Missing.NEEDS_TWO_READINGS, Missing.NOT_IN_THIS_TICK}
        assert {name for name, why in sample.missing.items() if why not in needs_more} == set()

    def test_what_must_fork_tells_of_the_made_up_machine_too(self, tmp_path: Path):
        one = machine()
        told = stand_ins.Told(
            hostname="web-09",
            hardware=HARDWARE,
            services=("ssh",),
            root_percent=31,
            sites_percent=82,
        )
        stand_ins.write(tmp_path / "programs", told)
        parts = frozenset({Part.MOUNTS, Part.PROCESSES, Part.FACTS})
        frame = frame_of(tmp_path, one, parts, path=f"{tmp_path / 'programs'}:{os.environ['PATH']}")

        read = SlowReader().read(frame, START, 0.0)

        assert read.facts is not None
        assert (read.facts.hostname, read.facts.cores) == ("web-09", 4)
        assert [(each.mount, round(each.used_percent)) for each in read.mounts or ()] == [
            ("/", 31),
            ("/var/www", 82),
        ]
        assert {"nginx", "mariadbd", "php-fpm8.2"} <= {each.name for each in read.processes or ()}


class TestRecorder:
    def test_what_is_recorded_of_a_made_up_machine_is_its_own(self, tmp_path: Path):
        one = machine(spiral)
        told = stand_ins.Told(
            hostname="web-09", hardware=HARDWARE, services=(), root_percent=31, sites_percent=82
        )
        stand_ins.write(tmp_path / "programs", told)
        tables = []
        for place in range(2):
            for _ in range(40):
                one.step(1.0)
            text = recorded(tmp_path, one, "processes")
            at = START + timedelta(seconds=40 * place)
            tables.append(ExhibitText(number=place, collector="processes", at=at, text=text))

        found = rank_suspects(tables)

        assert str(os.getpid()) not in {row.split(" ")[0] for row in tables[0].text.splitlines()}
        assert found[0].words.startswith("php-fpm of account birch: ")
        connections = recorded(tmp_path, one, "connections")
        assert "port in 443 24" in connections
        assert "198.51.100.7" in connections


def recorded(folder: Path, one: Machine, name: str) -> str:
    """Give what a collector of the flight recorder prints on a made-up machine."""
    for path, text in proc_files(one, START.timestamp()).items():
        (folder / "proc" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "proc" / path).write_text(text)
    (collector,) = [each for each in collectors() if each.name == name]
    result = subprocess.run(
        ["/bin/sh", "-c", collector.command],
        capture_output=True,
        env={
            "proc": str(folder / "proc"),
            "NOC_PROC": str(folder / "proc"),
            "PATH": f"{folder / 'programs'}:{os.environ['PATH']}",
        },
        timeout=60,
        check=True,
    )
    return result.stdout.decode()


def frame_of(
    folder: Path, one: Machine, parts: frozenset[Part], path: str = os.environ["PATH"]
) -> Frame:
    for name, text in proc_files(one, START.timestamp()).items():
        (folder / "proc" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "proc" / name).write_text(text)
    result = subprocess.run(
        ["/bin/sh"],
        input=one_frame_script(parts),
        capture_output=True,
        env={"NOC_PROC": str(folder / "proc"), "PATH": path},
        timeout=60,
        check=True,
    )
    return FrameReader().feed(result.stdout)[0]


class TestProcFolder:
    def test_it_shows_exactly_what_was_written_last(self, tmp_path: Path):
        proc = ProcFolder(tmp_path / "proc")
        for files in ({"uptime": "1", "7/stat": "a"}, {"uptime": "2"}, {"uptime": "3"}):
            proc.write(files)

        shown = [path for path in (tmp_path / "proc/").rglob("*") if path.is_file()]

        assert [path.name for path in shown] == ["uptime"]
        assert shown[0].read_text() == "3"
        assert not (tmp_path / "proc" / "7").exists()

    def test_who_reads_meanwhile_keeps_a_whole_file(self, tmp_path: Path):
        proc = ProcFolder(tmp_path / "proc")
        proc.write({"stat": "first"})
        with (tmp_path / "proc" / "stat").open() as reading:
            proc.write({"stat": "second"})

            assert reading.read() == "first"
        assert (tmp_path / "proc" / "stat").read_text() == "second"


class TestPlan:
    def test_no_server_expects_a_service_of_which_init_here_cannot_be_asked(self):
        expected = {one for server in planned_servers(("ssh",)) for one in server.services}

        assert expected == {"ssh"}

    def test_a_server_freezes_some_seconds_after_its_first_session_and_again(self):
        turns = Freezing()
        frozen = [turns.is_frozen(float(at), has_session=at >= 10) for at in range(400)]

        assert frozen.index(True) == 14
        changes = [at for at in range(1, 400) if frozen[at] != frozen[at - 1]]
        assert changes == [14, 74, 194, 254, 374]
