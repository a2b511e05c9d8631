"""Figures of the mail queue and of tracked connections, from any lines at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.telemetry.queues import read_conntrack, read_mail_queue
from noc_console.telemetry.this_machine import _mail_queues


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


def test_this_machine_counts_in_the_spools_it_may_look_into(tmp_path):
    for path in (
        "postfix/active/A/A1",
        "postfix/deferred/D1",
        "exim4/input/x-H",
        "exim4/input/x-D",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()

    assert read_mail_queue(_mail_queues(tmp_path)) == {"mail_queue": 3.0}


@given(st.lists(st.text(max_size=40), max_size=6))
def test_any_lines_give_figures_or_none(lines):
    for figures in (read_mail_queue(lines), read_conntrack(lines)):
        assert all(value >= 0 for value in figures.values())
