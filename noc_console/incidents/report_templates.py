"""Reports from templates in `resources/reports`: whatever a server or a person wrote stays text.

HTML is escaped by the template engine itself; what goes into Markdown goes through `markdown_text`
by itself. A name that a template misspells is an error, never an empty place.
"""

import base64
import re
from datetime import timedelta
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup, escape

from noc_console.fleet.inert import inert, inert_lines
from noc_console.incidents.times import clock_text, exact_text, local_text, span_text
from noc_console.resource import resource

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~$&#@^])|(?<=[A-Za-z])(:)(?=/)|(?i:(?<=www)(\.))")
_AT_START = re.compile(r"^(\s*)([-+=]|\d+(?=[.)](?:\s|$)))")
_LONGEST = 2000
_MILLISECOND = timedelta(milliseconds=1)


def render(template: str, **values: Any) -> str:
    """Give a template of `resources/reports` filled in."""
    environment = _environment(is_markdown=template.endswith(".md.j2"))
    return environment.get_template(template).render(**values)


def markdown_text(text: object) -> str:
    """Give a text as one line of Markdown that shows it as it is: no mark-up, no link, no HTML."""
    line = _SPECIAL.sub(lambda found: f"\\{found[0]}", inert(str(text), _LONGEST))
    return _AT_START.sub(_escaped_start, line)


def markdown_quote(text: str) -> str:
    """Give a longer text as a quotation in Markdown, line by line."""
    return "\n>\n".join(f"> {markdown_text(line)}" for line in inert_lines(text) or [""])


def html_lines(text: str) -> Markup:
    """Give a longer text as escaped HTML with its line ends."""
    return Markup("<br>").join(escape(line) for line in inert_lines(text))


def picture_address(png: bytes) -> str:
    """Give a picture as a `data:` address (RFC 2397), so that a report needs no other file."""
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"


def _escaped_start(found: re.Match[str]) -> str:
    """A number with a dot would begin a list: the dot is escaped, for a digit cannot be."""
    if found[2].isdigit():
        return f"{found[1]}{found[2]}\\"
    return f"{found[1]}\\{found[2]}"


class _Written(str):
    """Text that is Markdown already."""

    __slots__ = ()


def _as_markdown(value: object) -> str:
    return value if isinstance(value, _Written) else markdown_text(value)


@cache
def _environment(*, is_markdown: bool) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(resource("reports")),
        autoescape=not is_markdown,  # noqa: S701 - Markdown is escaped by `finalize`
        finalize=_as_markdown if is_markdown else None,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        inert=lambda value: inert(str(value), _LONGEST),
        local=local_text,
        clock=clock_text,
        span=span_text,
        exact=lambda span: exact_text(span / _MILLISECOND),
        quote=lambda value: _Written(markdown_quote(value)),
        written=_Written,
        lines=html_lines,
        picture=picture_address,
    )
    return environment
