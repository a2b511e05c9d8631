"""Weekdays, dates and clock times that a text names, to hold against the real ones. Pure.

English by the rules windows are read with; German in its own words.
"""

import re

from noc_console.incidents.planning import proof_words

_GERMAN_DAYS = (
    *("montag", "dienstag", "mittwoch", "donnerstag", "freitag"),
    *("samstag|sonnabend", "sonntag"),
)
_GERMAN_MONTHS = (
    *("januar|jänner|jan", "februar|feb", "märz", "april|apr", "mai", "juni", "juli"),
    *("august|aug", "september|sep", "oktober|okt", "november|nov", "dezember|dez"),
)
_GERMAN_DAY = [
    re.compile(rf"\b(?:{day})(?:s|abend|nacht)?\b", re.IGNORECASE) for day in _GERMAN_DAYS
]
_GERMAN_DATES = [
    re.compile(rf"\b(\d{{1,2}})\.\s*(?:{month})\b\.?(\s+\d{{4}})?", re.IGNORECASE)
    for month in _GERMAN_MONTHS
]
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})?(?![\d.])")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_ENGLISH_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?)"
    r"(?!\d)(,?\s+\d{4})?",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?<![\d:.])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:])|\b(?:1[0-2]|[1-9])\s?[ap]\.?m\b|\b\d{1,2}\s+Uhr\b",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"\b(?:UTC|GMT|CES?T|MES?Z|WES?T|EES?T|BST|IST|MSK|[ECMP][SD]T|AES?T|JST|NZ[SD]T|Z)\b"
    r"|\b[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+\b|[+-]\d{2}:?\d{2}\b"
)
_NEAR = 30
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")


def weekdays_named(text: str, language: str) -> set[int]:
    """Give the weekdays (0 is Monday) that a text names."""
    if language == "de":
        return {number for number, day in enumerate(_GERMAN_DAY) if day.search(text)}
    return proof_words.weekdays_named(text)


def dates_named(text: str, language: str) -> set[tuple[int, int]]:
    """Give the (month, day) pairs that a text names."""
    if language != "de":
        return proof_words.dates_named(text)
    found = {(int(one[2]), int(one[1])) for one in _DOTTED.finditer(text)}
    found |= {(int(one[2]), int(one[3])) for one in _ISO.finditer(text)}
    for month, pattern in enumerate(_GERMAN_DATES, start=1):
        found |= {(month, int(one[1])) for one in pattern.finditer(text)}
    return {pair for pair in found if proof_words.is_date(pair)}


def dates_without_year(text: str, language: str) -> list[str]:
    """Give the dates in a text that name no year, as they stand there."""
    if language != "de":
        found = [one[0].strip() for one in _ENGLISH_DATE.finditer(text) if not one[1]]
        return [one for one in found if not one.islower()]  # `may 2` in a sentence is no date
    found = [
        one[0].strip()
        for one in _DOTTED.finditer(text)
        if not one[3] and proof_words.is_date(_pair(one))
    ]
    for pattern in _GERMAN_DATES:
        found += [one[0].strip(" .") for one in pattern.finditer(text) if not one[2]]
    return found


def clocks_without_zone(text: str) -> list[str]:
    """Give the clock times in a text near which no zone stands, as they stand there."""
    return [one[0] for one in _CLOCK.finditer(text) if not _ZONE.search(text[one.end() :][:_NEAR])]


def _pair(found: re.Match[str]) -> tuple[int, int]:
    return int(found[2]), int(found[1])
