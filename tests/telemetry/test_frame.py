"""Frames are cut out of any stream of bytes, in any pieces, in bounded memory."""

import contextlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.telemetry.frame import (
    MAX_FRAME_BYTES,
    MAX_LINE_BYTES,
    MAX_NOISE_BYTES,
    READY,
    FrameReader,
    OutputNotUnderstood,
    OutputTooLong,
)
from noc_console.telemetry.probe import probe_script

FRAME = (
    b"@frame 7\n@+ loadavg\n 0.5 0.4 0.3 1/99 1234\n@- pressure/cpu\n@+ processes\n a  b\n@end 7\n"
)


def ready_reader() -> FrameReader:
    """Give a reader that has seen READY."""
    reader = FrameReader()
    assert reader.feed(b"\n" + READY) == []
    return reader


def test_a_frame_has_its_sequence_its_sections_and_what_is_missing() -> None:
    (frame,) = ready_reader().feed(FRAME)

    assert frame.sequence == 7
    assert frame.sections == {"loadavg": ("0.5 0.4 0.3 1/99 1234",), "processes": ("a  b",)}
    assert frame.absent == {"pressure/cpu"}


@given(st.lists(st.integers(0, 400), max_size=12))
def test_the_same_bytes_in_any_pieces_give_the_same_frames(cuts: list[int]) -> None:
    stream = b"motd: hello\nno line end\n" + READY + FRAME + b"wall: reboot soon\n" + FRAME
    whole = FrameReader().feed(stream)
    reader = FrameReader()
    places = [0, *sorted(cuts), len(stream)]

    pieces = [
        frame
        for start, end in itertools.pairwise(places)
        for frame in reader.feed(stream[start:end])
    ]

    assert pieces == whole
    assert [frame.sequence for frame in whole] == [7, 7]


def test_what_a_profile_prints_before_ready_is_skipped_even_if_it_looks_like_a_frame() -> None:
    reader = FrameReader()

    assert reader.feed(b"\x1b[2J Welcome!\r\n" + FRAME) == []
    assert not reader.ready
    assert len(reader.feed(READY + FRAME)) == 1
    assert reader.ready


def test_a_server_that_echoes_the_scripts_is_not_ready() -> None:
    reader = FrameReader()

    assert reader.feed(probe_script()) == []
    assert not reader.ready


def test_content_that_looks_like_a_marker_stays_content() -> None:
    (frame,) = ready_reader().feed(b"@frame 1\n@+ facts\n @end 1\n @frame 2\n@end 1\n")

    assert frame.sections["facts"] == ("@end 1", "@frame 2")


@pytest.mark.parametrize(
    "content",
    [
        b"@frame x\n",
        b"@frame 1\nnoise\n",
        b"@frame 1\n line without section\n",
        b"@frame 1\n@end 2\n",
        b"@frame 1\n@+ stat\n@+ stat\n",
        b"@frame 1111111111111\n",
    ],
)
def test_a_broken_frame_is_not_understood_and_says_what_to_look_for(content: bytes) -> None:
    with pytest.raises(OutputNotUnderstood, match="look for a program"):
        ready_reader().feed(content)


def test_escapes_of_a_server_do_not_get_into_the_sentence() -> None:
    with pytest.raises(OutputNotUnderstood) as caught:
        ready_reader().feed(b"@frame 1\n\x1b]0;owned\x07\n")

    assert caught.value.sentence.isprintable()


@pytest.mark.parametrize("line", [b"x" * 99 + b"\n", b"x" * 1000])
def test_noise_without_end_is_refused(line: bytes) -> None:
    with pytest.raises(OutputTooLong, match="start-up files"):
        feed_again_and_again(FrameReader(), line, MAX_NOISE_BYTES)


def test_noise_of_one_frame_does_not_count_for_the_next() -> None:
    reader = ready_reader()

    for _ in range(30):
        reader.feed(b"wall\n" * 2000 + FRAME)

    assert reader.ready


def test_a_frame_without_end_is_refused() -> None:
    reader = ready_reader()
    reader.feed(b"@frame 1\n@+ facts\n")

    with pytest.raises(OutputTooLong):
        feed_again_and_again(reader, b" " + b"x" * 999 + b"\n", MAX_FRAME_BYTES)


def feed_again_and_again(reader: FrameReader, line: bytes, up_to_bytes: int) -> None:
    """Feed a little more than the bound."""
    for _ in range(up_to_bytes // len(line) + 2):
        reader.feed(line)


def test_a_line_without_end_is_refused_before_it_takes_memory() -> None:
    reader = ready_reader()

    with pytest.raises(OutputTooLong):
        reader.feed(b"@frame 1\n@+ facts\n " + b"x" * MAX_LINE_BYTES)


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_any_bytes_give_frames_or_a_named_failure(chunks: list[bytes]) -> None:
    reader = ready_reader()

    with contextlib.suppress(OutputNotUnderstood, OutputTooLong):
        for chunk in chunks:
            reader.feed(b"@frame 1\n" + chunk)
