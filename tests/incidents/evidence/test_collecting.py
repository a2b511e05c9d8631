import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.incidents.evidence.collecting import LoopReader, LoopTooLong, Mark, Marked

NONCE = "0123456789abcdef"
ODD = st.binary(max_size=60) | st.sampled_from(
    [
        b"",
        b"\n",
        b"\n@",
        b"\n@0123",
        b"\n@0123456789abcde",
        b"@0123456789abcdef end 1\n",
        b"\n\n@ end",
    ]
)


def answer(content, number=1, status=b"0"):
    mark = b"\n@" + NONCE.encode() + b" "
    number = str(number).encode()
    return b"".join(
        (
            mark,
            b"begin ",
            number,
            b"\n",
            content,
            mark,
            b"status ",
            status,
            b"\n",
            mark,
            b"end ",
            number,
            b"\n",
        )
    )


def cut(content, sizes):
    pieces = []
    while content:
        size = max(1, sizes[len(pieces) % len(sizes)]) if sizes else len(content)
        pieces.append(content[:size])
        content = content[size:]
    return pieces


@given(st.lists(ODD, max_size=4), st.lists(st.integers(1, 40), max_size=5))
def test_content_comes_through_to_the_byte_however_it_is_cut(contents, sizes):
    sent = b"\n@" + NONCE.encode() + b" ready\n" + b"".join(map(answer, contents))
    reader, steps = LoopReader(NONCE), []
    for piece in cut(sent, sizes):
        steps += reader.feed(piece)

    found, held = [], b""
    for step in steps:
        if isinstance(step, bytes):
            held += step
        elif step.mark is Mark.BEGIN:
            held = b""
        elif step.mark is Mark.STATUS:
            found.append(held)
    assert reader.is_ready
    assert found == contents


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_any_bytes_give_steps_or_too_long(pieces):
    reader = LoopReader(NONCE)
    for piece in pieces:
        for step in reader.feed(piece):
            assert isinstance(step, bytes | Marked)


def test_bytes_are_given_before_the_collector_has_ended():
    reader = LoopReader(NONCE)
    steps = reader.feed(b"\n@" + NONCE.encode() + b" begin 4\nhalf of it")

    assert steps[-1] == b"half of it"


def test_what_nobody_asked_for_is_bounded():
    reader = LoopReader(NONCE)

    def shout():
        for _ in range(1000):
            reader.feed(b"x" * 1000)

    with pytest.raises(LoopTooLong, match="without end"):
        shout()


def test_why_a_collector_gave_nothing_is_told():
    (step,) = LoopReader(NONCE).feed(b"@" + NONCE.encode() + b" absent 3 ss is not installed\n")

    assert step == Marked(mark=Mark.ABSENT, number=3, words="ss is not installed")
