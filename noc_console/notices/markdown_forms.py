"""Markdown as HTML and as plain text. Pure; runs in the template child and imports nothing of ours.

The HTML is not trusted by who asked for it: it is cleaned there.
"""

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

_NEVER = ("html_inline", "html_block", "image", "reference", "fence", "code", "lheading")
_OF_BOTH_DIRECTIONS = frozenset({"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "td"})


def parser() -> MarkdownIt:
    """Give a parser for what templates may use: text, lists, links, headings and tables."""
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable(_NEVER)


def forms_of(markdown: str) -> tuple[str, str]:
    """Give the HTML and the plain text of a Markdown text."""
    read = parser()
    tokens = read.parse(markdown)
    for token in tokens:
        if token.nesting == 1 and token.tag in _OF_BOTH_DIRECTIONS:
            token.attrSet("dir", "auto")  # a paragraph of another script reads its own way
    return read.renderer.render(tokens, read.options, {}), plain_text(tokens)


def plain_text(tokens: Sequence[Token]) -> str:
    """Give parsed Markdown as plain text: lists with dashes, links with their address behind."""
    page = _Page()
    for token in tokens:
        page.take(token)
    return page.text()


class _Page:
    """Plain text as it grows, block by block."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._indents: list[str] = []
        self._numbers: list[int] = []
        self._mark = ""
        self._cells: list[str] | None = None

    def take(self, token: Token) -> None:
        """Take one token in."""
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                start = int(token.attrGet("start") or 1) if token.tag == "ol" else 0
                self._numbers.append(start)
            case "bullet_list_close" | "ordered_list_close":
                self._numbers.pop()
                self._gap()
            case "list_item_open":
                self._open_item()
            case "list_item_close" | "blockquote_close":
                self._indents.pop()
                self._mark = ""
            case "blockquote_open":
                self._indents.append("> ")
            case _:
                self._take_text(token)

    def _take_text(self, token: Token) -> None:
        match token.type:
            case "inline":
                self._add(inline_text(token.children or []))
            case "paragraph_close" | "heading_close" if not token.hidden:
                self._gap()
            case "tr_open":
                self._cells = []
            case "tr_close":
                cells, self._cells = self._cells or [], None
                self._add(" | ".join(cells))
            case "table_close":
                self._gap()
            case "hr":
                self._add("-" * 20)
                self._gap()

    def text(self) -> str:
        """Give all of it."""
        return "\n".join(self._lines).strip() + "\n"

    def _open_item(self) -> None:
        number = self._numbers[-1]
        self._mark = f"{number}. " if number else "- "
        if number:
            self._numbers[-1] += 1
        self._indents.append(" " * len(self._mark))

    def _add(self, text: str) -> None:
        if self._cells is not None:
            self._cells.append(text.replace("\n", " "))
            return
        for line in text.split("\n"):
            indents = [*self._indents[:-1], self._mark] if self._mark else self._indents
            self._lines.append(("".join(indents) + line).rstrip())
            self._mark = ""

    def _gap(self) -> None:
        if self._lines and self._lines[-1]:
            self._lines.append("")


def inline_text(tokens: Sequence[Token]) -> str:
    """Give a line's text; behind a link stands its address unless that is what is shown."""
    parts: list[str] = []
    links: list[tuple[str, int]] = []
    for token in tokens:
        match token.type:
            case "softbreak" | "hardbreak":
                parts.append("\n")
            case "link_open":
                shown = "" if token.markup == "autolink" else str(token.attrGet("href") or "")
                links.append((shown.removeprefix("mailto:").removeprefix("tel:"), len(parts)))
            case "link_close":
                address, at = links.pop()
                if address and "".join(parts[at:]) != address:
                    parts.append(f" ({address})")
            case _:
                parts.append(token.content)
    return "".join(parts)
