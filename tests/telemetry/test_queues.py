"""Figures of the mail queue and of tracked connections, from any lines at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.telemetry.queues import read_conntrack, read_mail_queue


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("postfix 12",), {"mail_queue": 12.0}),
        (("postfix 12", "exim 3"), {"mail_queue": 15.0}),
        ((), {}),
        (("postfix",), {}),
        (("exim exim: permission denied",), {}),
    ],
)
def test_only_what_was_counted_is_told(lines, told):
    assert read_mail_queue(lines) == told


def test_a_table_without_a_limit_has_no_share():
    assert read_conntrack(("7", "0")) == {"conntrack_entries": 7.0}
    assert read_conntrack(("7",)) == {}


@given(st.lists(st.text(max_size=40), max_size=6))
def test_any_lines_give_figures_or_none(lines):
    for figures in (read_mail_queue(lines), read_conntrack(lines)):
        assert all(value >= 0 for value in figures.values())
