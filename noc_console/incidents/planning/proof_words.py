"""Weekdays and dates that a text names, to hold against the real ones. Pure."""

import re
from datetime import date

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORD = re.compile(r"[A-Za-z]+")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_MONTH = "|".join(f"{month}[a-z]*" for month in _MONTHS)
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?({_MONTH})\b", re.IGNORECASE
)
_MONTH_DAY = re.compile(rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b", re.IGNORECASE)


def weekdays_named(text: str) -> set[int]:
    """Give the weekdays (0 is Monday) that a text names in full or by three letters or more.

    A short word counts only with a capital letter: a `sat` in a sentence is no Saturday.
    """
    named = set()
    for word in _WORD.findall(text):
        low = word.lower()
        if len(word) < 3 or not (word[0].isupper() or len(word) > 5):
            continue
        for number, day in enumerate(_DAYS):
            if day.startswith(low) or low == f"{day}s":
                named.add(number)
    return named


def dates_named(text: str) -> set[tuple[int, int]]:
    """Give the (month, day) pairs that a text names: 2026-12-05, 5 December, Dec 5th."""
    found = {(int(one[2]), int(one[3])) for one in _ISO.finditer(text)}
    found |= {(_month(one[2]), int(one[1])) for one in _DAY_MONTH.finditer(text)}
    found |= {(_month(one[1]), int(one[2])) for one in _MONTH_DAY.finditer(text)}
    return {pair for pair in found if is_date(pair)}


def weekday_name(number: int) -> str:
    """Name a weekday in full."""
    return _DAYS[number].capitalize()


def _month(word: str) -> int:
    return _MONTHS.index(word[:3].lower()) + 1


def is_date(pair: tuple[int, int]) -> bool:
    """Whether a month has such a day in some year."""
    try:
        date(2024, *pair)  # a leap year: the 29th of February may be meant
    except ValueError:
        return False
    return True
