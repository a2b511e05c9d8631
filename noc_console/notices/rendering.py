"""Words a notice for one send: its template, filled in within bounds, as Markdown, HTML and text.

Templates are not trusted: they run in a sandbox in a child process that is ended when it takes more
than its share of time or memory, and what comes back is cleaned here.
"""

import threading
from collections.abc import Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

import nh3

from noc_console.notices.channels.channel import Counting, Form, Limits
from noc_console.notices.channels.counting import count
from noc_console.notices.channels.short import cut, fits
from noc_console.notices.notice import Notice
from noc_console.notices.prose import one_line
from noc_console.notices.telling import Telling
from noc_console.notices.template_process import TemplateFailed, TemplateProcess
from noc_console.notices.template_shelf import TemplateShelf, template_name
from noc_console.notices.template_values import about, values_of
from noc_console.notices.text import Text

_TAGS = {
    *("p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "hr"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"*": {"dir"}, "a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_SHORTEST = 40
_ROOM = {Counting.WEIGHTED: 26, Counting.GRAPHEMES: 60, Counting.CHARACTERS: 60}
"""What a short post keeps free for its link or reference."""
_OWN_WORDS = "own words"
_BODY_FROM = "\n---\n"
_NO_HEAD = f"title: {{{{ title }}}}{_BODY_FROM}"


class Renderer:
    """Words notices. Any thread may use it, one at a time gets its turn; close it at the end."""

    def __init__(self, shelf: TemplateShelf) -> None:
        """Use these templates; the child begins with the first text."""
        self._shelf = shelf
        self._child = TemplateProcess()
        self._turn = threading.Lock()

    @property
    def shelf(self) -> TemplateShelf:
        """The templates it uses."""
        return self._shelf

    def use(self, shelf: TemplateShelf) -> None:
        """Use other templates from now on."""
        self._shelf = shelf

    def render(self, notice: Notice, telling: Telling) -> Text:
        """Give a notice's text for one send, in the reader's language where it has texts in that.

        Raises:
            TemplateFailed: the template cannot be used; the sentence says which and why.
            LanguageNotUnderstood, UnknownZone: what it is worded with cannot be.
        """
        notice = notice.in_language(telling.language or notice.language)
        if telling.before is not None:
            telling = replace(telling, before=telling.before.in_language(notice.language))
        language = replace(self._shelf.language(notice.language), shows_gaps=telling.shows_gaps)
        sources = self._shelf.sources(language.code, notice.brand)
        name = template_name(telling.send)
        values = values_of(notice, telling, language)
        if telling.planned is not None and telling.planned.text:
            head = sources.get(name, _NO_HEAD).partition(_BODY_FROM)[0]
            sources[_OWN_WORDS] = f"{head}{_BODY_FROM}{{{{ own_words | prose }}}}"
            name, values["own_words"] = _OWN_WORDS, telling.planned.text
        if name not in sources:
            raise TemplateFailed(f"There is no template {language.code}/{name}.md; add one.")
        told = self.fill_in(sources, name, values, f"{language.code}/{name}")
        title = _title(telling, told) or one_line(values["title"])
        return Text(
            title=title,
            summary=_summary(told, title, telling.limits),
            markdown=str(told["markdown"]),
            html=clean_html(str(told["html"])),
            plain=str(told["plain"]),
            reference=telling.reference,
            about=about(notice, telling, language),
        )

    def fill_in(
        self, sources: dict[str, str], name: str, values: dict[str, Any], told_as: str
    ) -> dict[str, Any]:
        """Give a template's title, summaries and forms as the child made them.

        Raises:
            TemplateFailed: the template cannot be used.
        """
        request = {"sources": sources, "template": name, "values": values}
        with self._turn:
            told = self._child.ask(request, told_as)
        if not _is_answer(told):
            raise TemplateFailed(f"The template {told_as} gave no text; mend it.")
        return told

    def close(self) -> None:
        """End the child."""
        with self._turn:
            self._child.close()

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()


def clean_html(html: str) -> str:
    """Give HTML with nothing but text, lists, tables and links that lead to the web or to mail."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


def _title(telling: Telling, told: dict[str, Any]) -> str:
    """A person's own title goes before the template's."""
    if telling.planned is not None and telling.planned.title:
        return one_line(telling.planned.title)
    titles: Sequence[str] = told["title"]
    title = titles[0] if titles else ""
    most = telling.limits.title_most
    return one_line(title, most) if most else title


def _summary(told: dict[str, Any], title: str, limits: Limits) -> str:
    """Give the longest of the template's summaries that fits, or as much of the last as does."""
    offered: list[str] = [one for one in told["summary"] if one] or [title]
    if limits.form is not Form.SHORT or not limits.most:
        return offered[0]
    room = replace(limits, most=max(_SHORTEST, limits.most - _ROOM[limits.counting]))
    fitting = [one for one in offered if fits(one, room)]
    if fitting:
        return max(fitting, key=lambda one: count(limits.counting, one))
    return cut(offered[-1], room)


def _is_answer(told: dict[str, Any]) -> bool:
    """The child is not trusted to have kept to the form."""
    lists = [told.get("title"), told.get("summary")]
    texts = [told.get("markdown"), told.get("html"), told.get("plain")]
    are_lists = all(isinstance(one, list) and all(isinstance(a, str) for a in one) for one in lists)
    return are_lists and all(isinstance(one, str) for one in texts)
