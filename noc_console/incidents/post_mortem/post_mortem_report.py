"""A post-mortem as HTML and as Markdown. Pure but for reading the templates."""

from collections.abc import Sequence

from noc_console.incidents.post_mortem.post_mortem import PostMortem
from noc_console.incidents.report_templates import render


def as_html(report: PostMortem) -> str:
    """Give the report as one page of HTML that needs no other file."""
    return render("post_mortem.html.j2", it=report)


def as_markdown(report: PostMortem, pictures: Sequence[str]) -> str:
    """Give the report as Markdown; `pictures` are the addresses of its pictures, in their order."""
    captions = [picture.caption for picture in report.pictures]
    pairs = list(zip(captions, pictures, strict=True))
    return render("post_mortem.md.j2", it=report, pictures=pairs)
