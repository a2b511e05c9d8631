"""Tries a template of the site's own before it is kept: a broken one would fail at 2 a.m.

It is filled in for every send it is used by, with made-up values, in the same child as always.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from noc_console.notices.language import read_language
from noc_console.notices.notice import SENDS, Notice, NoticeKind, Route, RouteKind, UnscheduledState
from noc_console.notices.prepared import all_prepared
from noc_console.notices.rendering import Renderer
from noc_console.notices.telling import Telling
from noc_console.notices.template_shelf import (
    InvalidTemplate,
    TemplateShelf,
    checked_path,
    template_name,
)
from noc_console.notices.word_book import read_words

_AT = datetime(2026, 12, 5, 1, 0, tzinfo=UTC)
_TEXT = "A text:\n- with a list"


def try_template(shelf: TemplateShelf, path: str, text: str) -> None:
    """Try a text as the template of a path among the others.

    Raises:
        InvalidTemplate, TemplateFailed, LanguageNotUnderstood, WordsNotUnderstood: it cannot be
            used; the sentence says why.
    """
    *folders, name = checked_path(path).split("/")
    tried = replace(shelf, by_path={**shelf.by_path, path: text})
    if name == "language.toml":
        read_language(folders[-1], text)
    elif name == "words.toml":
        read_words(text, path)
    elif name.endswith(".toml"):
        for kind in NoticeKind:
            all_prepared(tried, kind)
    else:
        _try_sends(tried, folders, name.removesuffix(".md"))


def _try_sends(shelf: TemplateShelf, folders: list[str], name: str) -> None:
    brand = folders[0] if len(folders) > 1 else ""
    if folders[-1] not in shelf.languages:
        raise InvalidTemplate(
            f"There is no {folders[-1]}/language.toml, so the template would never be used; put"
            " that first, made from en/language.toml."
        )
    with Renderer(shelf) as renderer:
        for notice in examples(folders[-1], brand):
            for send in SENDS[notice.kind]:
                if name.startswith("_") or template_name(send) == name:
                    before = notice if send in SENDS[notice.kind][-4:] else None
                    telling = Telling(
                        send=send, at=_AT, servers=("web-01",), before=before, shows_gaps=True
                    )
                    renderer.render(notice, telling)


def examples(language: str, brand: str = "") -> tuple[Notice, ...]:
    """Give made-up notices, full and nearly empty, to see templates with."""
    routes = (
        Route(kind=RouteKind.PHONE, words="+49 30 1234567"),
        Route(kind=RouteKind.PAGE, words="https://status.example.org"),
    )
    scheduled = Notice(
        kind=NoticeKind.SCHEDULED,
        language=language,
        brand=brand,
        title="Replacement of hardware",
        starts_at=_AT + timedelta(days=7),
        minutes=90,
        zone="Europe/Berlin",
        services=("nginx",),
        routes=routes,
        disrupted=_TEXT,
        not_disrupted=_TEXT,
        reasons=_TEXT,
        benefit=_TEXT,
        alternatives=_TEXT,
    )
    unscheduled = Notice(
        kind=NoticeKind.UNSCHEDULED,
        language=language,
        brand=brand,
        title="Websites do not answer",
        since=_AT - timedelta(minutes=20),
        resolved_at=_AT,
        zone="Europe/Berlin",
        state=UnscheduledState.IDENTIFIED,
        next_update_minutes=30,
        routes=routes,
        noticed=_TEXT,
        cause=_TEXT,
        next_steps=_TEXT,
        alternatives=_TEXT,
    )
    bare = (
        Notice(kind=NoticeKind.SCHEDULED, language=language, brand=brand),
        Notice(kind=NoticeKind.UNSCHEDULED, language=language, brand=brand),
    )
    return (scheduled, unscheduled, *bare)
