"""A theme: base colours and what each means, read from `resources/themes`.

Pure but for reading the file. Colours of verdicts come with a shape and a word, so that nobody
needs to tell colours apart (WCAG 2.2, success criterion 1.4.1).
"""

import tomllib
from dataclasses import dataclass
from functools import cache

from PySide6.QtGui import QColor

from noc_console.desk.look import Look
from noc_console.desk.widgets.graph_colours import GraphColours
from noc_console.health.verdict import SHAPES, Verdict
from noc_console.resource import resource

LEAST_CONTRAST = 4.5
"""Between text and its ground (WCAG 2.2, success criterion 1.4.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowColours:
    """The colours of the window itself, as `#rrggbb`."""

    ground: str
    field: str
    stripe: str
    button: str
    border: str
    text: str
    faint: str
    disabled: str
    accent: str
    on_accent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """All colours of one theme."""

    name: str
    is_dark: bool
    window: WindowColours
    look: Look
    graph_colours: GraphColours


@cache
def load_theme(name: str) -> Theme:
    """Read the theme `light` or `dark`."""
    read = tomllib.loads(resource("themes", f"{name}.toml").read_text(encoding="utf-8"))
    base: dict[str, str] = read["base"]
    window = WindowColours(**{key: base[colour] for key, colour in read["window"].items()})
    graph = dict(read["graph"])
    series = tuple(base[colour] for colour in graph.pop("series"))
    verdicts = {
        verdict: QColor(base[read["verdict"][verdict.value.replace(" ", "-")]])
        for verdict in Verdict
    }
    return Theme(
        name=name,
        is_dark=bool(read["dark"]),
        window=window,
        look=Look(shapes=SHAPES, colours=verdicts, faint=QColor(window.faint)),
        graph_colours=GraphColours(
            **{key: base[colour] for key, colour in graph.items()}, series=series
        ),
    )


def contrast(one: QColor, other: QColor) -> float:
    """Give the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: QColor) -> float:
    parts = (_linear(part) for part in (colour.redF(), colour.greenF(), colour.blueF()))
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
