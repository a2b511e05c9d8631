"""How much of their redundancy arrays have lost, by what md(4) prints."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.telemetry.arrays import ARRAY_LOST, figures_of, own_arrays, read_arrays


def told(head, *details):
    return read_arrays((f"md0 : {head}", *(f"      {one}" for one in details)))


@pytest.mark.parametrize(
    ("head", "detail", "lost"),
    [
        ("active raid1 sdb1[1] sda1[0]", "blocks super 1.2 [2/2] [UU]", 0.0),
        ("active raid1 sdb1[1](F) sda1[0]", "blocks super 1.2 [2/1] [U_]", 100.0),
        ("active raid1 sdc1[2] sdb1[1]", "blocks super 1.2 [3/2] [_UU]", 50.0),
        ("active raid5 sdc1[2] sdb1[1]", "blocks level 5, 64k chunk [3/2] [_UU]", 100.0),
        ("active raid6 sdc1[2] sdb1[1]", "blocks level 6, 64k chunk [5/4] [_UUUU]", 50.0),
        ("active raid10 sdc1[2] sdb1[1]", "2 near-copies [4/2] [_UU_]", 100.0),
        ("active (auto-read-only) raid1 sdb1[1] sda1[0]", "blocks [2/2] [UU]", 0.0),
    ],
)
def test_what_is_lost_is_counted_against_what_the_level_survives(head, detail, lost):
    assert told(head, detail) == {"md0": lost}


def test_an_array_that_is_rebuilt_has_lost_its_redundancy_until_it_is_done():
    progress = "[==>....]  recovery = 12.6% (37043392/292945152) finish=127.5min speed=33440K/sec"

    assert told("active raid1 sdc1[2] sda1[0]", "blocks [2/1] [U_]", progress) == {"md0": 100.0}


@pytest.mark.parametrize(
    ("head", "detail"),
    [
        ("active raid0 sdb1[1] sda1[0]", "1046528 blocks super 1.2 512k chunks"),
        ("active raid1 sda1[0]", "blocks super 1.0 [1/1] [U]"),
        ("inactive sda[1](S) sdb[0](S)", "5928 blocks super external:imsm"),
    ],
)
def test_what_never_had_redundancy_is_left_out(head, detail):
    assert told(head, detail) == {}


def test_an_array_that_does_not_run_has_lost_all():
    assert told("inactive sda1[0](S)", "1046528 blocks super 1.2") == {"md0": 100.0}


def test_arrays_of_a_containers_host_are_not_its_own():
    lines = ["Personalities : [raid1]", "md0 : active raid1 sda1[0]", "  [2/1] [U_]", "unused: "]

    assert own_arrays(lines, ()) == []
    assert read_arrays(own_arrays(lines, ("md0",))) == {"md0": 100.0}


def test_the_figure_of_the_server_is_that_of_its_worst_array():
    assert figures_of({"md0": 0.0, "md1": 50.0}) == {
        ARRAY_LOST: 50.0,
        f"{ARRAY_LOST}:md0": 0.0,
        f"{ARRAY_LOST}:md1": 50.0,
    }
    assert figures_of({}) == {}


@given(
    st.lists(
        st.one_of(
            st.text(max_size=60),
            st.from_regex(r"md[a-z0-9]{1,3} : (in)?active raid[0-9]{1,2} x", fullmatch=True),
            st.from_regex(r" +blocks \[[0-9]{1,5}/[0-9]{1,5}\] \[[U_]{1,4}\]", fullmatch=True),
        ),
        max_size=12,
    )
)
def test_any_lines_give_shares_or_none(lines):
    assert all(0.0 <= lost <= 100.0 for lost in read_arrays(lines).values())
