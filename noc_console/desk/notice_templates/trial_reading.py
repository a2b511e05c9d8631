"""A template tried as it is typed: what it makes of a sample, or why it cannot be used. Blocks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from noc_console.notices.notice import SENDS, NoticeKind, Send
from noc_console.notices.rendering import Renderer
from noc_console.notices.telling import Telling
from noc_console.notices.template_shelf import TemplateShelf, template_name
from noc_console.notices.template_trial import examples, try_template
from noc_console.notices.text import Text

_AT = datetime(2026, 12, 5, 1, 0, tzinfo=UTC)
_USUAL_SENDS = {NoticeKind.SCHEDULED: Send.WEEK_BEFORE, NoticeKind.UNSCHEDULED: Send.FIRST_WORD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a template makes of a sample. `text` is None where it makes none by itself."""

    text: Text | None
    words: str


def try_and_show(shelf: TemplateShelf, path: str, text: str) -> Tried:
    """Try a text as the template of a path, then give what it makes of a made-up notice.

    Raises:
        ConsoleError: it cannot be used; the sentence says why and in which line.
    """
    try_template(shelf, path, text)
    *folders, name = path.split("/")
    if not name.endswith(".md"):
        return Tried(text=None, words="It can be read, and makes no text by itself.")
    tried = replace(shelf, by_path={**shelf.by_path, path: text})
    brand = folders[0] if len(folders) > 1 else ""
    word = name.removesuffix(".md")
    for notice in examples(folders[-1], brand)[:2]:
        for send in SENDS[notice.kind]:
            is_it = template_name(send) == word
            is_part = word.startswith("_") and send is _USUAL_SENDS[notice.kind]
            if not is_it and not (is_part and includes(tried, folders, send, word)):
                continue
            before = notice if send in SENDS[notice.kind][-4:] else None
            telling = Telling(
                send=send,
                at=_AT,
                servers=("web-01",),
                before=before,
                shows_gaps=True,
                reference="n0-preview",
                mark="n0-preview",
            )
            with Renderer(tried) as renderer:
                told = renderer.render(notice, telling)
            return Tried(text=told, words=f"As “{send.value}” of a made-up notice.")
    return Tried(text=None, words="It can be used; others include it.")


def includes(shelf: TemplateShelf, folders: Sequence[str], send: Send, word: str) -> bool:
    """Whether the template of a send includes a part, as its text says."""
    sources = shelf.sources(folders[-1], folders[0] if len(folders) > 1 else "")
    source = sources.get(template_name(send), "")
    return f'"{word}"' in source or f"'{word}'" in source
