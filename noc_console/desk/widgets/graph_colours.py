"""The colours of graphs. Apart from the graphs, which take a second to import."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphColours:
    """The colours of a graph, as `#rrggbb`. `series` is at least as long as a graph has lines."""

    ground: str
    text: str
    faint: str
    grid: str
    accent: str
    series: tuple[str, ...]
