"""One recording, its loops played by a test: what is asked when, and what is kept."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from noc_console.engine.tape import SAMPLES, Source, Tape
from noc_console.fleet.failure import FailureKind
from noc_console.health.verdict import Verdict
from noc_console.incidents.evidence.evidence import Ending, Recording, RecordingState
from noc_console.links.failures import link_failure
from noc_console.telemetry.sample import Sample
from tests.conftest import NOW

RECORDING = Recording(
    id=5,
    server_id=1,
    server_name="web",
    engine_id=1,
    why="load",
    asked_by="",
    started_at=NOW,
    until=None,
    last_at=NOW,
    ended_at=None,
    ended_why="",
    state=RecordingState.RECORDING,
    absences={},
    digest="",
    is_kept=False,
)


class Shell:
    """One loop: what it was asked, and a way to answer."""

    def __init__(self, script: bytes, on_bytes: Callable[[bytes], None], on_end) -> None:
        self.nonce = script.split(b"\n", 1)[0].removeprefix(b"nonce=")
        self.forks = b"may_fork=yes" in script
        self.asked: list[tuple[int, str]] = []
        self.is_closed = False
        self.on_bytes, self.on_end = on_bytes, on_end

    def send(self, line: bytes) -> bool:
        _, number, name = line.decode().split()
        self.asked.append((int(number), name))
        return True

    def close(self) -> None:
        self.is_closed = True

    def mark(self, words: str) -> None:
        self.on_bytes(b"\n@" + self.nonce + b" " + words.encode() + b"\n")

    def answer(self, content: bytes = b"told\n", status: int | None = 0) -> str:
        number, name = self.asked[-1]
        self.mark(f"begin {number}")
        self.on_bytes(content)
        if status is not None:
            self.mark(f"status {status}")
        self.mark(f"end {number}")
        return name


class Play:
    """A tape with a clock and loops of the test's own."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.kept: list = []
        self.shells: list[Shell] = []
        self.refuses = False
        self.verdict = Verdict.EARLY
        self.key: object = "first"
        self.tape = Tape(
            RECORDING,
            submit=lambda work: work(),
            post=lambda act: act(),
            clock=lambda: self.now_s,
            wall=lambda: NOW + timedelta(seconds=self.now_s - 100.0),
            keep=self.kept.append,
        )

    def open(self, script, on_bytes, on_end):
        if self.refuses:
            raise link_failure(FailureKind.SHELL_REFUSED, "web gives no further session.")
        self.shells.append(Shell(script, on_bytes, on_end))
        return self.shells[-1]

    def turn(self, seconds: float = 0.25) -> None:
        self.now_s += seconds
        source = None if self.key is None else Source(key=self.key, opener=self.open)
        self.tape.turn(self.now_s, source, self.verdict)

    def begin(self) -> "Play":
        self.turn()
        for shell in self.shells:
            shell.mark("ready")
        self.turn()
        return self

    @property
    def forking(self) -> Shell:
        return [one for one in self.shells if one.forks][-1]

    @property
    def steady(self) -> Shell:
        return [one for one in self.shells if not one.forks][-1]

    def round(self) -> list[str]:
        """Answer whatever is asked until nothing more is due."""
        names = []
        while len(self.forking.asked) > len(names):
            names.append(self.forking.answer())
            self.turn(0.01)
        return names

    def of(self, collector: str) -> list:
        return [one for one in self.kept if one.collector == collector]

    def told(self) -> str:
        return b"".join(one.content for one in self.of("happenings")).decode()


@pytest.fixture
def play() -> Play:
    return Play()


def test_the_most_valuable_is_asked_first_and_one_after_another(play):
    play.begin()

    names = play.round()

    assert names[:3] == ["processes", "connections", "connections-by-proc"]
    assert play.steady.asked == []
    numbers = [one.number for one in play.kept]
    assert len(numbers) == len(set(numbers))


def test_each_comes_again_at_its_own_pace(play):
    play.begin()
    first = play.round()
    play.turn(10.5)
    again = [name for _, name in play.forking.asked[len(first) :]]

    assert again == ["processes"]


