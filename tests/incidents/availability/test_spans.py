"""Arithmetic on spans equals the same arithmetic on single milliseconds."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from noc_console.incidents.availability.spans import (
    clip,
    groups_between,
    intersect,
    subtract,
    total,
    union,
)

raw_spans = st.lists(
    st.tuples(st.integers(0, 60), st.integers(-3, 15)).map(lambda one: (one[0], one[0] + one[1])),
    max_size=8,
)


def moments(spans):
    return {at for start, end in spans for at in range(start, end)}


def are_sorted_and_apart(spans):
    edges = [edge for span in spans for edge in span]
    return all(one < other for one, other in itertools.pairwise(edges))


@given(raw_spans)
def test_a_union_holds_each_moment_once(spans):
    joined = union(spans)

    assert moments(joined) == moments(spans)
    assert are_sorted_and_apart(joined)
    assert total(joined) == len(moments(spans))


@given(raw_spans, raw_spans)
def test_what_is_in_both_and_what_is_in_one_only_are_as_for_sets(one, other):
    left, right = union(one), union(other)

    assert moments(intersect(left, right)) == moments(one) & moments(other)
    assert moments(subtract(left, right)) == moments(one) - moments(other)
    assert are_sorted_and_apart(intersect(left, right))
    assert are_sorted_and_apart(subtract(left, right))


@given(raw_spans, st.integers(0, 30), st.integers(31, 60))
def test_a_clip_leaves_nothing_outside(spans, start, end):
    assert moments(clip(spans, start, end)) == moments(spans) & set(range(start, end))


@given(raw_spans, raw_spans)
def test_groups_are_broken_where_and_only_where_a_break_lies_between(one, other):
    breaks = union(other)
    spans = subtract(union(one), breaks)

    groups = groups_between(spans, breaks)

    assert [span for group in groups for span in group] == spans
    broken = moments(breaks)
    for group in groups:
        inside = set(range(group[0][0], group[-1][1])) - moments(group)
        assert not inside & broken
    for before, after in itertools.pairwise(groups):
        assert set(range(before[-1][1], after[0][0])) & broken
