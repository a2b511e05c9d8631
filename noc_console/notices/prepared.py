"""Prepared texts for the usual works and the usual causes of downtime, put into a notice. Pure.

A machine drafts: what only a person can know stands in them as a gap, `⟨new version⟩`, which the
proof-reader does not let pass.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from noc_console.notices.notice import TRANSLATED, Notice, NoticeKind, Translation
from noc_console.notices.template_shelf import InvalidTemplate, TemplateShelf, UnknownTemplate

_FOLDER_OF = {NoticeKind.SCHEDULED: "works", NoticeKind.UNSCHEDULED: "causes"}
_CAUSE_IS_KNOWN_LATER = frozenset({"cause", "next_steps"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """One prepared work or cause: its texts by language, and how long it usually takes."""

    name: str
    kind: NoticeKind
    minutes: int
    texts: Mapping[str, Mapping[str, str]]

    def title(self, language: str) -> str:
        """Give its title in a language, else in the first it has."""
        texts = self.texts.get(language) or next(iter(self.texts.values()), {})
        return texts.get("title", self.name)


def all_prepared(shelf: TemplateShelf, kind: NoticeKind) -> list[Prepared]:
    """Give the prepared works or causes of a site, by name.

    Raises:
        InvalidTemplate: one of them is not written as it must be.
    """
    folder = _FOLDER_OF[kind]
    return [
        _read(name, kind, told)
        for name, told in shelf.prepared().items()
        if told.get("kind") == folder
    ]


def get_prepared(shelf: TemplateShelf, kind: NoticeKind, name: str) -> Prepared:
    """Give one by its name.

    Raises:
        UnknownTemplate, InvalidTemplate: there is none, or it is not written as it must be.
    """
    every = all_prepared(shelf, kind)
    for one in every:
        if one.name == name:
            return one
    some = ", ".join(one.name for one in every) or "none at all"
    what = "work" if kind is NoticeKind.SCHEDULED else "cause"
    raise UnknownTemplate(f"There is no prepared {what} called {name!r}; there is {some}.")


def begin_with(notice: Notice, prepared: Prepared, *, with_cause: bool = False) -> Notice:
    """Give the notice with a prepared work's or cause's texts in the place of its own.

    What the prepared one does not speak of stays. `with_cause`: also the cause and what comes
    next, which at first nobody can know.
    """
    left_out = frozenset() if with_cause else _CAUSE_IS_KNOWN_LATER
    told = {
        language: {name: words for name, words in texts.items() if name not in left_out}
        for language, texts in prepared.texts.items()
    }
    own: dict[str, Any] = told.pop(notice.language, {})
    kept = {one.language: one for one in notice.translations}
    translations = {
        language: replace(kept.get(language, Translation(language=language)), **texts)
        for language, texts in told.items()
    }
    return replace(
        notice,
        template=prepared.name,
        minutes=notice.minutes or prepared.minutes,
        translations=tuple((kept | translations).values()),
        **own,
    )


def _read(name: str, kind: NoticeKind, told: Mapping[str, Any]) -> Prepared:
    texts = {language: one for language, one in told.items() if isinstance(one, dict)}
    minutes = told.get("minutes", 0)
    wrong = [
        f"{language}.{key}"
        for language, one in texts.items()
        for key, words in one.items()
        if key not in TRANSLATED or not isinstance(words, str)
    ]
    if wrong or not texts or type(minutes) is not int or minutes < 0:
        raise InvalidTemplate(
            f"The prepared text {name} cannot be read at {', '.join(wrong) or 'minutes'}; compare"
            " it with one that is shipped."
        )
    return Prepared(name=name, kind=kind, minutes=minutes, texts=texts)