def test_what_arrives_is_kept_before_it_is_whole_and_then_replaced(play):
    play.begin()
    number, _ = play.forking.asked[-1]
    play.forking.mark(f"begin {number}")
    play.forking.on_bytes(b"half of it")
    play.turn(1.5)
    assert [one.ending for one in play.of("processes")] == [Ending.ARRIVING]

    play.forking.on_bytes(b" and the rest")
    play.forking.mark("status 0")
    play.forking.mark(f"end {number}")

    half, whole = play.of("processes")
    assert (half.number, half.content) == (whole.number, b"half of it")
    assert (whole.ending, whole.content) == (Ending.WHOLE, b"half of it and the rest")


def test_a_connection_that_is_lost_leaves_half(play):
    play.begin()
    number, _ = play.forking.asked[-1]
    play.forking.mark(f"begin {number}")
    play.forking.on_bytes(b"half of it")
    play.key = None
    play.turn()

    assert play.of("processes")[-1].ending is Ending.LINK_LOST
    assert play.of("processes")[-1].content == b"half of it"
    assert "the connection was lost" in play.told()
    play.key = "second"
    play.turn()
    assert len(play.shells) == 4


def test_a_loop_that_hangs_is_closed_and_its_collector_rests(play):
    play.begin()
    hung = play.forking
    play.turn(12.0)
    assert hung.is_closed
    assert play.of("processes")[-1].ending is Ending.HUNG

    play.turn(25.0)
    play.forking.mark("ready")
    play.turn()

    assert play.forking is not hung
    assert play.forking.asked[0][1] == "connections"
    assert "hung" in play.tape.absences["Processes"]


def test_a_server_that_cannot_fork_is_asked_only_what_needs_none(play):
    play.begin()
    play.forking.on_bytes(b"sh: 1: Cannot fork\n")
    play.forking.on_end(None)
    play.turn()
    asked = play.steady.asked

    assert [name for _, name in asked] == ["processes-without-fork"]
    assert "starts no process" in play.told()


def test_a_sick_server_is_asked_less(play):
    play.begin()
    play.verdict = Verdict.CUT_OFF
    play.turn()
    first = play.round()
    play.turn(10.5)
    play.round()
    again = [name for _, name in play.forking.asked[len(first) :]]

    assert again == ["processes"]
    assert "it is asked less" in play.told()


def test_what_is_not_there_is_asked_again_only_much_later(play):
    play.begin()
    number, name = play.forking.asked[-1]
    play.forking.mark(f"absent {number} ps is not installed")
    play.turn(0.01)
    play.round()
    play.turn(30.0)
    play.round()

    assert name not in [one for _, one in play.forking.asked[1:]]
    assert play.tape.absences == {"Processes": "ps is not installed"}


def test_why_no_loop_can_be_had_is_kept_once(play):
    play.refuses = True
    for _ in range(5):
        play.turn(25.0)

    assert play.told().count("web gives no further session.") == 1


def test_samples_are_kept_together_each_ten_seconds_and_at_the_end(play):
    for second in range(25):
        at = NOW + timedelta(seconds=second)
        sample = Sample(server_id=1, at=at, server_at=None, values={"load1": second}, missing={})
        play.tape.take_sample(sample, play.now_s)
        play.tape.take_sample(sample, play.now_s)
        play.turn(1.0)
    play.tape.end("well again")

    texts = [one.content.decode() for one in play.of(SAMPLES)]
    assert sum(len(text.splitlines()) - 1 for text in texts) == 25
    assert texts[0].startswith("TIME\tload1\n10:00:00.000\t0\n")
    assert play.told().endswith("well again\n")


def test_bytes_beyond_a_collectors_bound_are_not_held(play):
    play.begin()
    number, _ = play.forking.asked[-1]
    play.forking.mark(f"begin {number}")
    for _ in range(100):
        play.forking.on_bytes(b"x" * 10_000)
    play.forking.mark(f"end {number}")

    (kept,) = play.of("processes")
    assert (len(kept.content), kept.ending) == (393_216, Ending.CUT)
