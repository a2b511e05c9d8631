"""The languages that readers of a notice have, and what is written in each. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from noc_console.incidents.planning.proof_reader import Finding, Weight
from noc_console.notices.channels.channel import Channel, ChannelKind
from noc_console.notices.notice import TRANSLATED, Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageRead:
    """One language: who reads it, and which texts of the notice are not written in it.

    `contacts` get mail in it, `channels` post in it. `missing` names the notice's texts that have
    no counterpart; they are told in the notice's own language.
    """

    code: str
    contacts: int = 0
    channels: tuple[str, ...] = ()
    is_own: bool = False
    has_templates: bool = True
    written: int = 0
    missing: tuple[str, ...] = ()

    @property
    def is_read(self) -> bool:
        """Whether anybody is known to read it."""
        return bool(self.contacts or self.channels)

    @property
    def is_whole(self) -> bool:
        """Whether all that the notice says is written in it."""
        return not self.missing


def languages_read(
    notice: Notice,
    readers: Mapping[str, int],
    channels: Sequence[Channel],
    with_templates: Collection[str],
) -> tuple[LanguageRead, ...]:
    """Give the languages of a notice: its own first, then the others by how many read them.

    `readers` is how many contacts have each language; an empty one is the notice's own.
    """
    posted: dict[str, list[str]] = {}
    for channel in channels:
        if channel.kind is ChannelKind.EMAIL:
            continue  # mail is worded for each contact
        posted.setdefault(channel.language or notice.language, []).append(channel.name)
    counts: dict[str, int] = {}
    for code, count in readers.items():
        counts[code or notice.language] = counts.get(code or notice.language, 0) + count
    written = [one.language for one in notice.translations]
    codes = dict.fromkeys((notice.language, *counts, *posted, *written))
    found = [
        _language(notice, code, counts.get(code, 0), posted.get(code, ()), with_templates)
        for code in codes
    ]
    return tuple(
        sorted(found, key=lambda one: (not one.is_own, -one.contacts, -len(one.channels), one.code))
    )


def finding_of(languages: Sequence[LanguageRead]) -> Iterator[Finding]:
    """Say which readers get another language than theirs, as nothing is written in it.

    What a language lacks where something is written is said by the proof-reader.
    """
    for one in languages:
        if one.is_own or one.written or not one.is_read:
            continue
        words = f"{_readers(one)} {one.code}, in which nothing is written: they get it in the"
        yield Finding("language", Weight.WARNS, f"{words} notice's own language.")


def _readers(one: LanguageRead) -> str:
    told = []
    if one.contacts:
        told.append(f"{one.contacts:,} contact{'' if one.contacts == 1 else 's'}")
    if one.channels:
        told.append(f"the channel{'' if len(one.channels) == 1 else 's'} {', '.join(one.channels)}")
    is_one = one.contacts + len(one.channels) == 1
    named = " and ".join(told)
    return f"{named[:1].upper()}{named[1:]} {'has' if is_one else 'have'} the language"


def _language(
    notice: Notice,
    code: str,
    contacts: int,
    channels: Sequence[str],
    with_templates: Collection[str],
) -> LanguageRead:
    is_own = code == notice.language
    texts = next((one for one in notice.translations if one.language == code), None)
    told = [name for name in TRANSLATED if getattr(notice, name).strip()]
    missing = [name for name in told if texts is None or not getattr(texts, name).strip()]
    return LanguageRead(
        code=code,
        contacts=contacts,
        channels=tuple(channels),
        is_own=is_own,
        has_templates=code in with_templates,
        written=len(told) if is_own else len(told) - len(missing),
        missing=() if is_own else tuple(missing),
    )
