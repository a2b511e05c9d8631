"""The graphs of a report: the months beside one another, over all and step by step.

Pure: no I/O, no clock. SVG as a browser and Qt draw it alike; no script, no font of its own.
"""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from noc_console.audit.report_performance import Days

FAIL, WARN, INK, FAINT, LINE = "#b3470a", "#d6a75f", "#14181c", "#5b6670", "#c4ccd3"
WIDTH = 1360
_HEIGHT = 300
_LETTERS = 'font-family="Inter, Helvetica, Arial, sans-serif"'
_WIDEST_BAR = 70
_TILES, _TILE_HEIGHT = 4, 130
_EDGE = 6
"""A letter at the very edge of a picture is cut by its own overhang."""
_LONGEST_NAME = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Fails and warnings of some months, the oldest first."""

    name: str
    fails: tuple[int, ...]
    warns: tuple[int, ...]

    @property
    def most(self) -> int:
        """Give the most of a month."""
        return max((fail + warn for fail, warn in zip(self.fails, self.warns, strict=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """A picture as a `data:` address (RFC 2397), and the width and height at which it is shown."""

    address: str
    shown: tuple[int, int]


def months_graph(months: Sequence[str], trend: Trend) -> Graph:
    """Give fails and warnings of each month as bars, with their numbers."""
    top, bottom, left = 34, _HEIGHT - 34, 56
    most = max(2, trend.most + trend.most % 2)
    parts = [_line(left, bottom, WIDTH, bottom)]
    for share in (0.5, 1.0):
        y = bottom - (bottom - top) * share
        parts += [_line(left, y, WIDTH, y), _text(left - 10, y + 7, f"{most * share:g}", "end")]
    step = (WIDTH - left) / len(months)
    for place, month in enumerate(months):
        middle = left + step * (place + 0.5)
        fail, warn = trend.fails[place], trend.warns[place]
        parts += _bar(
            middle, bottom, min(step * 0.6, _WIDEST_BAR), (bottom - top) / most, fail, warn
        )
        high = bottom - (fail + warn) * (bottom - top) / most
        parts.append(_text(middle, high - 8, f"{fail} fail, {warn} warn", "middle"))
        parts.append(_text(middle, bottom + 24, month, "middle", FAINT))
    return _picture(_HEIGHT, parts)


def steps_graph(months: Sequence[str], trends: Sequence[Trend]) -> Graph:
    """Give a small graph for each step that had anything, all on one scale."""
    most = max((one.most for one in trends), default=0) or 1
    wide = (WIDTH - _EDGE) / _TILES
    rows = -(-len(trends) // _TILES)
    parts = []
    for number, one in enumerate(trends):
        left, top = _EDGE + wide * (number % _TILES), _TILE_HEIGHT * (number // _TILES)
        bottom, step = top + _TILE_HEIGHT - 20, (wide - 30) / len(months)
        parts.append(_text(left, top + 18, one.name, "start"))
        parts.append(
            _text(left + wide - 30, top + 18, f"{one.fails[-1]} / {one.warns[-1]}", "end", FAINT)
        )
        parts.append(_line(left, bottom, left + wide - 30, bottom))
        for place in range(len(months)):
            middle = left + step * (place + 0.5)
            scale = (_TILE_HEIGHT - 52) / most
            bar = min(step * 0.7, _WIDEST_BAR / 2)
            parts += _bar(middle, bottom, bar, scale, one.fails[place], one.warns[place])
    return _picture(rows * _TILE_HEIGHT, parts)


def days_graph(servers: Sequence[Days]) -> Graph:
    """Give the days of a month as a small graph a server: the middle, and the 95th percentile.

    All are on one scale from nought; a day without figures is a gap.
    """
    most = max((day.high for one in servers for day in one.days), default=0.0) or 1.0
    first = min(day.day for one in servers for day in one.days)
    last = max(day.day for one in servers for day in one.days)
    wide, span = (WIDTH - _EDGE) / _TILES, max(1, (last - first).days)
    parts = []
    for number, one in enumerate(servers):
        left, top = _EDGE + wide * (number % _TILES), _TILE_HEIGHT * (number // _TILES)
        bottom = top + _TILE_HEIGHT - 20
        scale, step = (_TILE_HEIGHT - 56) / most, (wide - 34) / span
        name = one.name if len(one.name) <= _LONGEST_NAME else f"{one.name[:_LONGEST_NAME]}…"
        parts.append(_text(left, top + 18, name, "start"))
        parts.append(_text(left + wide - 30, top + 18, one.highest, "end", FAINT))
        parts.append(_line(left, bottom, left + wide - 30, bottom))
        for colour, figures in (
            (WARN, [(day.day, day.middle) for day in one.days]),
            (FAIL, [(day.day, day.high) for day in one.days]),
        ):
            for run in _runs(figures):
                points = [
                    (left + 2 + (day - first).days * step, bottom - value * scale)
                    for day, value in run
                ]
                parts.append(_curve(points, colour))
    return _picture(-(-len(servers) // _TILES) * _TILE_HEIGHT, parts)


def _runs(figures: Sequence[tuple[date, float]]) -> Iterator[list[tuple[date, float]]]:
    """Give the days that follow one another without a gap."""
    run: list[tuple[date, float]] = []
    for one in figures:
        if run and (one[0] - run[-1][0]).days > 1:
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _curve(points: Sequence[tuple[float, float]], colour: str) -> str:
    if len(points) == 1:
        ((x, y),) = points
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>'
    told = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{told}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _bar(
    middle: float, bottom: float, width: float, scale: float, fail: int, warn: int
) -> list[str]:
    parts, y = [], bottom
    for number, colour in ((fail, FAIL), (warn, WARN)):
        high = number * scale
        y -= high
        if number:
            parts.append(
                f'<rect x="{middle - width / 2:.1f}" y="{y:.1f}" width="{width:.1f}" '
                f'height="{high:.1f}" fill="{colour}"/>'
            )
    return parts


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{LINE}" stroke-width="1"/>'
    )


def _text(x: float, y: float, words: str, anchor: str, colour: str = INK) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" '
        f'font-size="17" {_LETTERS}>{escape(words)}</text>'
    )


def _picture(height: int, parts: Sequence[str]) -> Graph:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}">{"".join(parts)}</svg>'
    )
    address = f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode('ascii')}"
    return Graph(address=address, shown=(WIDTH // 2, height // 2))
