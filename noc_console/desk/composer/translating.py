"""What translations a notice gets: one text typed, or those of the prepared work. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from noc_console.notices.notice import TRANSLATED, Notice, Translation
from noc_console.notices.prepared import Prepared


def translation_of(notice: Notice, code: str) -> Translation:
    """Give the texts of a notice in a language; empty ones where it has none."""
    found = (one for one in notice.translations if one.language == code)
    return next(found, Translation(language=code))


def with_text(notice: Notice, code: str, name: str, text: str) -> Notice:
    """Give the notice with one text in another language; a language without any is left out.

    Raises:
        InvalidNotice: it is more than any draft can hold.
    """
    return _with(notice, replace(translation_of(notice, code), **{name: text}))


def without_language(notice: Notice, code: str) -> Notice:
    """Give the notice without its texts in a language."""
    return replace(
        notice, translations=tuple(one for one in notice.translations if one.language != code)
    )


def prepared_of(notice: Notice, every: Sequence[Prepared], code: str) -> dict[str, str]:
    """Give what the prepared texts that a notice began with have in a language, where it has none.

    Only texts that the notice has in its own language: the others are not told.
    """
    found = next((one for one in every if one.name == notice.template), None)
    if found is None:
        return {}
    own, there = found.texts.get(code, {}), translation_of(notice, code)
    return {
        name: own[name]
        for name in TRANSLATED
        if own.get(name) and getattr(notice, name).strip() and not getattr(there, name).strip()
    }


def with_prepared(notice: Notice, every: Sequence[Prepared], code: str) -> Notice:
    """Give the notice with those texts put in; what a person wrote stays."""
    told = prepared_of(notice, every, code)
    return _with(notice, replace(translation_of(notice, code), **told)) if told else notice


def _with(notice: Notice, written: Translation) -> Notice:
    others = [one for one in notice.translations if one.language != written.language]
    if not any(getattr(written, name) for name in TRANSLATED):
        return replace(notice, translations=tuple(others))
    places = [one.language for one in notice.translations]
    place = places.index(written.language) if written.language in places else len(others)
    others.insert(place, written)
    return replace(notice, translations=tuple(others))
