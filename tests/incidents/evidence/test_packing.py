import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.incidents.evidence.packing import NotPacked, pack, unpack

LINES = st.lists(st.sampled_from([b"", b"a", b"1 root S", b"2 shop R", b"=", b"@0 1"]), max_size=30)
TABLES = LINES.map(b"\n".join) | st.binary(max_size=200)


@given(TABLES, st.none() | TABLES)
def test_what_is_packed_comes_back_to_the_byte(content, like):
    assert unpack(pack(content, like), like) == content


def test_a_table_that_hardly_changed_takes_hardly_any_room():
    before = b"\n".join(
        b"%d shop%d S 0.00 php-fpm: pool %d" % (n, n % 7, n * n) for n in range(400)
    )
    after = before.replace(b"\n17 shop3 S 0.00", b"\n17 shop3 R 9.99")

    assert len(pack(after, before)) < 100 < len(pack(after, None)) / 20


@given(st.binary(max_size=100), st.none() | TABLES)
def test_what_was_not_packed_is_refused_and_nothing_else_happens(body, like):
    try:
        unpack(body, like)
    except NotPacked:
        return


def test_a_body_that_was_cut_off_is_refused():
    body = pack(b"one\ntwo\n" * 100, None)

    with pytest.raises(NotPacked):
        unpack(body[: len(body) // 2], None)


def test_a_body_that_unpacks_without_end_is_refused():
    with pytest.raises(NotPacked, match="too long"):
        unpack(pack(bytes(2_000_000), None), None, max_bytes=1_000_000)
