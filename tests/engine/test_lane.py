"""A lane with a link of the test's own: silence, back-off, false answers, slow loops."""

import pytest

from noc_console.engine.events import BytesArrived, Opened, OpenFailed, StreamEnded
from noc_console.engine.lane import (
    LOCK_OUT_DELAY_S,
    READY_WITHIN_S,
    SILENCE_AT_LEAST_S,
    SILENCE_AT_MOST_S,
    Lane,
)
from noc_console.engine.picture import Picture
from noc_console.engine.recorder import Recorder
from noc_console.engine.slow_reading import AGAIN_AFTER_S, SILENCE_S
from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.link_state import LinkFacts, LinkState
from noc_console.fleet.server import Server
from noc_console.telemetry.frame import READY
from tests.conftest import NOW

NEVER = float("inf")


class Link:
    facts = LinkFacts(
        cipher="", kex="", mac="", host_key_algorithm="", fingerprint="", software="",
        authenticated_with="", connected_at=NOW, is_weak=False,
    )  # fmt: skip

    def __init__(self):
        self.fast, self.slow, self.takes = [], [], True

    def send_fast(self, line):
        if self.takes:
            self.fast.append(line)
        return self.takes

    def send_slow(self, line):
        self.slow.append(line)
        return True


class Driven:
    """A lane, and what it asked its roster to do."""

    def __init__(self, **fields):
        server = Server(**({"id": 1, "name": "web", "address": "192.0.2.1"} | fields))
        self.picture = Picture(server=server, link_since=NOW)
        self.recorder = Recorder(lambda: NOW)
        self.opened, self.closed, self.slow_begun, self.slow_closed = 0, [], 0, 0
        self.lane = Lane(
            self.picture,
            self.recorder,
            start_opening=lambda _: self._count("opened"),
            start_slow=lambda _: self._count("slow_begun"),
            close_slow=lambda _: self._count("slow_closed"),
            close_link=self.closed.append,
            delay_s=lambda attempt: 10.0 * attempt,
            wall=lambda: NOW,
        )
        self.link = Link()

    def _count(self, name):
        setattr(self, name, getattr(self, name) + 1)

    def open(self, now_s=0.0):
        self.lane.act(now_s)
        self.lane.take_opened(Opened(1, self.lane.generation, self.link), now_s)

    def hear(self, content, now_s=0.0, *, slow=False):
        self.lane.take_bytes(BytesArrived(1, self.lane.generation, slow, content, now_s))

    def answer(self, now_s, sequence=None):
        number = self.link.fast[-1].split()[1].decode() if sequence is None else str(sequence)
        self.hear(f"@frame {number}\n@+ uptime\n {now_s + 9} 1\n@end {number}\n".encode(), now_s)

    def samples(self):
        batch = self.recorder.batch(0.0)
        return [] if batch is None else list(batch.readings)


@pytest.fixture
def driven():
    driven = Driven()
    driven.open()
    driven.hear(READY)
    return driven


def act_until(driven, from_s, to_s):
    while from_s < to_s and driven.lane.next_act_s <= to_s:
        from_s = driven.lane.next_act_s
        driven.lane.act(from_s)


def test_a_lane_asks_once_ready_and_is_up_at_the_first_answer(driven):
    driven.lane.act(0.0)
    assert driven.link.fast == [b"tick 1 fast\n"]
    assert driven.picture.link is LinkState.CONNECTING

    driven.answer(0.1)

    assert driven.picture.link is LinkState.UP
    assert driven.lane.next_act_s == 5.0


def test_a_server_that_does_not_answer_is_asked_once_and_then_lost(driven):
    driven.lane.act(0.0)
    driven.answer(0.1)

    act_until(driven, 0.1, 5.0 + SILENCE_AT_LEAST_S)

    assert driven.link.fast == [b"tick 1 fast\n", b"tick 2 fast\n"]
    assert driven.picture.failure.kind is FailureKind.STOPPED_ANSWERING
    assert driven.closed == [driven.link]
    assert driven.lane.next_act_s == 5.0 + SILENCE_AT_LEAST_S + 10.0


def test_a_server_owes_an_answer_from_the_tick_until_it_answers_or_is_lost(driven):
    driven.lane.act(0.0)
    assert driven.lane.owes_since_s == 0.0
    driven.answer(0.1)
    assert driven.lane.owes_since_s == NEVER

    driven.link.takes = False
    driven.lane.act(5.0)
    driven.lane.act(10.0)
    assert driven.lane.owes_since_s == 5.0

    driven.lane.close()
    assert driven.lane.owes_since_s == NEVER


def test_a_long_tick_does_not_make_silence_long():
    driven = Driven(tick_s=3600)
    driven.open()
    driven.hear(READY)

    act_until(driven, 0.0, SILENCE_AT_MOST_S)

    assert driven.picture.failure.kind is FailureKind.STOPPED_ANSWERING


def test_a_link_that_takes_no_line_is_lost_too(driven):
    driven.link.takes = False

    act_until(driven, 0.0, SILENCE_AT_LEAST_S + 5.0)

    assert driven.picture.failure.kind is FailureKind.STOPPED_ANSWERING


