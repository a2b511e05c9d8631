"""A notice written in another language than before: its texts change places, none is lost. Pure."""

from dataclasses import replace

from noc_console.notices.notice import TRANSLATED, Notice, Translation


def written_in(notice: Notice, code: str) -> Notice:
    """Give the notice in another language; where it has texts in that, both change places."""
    if code == notice.language:
        return notice
    if all(one.language != code for one in notice.translations):
        return replace(notice, language=code)
    before = Translation(
        language=notice.language, **{name: getattr(notice, name) for name in TRANSLATED}
    )
    others = tuple(one for one in notice.translations if one.language != code)
    return replace(notice.in_language(code), translations=(before, *others))
