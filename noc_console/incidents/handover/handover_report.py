"""A handover's page as HTML: for the window, for a file, for paper. Pure but for the template."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from noc_console.health.verdict import SHAPES, Verdict
from noc_console.incidents.handover.handover import MOST_ROWS, Handover, HandoverPage
from noc_console.incidents.report_templates import render


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLook:
    """The colours of a report, as `#rrggbb`; those of paper unless a window gives its own."""

    text: str = "#14181c"
    ground: str = "#ffffff"
    faint: str = "#5b6670"
    line: str = "#d5dce2"
    accent: str = "#005a96"
    loud: str = "#a33b00"
    colours: Mapping[Verdict, str] = field(
        default_factory=lambda: dict.fromkeys(Verdict, "#14181c")
    )
    shapes: Mapping[Verdict, str] = field(default_factory=lambda: SHAPES)


def as_html(
    page: HandoverPage,
    handover: Handover | None = None,
    *,
    look: ReportLook | None = None,
    has_links: bool = False,
    most: int = MOST_ROWS,
) -> str:
    """Give the page as HTML, at most so many rows of each part.

    With `has_links` rows lead to `server:7` and the like.
    """
    return render(
        "handover.html.j2",
        page=page,
        handover=handover,
        look=look or ReportLook(),
        has_links=has_links,
        is_file=look is None,
        most=most,
    )