def test_a_login_without_a_shell_is_said():
    driven = Driven()
    driven.open()

    driven.hear(b"Welcome!\n")
    act_until(driven, 0.0, READY_WITHIN_S)

    assert driven.picture.failure.kind is FailureKind.SHELL_REFUSED


def test_only_the_frame_that_was_asked_for_becomes_a_sample(driven):
    driven.lane.act(0.0)

    driven.answer(0.1, sequence=7)
    driven.answer(0.1)
    driven.answer(0.1)

    assert len(driven.samples()) == 1


def test_looking_at_a_server_asks_it_at_once_and_each_second(driven):
    driven.lane.act(0.0)
    driven.answer(0.1)

    driven.lane.looked_at = True
    driven.lane.tick_now(1.5)
    driven.lane.act(1.5)
    driven.answer(1.6)

    assert len(driven.link.fast) == 2
    assert driven.lane.next_act_s == 2.5


def failed(driven, kind, now_s=0.0):
    failure = Failure(kind=kind, sentence="It failed.")
    driven.lane.act(now_s)
    driven.lane.take_failed(OpenFailed(1, driven.lane.generation, failure), now_s)


def test_each_failure_in_a_row_waits_longer_and_a_sample_forgives_them():
    driven = Driven()
    failed(driven, FailureKind.REFUSED)
    assert driven.lane.next_act_s == 10.0
    failed(driven, FailureKind.REFUSED, 10.0)
    assert driven.lane.next_act_s == 30.0

    driven.open(30.0)
    driven.hear(READY, 30.0)
    driven.lane.act(30.0)
    driven.answer(30.1)
    failure = Failure(kind=FailureKind.CONNECTION_LOST, sentence="Lost.")
    driven.lane.take_end(StreamEnded(1, driven.lane.generation, False, failure), 31.0)

    assert driven.lane.next_act_s == 41.0


def test_a_refused_login_is_tried_seldom_so_that_nobody_is_locked_out():
    driven = Driven()

    failed(driven, FailureKind.AUTHENTICATION_FAILED)

    assert driven.lane.next_act_s == LOCK_OUT_DELAY_S


def test_an_unknown_host_key_is_not_tried_again_until_a_person_decides():
    driven = Driven()

    failed(driven, FailureKind.HOST_KEY_UNKNOWN)
    assert driven.lane.next_act_s == NEVER
    driven.lane.try_now(5.0)

    assert driven.lane.next_act_s == 5.0


def test_a_lane_connects_once_however_often_it_is_told_to():
    driven = Driven()
    driven.lane.act(0.0)
    driven.lane.try_now(1.0)

    assert driven.lane.next_act_s == NEVER
    assert driven.opened == 1


def test_the_slow_loop_is_asked_when_it_is_ready_and_spared_while_it_works(driven):
    driven.hear(READY, 0.0, slow=True)
    driven.lane.act(0.0)
    assert driven.link.slow == [b"tick 1 mounts,processes,facts,mail\n"]

    driven.answer(0.1)
    driven.lane.act(5.0)

    assert len(driven.link.slow) == 1


def test_a_slow_loop_that_hangs_is_closed_and_begun_again_later(driven):
    driven.hear(READY, 0.0, slow=True)
    now_s = 0.0
    while now_s < SILENCE_S + AGAIN_AFTER_S + 20:
        driven.lane.act(now_s)
        driven.answer(now_s)
        now_s += 5.0

    assert driven.slow_closed == 1
    assert driven.slow_begun == 1
    assert driven.picture.link is LinkState.UP


def test_garbage_in_the_slow_loop_does_not_end_the_ticks(driven):
    driven.hear(READY, 0.0, slow=True)
    driven.lane.act(0.0)

    driven.hear(b"@frame 1\nrubbish\n", 0.1, slow=True)
    driven.answer(0.2)

    assert driven.slow_closed == 1
    assert driven.picture.link is LinkState.UP


def test_open_files_of_the_slow_loop_go_to_the_history(driven):
    driven.hear(READY, 0.0, slow=True)
    driven.lane.act(0.0)

    driven.hear(b"@frame 1\n@+ sys/fs/file-nr\n 900 0 1000\n@end 1\n", 0.1, slow=True)
    driven.answer(0.2)

    assert driven.samples()[0].values["files_open"] == 900.0


def test_output_without_end_has_a_name_of_its_own(driven):
    driven.hear(b"x" * 300_000)

    assert driven.picture.failure.kind is FailureKind.OUTPUT_TOO_LONG
    assert driven.picture.failure.sentence.startswith("web: ")


def test_a_server_that_shouts_while_it_is_opened_is_tried_again():
    driven = Driven()
    driven.lane.act(0.0)
    opening = driven.lane.generation

    driven.hear(b"x" * 300_000, 1.0)
    driven.lane.act(driven.lane.next_act_s)

    assert driven.opened == 2
    assert driven.lane.generation > opening
