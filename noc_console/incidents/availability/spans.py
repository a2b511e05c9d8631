"""Arithmetic on spans of time: sorted, apart from one another, in whole milliseconds. Pure.

A span is (start, end) with start < end, its end not in it. Spans that touch are one.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]
Spans: TypeAlias = list[Span]


def union(spans: Iterable[Span]) -> Spans:
    """Give spans in any order, overlapping or empty, as sorted ones that are apart."""
    joined: Spans = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if joined and start <= joined[-1][1]:
            if end > joined[-1][1]:
                joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def intersect(one: Sequence[Span], other: Sequence[Span]) -> Spans:
    """Give what lies in both."""
    both: Spans = []
    left = right = 0
    while left < len(one) and right < len(other):
        start = max(one[left][0], other[right][0])
        end = min(one[left][1], other[right][1])
        if start < end:
            both.append((start, end))
        if one[left][1] <= other[right][1]:
            left += 1
        else:
            right += 1
    return both


def subtract(one: Sequence[Span], other: Sequence[Span]) -> Spans:
    """Give what lies in the first and not in the other."""
    rest: Spans = []
    place = 0
    for span_start, end in one:
        start = span_start
        while place < len(other) and other[place][1] <= start:
            place += 1
        following = place
        while following < len(other) and other[following][0] < end:
            if other[following][0] > start:
                rest.append((start, other[following][0]))
            start = max(start, other[following][1])
            following += 1
        if start < end:
            rest.append((start, end))
    return rest


def clip(spans: Iterable[Span], start: int, end: int) -> Spans:
    """Give the parts of spans, in any order, that lie in [start, end), joined."""
    return union((max(first, start), min(last, end)) for first, last in spans)


def total(spans: Iterable[Span]) -> int:
    """Give how long spans that are apart last together."""
    return sum(end - start for start, end in spans)


def groups_between(spans: Sequence[Span], breaks: Sequence[Span]) -> list[Spans]:
    """Give spans in groups: two neighbours are in one group when no break lies between them."""
    groups: list[Spans] = []
    for span in spans:
        last = bisect_left(breaks, (span[0],)) - 1  # the last break that begins before it
        is_apart = last >= 0 and bool(groups) and breaks[last][1] > groups[-1][-1][1]
        if groups and not is_apart:
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups
