"""A climb that a real probe tells a real engine: early while there is time, with a date."""

import time

import pytest

from noc_console.health.line_book import Owner
from noc_console.health.line_records import choose_lines
from noc_console.health.lines import Lines
from noc_console.health.verdict import Verdict
from tests.engine.running import add, is_up, now, state_of, wait_until
from tests.engine.small_proc import write_proc
from tests.sshd import Sshd

CLIMB_S = 120.0
CUT_OFF = 20.0


@pytest.fixture
def climbing(tmp_path):
    """Give an sshd whose /proc is ours, and a way to say its load."""
    proc = tmp_path / "proc"
    proc.mkdir()
    write_proc(proc, uptime_s=90_000, counted=1)
    sshd = Sshd(tmp_path / "sshd", {"SetEnv": f"NOC_PROC={proc}"}).start()

    def tell(load1, second):
        write_proc(proc, uptime_s=90_000 + second, counted=1 + second)
        part = proc / "loadavg.part"
        part.write_text(f"{load1:.2f} 0.10 0.10 1/100 1000\n")
        part.replace(proc / "loadavg")

    yield sshd, tell
    sshd.stop()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_climb_of_two_minutes_is_early_with_a_date_before_it_is_cut_off(
    climbing, store, start_engine
):
    sshd, tell = climbing
    server = add(store, sshd, tick_s=1)
    lines = Lines(early=0.35 * CUT_OFF, cut_off=CUT_OFF, early_minutes=5, forecast_minutes=15)
    choose_lines(store, Owner.server(server.id), {"load1": lines}, "anna", now())
    start_engine(store).wait_until_watching()
    wait_until(lambda: is_up(store, server))
    first: dict[Verdict, float] = {}
    words: dict[Verdict, str] = {}
    began_s = time.monotonic()

    def climb():
        passed_s = time.monotonic() - began_s
        tell(min(CUT_OFF * passed_s / CLIMB_S, CUT_OFF + 1), int(passed_s))
        judgement = state_of(store, server).judgement
        for reason in judgement.reasons:
            if reason.key == "load1" and reason.verdict not in first:
                first[reason.verdict] = passed_s
                words[reason.verdict] = reason.words
        return Verdict.CUT_OFF in first

    wait_until(climb, timeout_s=200.0, every_s=0.5)

    assert first[Verdict.EARLY] < CLIMB_S - 5
    assert "cut-off 20 in" in words[Verdict.EARLY]
    assert CLIMB_S - 5 < first[Verdict.CUT_OFF] < CLIMB_S + 30
