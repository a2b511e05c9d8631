"""A template tried as it is typed: what it makes of a sample, or why it cannot be used. Blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from noc_console.notices.notice import SENDS, TRANSLATED, Notice, NoticeKind, Send
from noc_console.notices.prepared import begin_with, get_prepared
from noc_console.notices.rendering import Renderer
from noc_console.notices.telling import Telling
from noc_console.notices.template_shelf import TemplateShelf, template_name
from noc_console.notices.template_trial import examples, try_template
from noc_console.notices.text import Text

_AT = datetime(2026, 12, 5, 1, 0, tzinfo=UTC)
_USUAL_SENDS = {NoticeKind.SCHEDULED: Send.WEEK_BEFORE, NoticeKind.UNSCHEDULED: Send.FIRST_WORD}
_PREPARED = {"works": NoticeKind.SCHEDULED, "causes": NoticeKind.UNSCHEDULED}
_SENDS_OF_PREPARED = {
    NoticeKind.SCHEDULED: (Send.WEEK_BEFORE,),
    NoticeKind.UNSCHEDULED: (Send.FIRST_WORD, Send.ALL_CLEAR),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a template makes of a sample: texts, each with what it is where there are more.

    `texts` is empty where it makes none by itself.
    """

    texts: tuple[tuple[str, Text], ...] = ()
    words: str


def try_and_show(shelf: TemplateShelf, path: str, text: str) -> Tried:
    """Try a text as the template of a path, then give what it makes of a made-up notice.

    Raises:
        ConsoleError: it cannot be used; the sentence says why and in which line.
    """
    try_template(shelf, path, text)
    *folders, name = path.split("/")
    tried = replace(shelf, by_path={**shelf.by_path, path: text})
    if folders[0] in _PREPARED and name.endswith(".toml"):
        return _try_prepared(tried, _PREPARED[folders[0]], name.removesuffix(".toml"))
    if name == "language.toml":
        return _try_language(tried, folders[-1])
    if not name.endswith(".md"):
        return Tried(words="It can be read, and makes no text by itself.")
    brand = folders[0] if len(folders) > 1 else ""
    word = name.removesuffix(".md")
    for notice in examples(folders[-1], brand)[:2]:
        for send in SENDS[notice.kind]:
            is_it = template_name(send) == word
            is_part = word.startswith("_") and send is _USUAL_SENDS[notice.kind]
            if not is_it and not (is_part and includes(tried, folders, send, word)):
                continue
            with Renderer(tried) as renderer:
                told = _render(renderer, notice, send)
            return Tried(texts=(("", told),), words=f"As “{send.value}” of a made-up notice.")
    return Tried(words="It can be used; others include it.")


def includes(shelf: TemplateShelf, folders: Sequence[str], send: Send, word: str) -> bool:
    """Whether the template of a send includes a part, as its text says."""
    sources = shelf.sources(folders[-1], folders[0] if len(folders) > 1 else "")
    source = sources.get(template_name(send), "")
    return f'"{word}"' in source or f"'{word}'" in source


def _try_prepared(shelf: TemplateShelf, kind: NoticeKind, name: str) -> Tried:
    """Give the texts of a prepared work or cause, in each language it has."""
    with Renderer(shelf) as renderer:
        texts = tuple(_of_prepared(renderer, shelf, kind, name))
    languages = len({one.partition(":")[0] for one, _ in texts})
    what = "work" if kind is NoticeKind.SCHEDULED else "cause"
    many = f"in {languages} languages" if languages > 1 else "in one language"
    return Tried(texts=texts, words=f"A notice that begins with this {what}, {many}.")


def _of_prepared(
    renderer: Renderer, shelf: TemplateShelf, kind: NoticeKind, name: str
) -> Iterator[tuple[str, Text]]:
    prepared = get_prepared(shelf, kind, name)
    without_texts: dict[str, Any] = dict.fromkeys(TRANSLATED, "")
    for code in prepared.texts:
        usual = next(one for one in examples(code) if one.kind is kind)
        bare = replace(usual, minutes=0, **without_texts)
        notice = begin_with(bare, prepared, with_cause=True)
        for send in _SENDS_OF_PREPARED[kind]:
            called = shelf.language(code).name if code in shelf.languages else code
            yield f"{called}: {send.value}", _render(renderer, notice, send)


def _try_language(shelf: TemplateShelf, code: str) -> Tried:
    """Give one text of each kind of notice, with the dates and words of a language."""
    with Renderer(shelf) as renderer:
        texts = tuple(
            (_USUAL_SENDS[one.kind].value, _render(renderer, one, _USUAL_SENDS[one.kind]))
            for one in examples(code)[:2]
        )
    return Tried(texts=texts, words="Two made-up notices with these words and dates.")


def _render(renderer: Renderer, notice: Notice, send: Send) -> Text:
    telling = Telling(
        send=send,
        at=_AT,
        servers=("web-01",),
        before=notice if send in SENDS[notice.kind][-4:] else None,
        shows_gaps=True,
        reference="n0-preview",
        mark="n0-preview",
    )
    return renderer.render(notice, telling)
