"""Dates, spans and a few words of notices in one language, from its `language.toml`. Pure."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from noc_console.errors import ConsoleError

_PLACE = re.compile(r"\{([a-z_]+)\}")
_UNITS = ((1440, "day"), (60, "hour"), (1, "minute"))
_FORMS = frozenset({"date", "short_date", "moment", "span", "span_of_days", "missing", "and"})


class LanguageNotUnderstood(ConsoleError):
    """A language file that lacks something; the sentence says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """How one language writes what templates are filled with."""

    code: str
    name: str
    days: Sequence[str]
    short_days: Sequence[str]
    months: Sequence[str]
    short_months: Sequence[str]
    forms: Mapping[str, str]
    units: Mapping[str, tuple[str, str]]
    missing: Mapping[str, str]
    states: Mapping[str, str]
    routes: Mapping[str, str]
    standing: Mapping[str, str]
    units_within: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """The units as they stand after `in`, where the language bends them."""
    shows_gaps: bool = True

    def date(self, local: datetime, form: str = "date") -> str:
        """Give the date of a local moment: `Saturday 5 December 2026`."""
        return self._put(
            form,
            day=self.days[local.weekday()],
            short_day=self.short_days[local.weekday()],
            number=str(local.day),
            month=self.months[local.month - 1],
            short_month=self.short_months[local.month - 1],
            year=str(local.year),
        )

    def moment(self, at: datetime, zone: ZoneInfo, form: str = "date") -> str:
        """Give an instant by a zone's wall: `Saturday 5 December 2026, 02:00 CET (UTC+1)`."""
        local = at.astimezone(zone)
        date = self.date(local, form)
        return self._put("moment", date=date, clock=f"{local:%H:%M}", zone=zone_label(local))

    def span(self, start: datetime, end: datetime, zone: ZoneInfo, form: str = "date") -> str:
        """Give from when to when: `Saturday 5 December 2026, 02:00 to 02:30 CET (UTC+1)`.

        Where the day or the offset changes within it, both ends are told in full.
        """
        first, last = start.astimezone(zone), end.astimezone(zone)
        if first.date() != last.date() or first.utcoffset() != last.utcoffset():
            ends = (self.moment(one, zone, form) for one in (start, end))
            return self._put("span_of_days", first=next(ends), last=next(ends))
        return self._put(
            "span",
            date=self.date(first, form),
            zone=zone_label(first),
            **{"from": f"{first:%H:%M}", "to": f"{last:%H:%M}"},
        )

    def duration(self, span: timedelta, *, is_within: bool = False) -> str:
        """Give a span to the minute: `2 hours 30 minutes`; less than one is told as one.

        With `is_within` as it stands after `in`.
        """
        units = {**self.units, **(self.units_within if is_within else {})}
        left = max(1, round(span.total_seconds() / 60))
        parts = []
        for size, unit in _UNITS:
            count, left = divmod(left, size)
            if count:
                parts.append(f"{count} {units[unit][count != 1]}")
        return " ".join(parts)

    def gap(self, what: str) -> str:
        """Give what stands where something was not given yet: `⟨reason is missing⟩`, or nothing."""
        if not self.shows_gaps:
            return ""
        return self._put("missing", what=self.missing.get(what, what))

    def listed(self, names: Sequence[str]) -> str:
        """Give names as a sentence has them: `web1, web2 and web3`."""
        if len(names) < 2:
            return "".join(names)
        return self._put("and", first=", ".join(names[:-1]), last=names[-1])

    def _put(self, form: str, **words: str) -> str:
        return _PLACE.sub(lambda found: words.get(found[1], found[0]), self.forms[form])


def zone_label(local: datetime) -> str:
    """Name the zone of a local moment so that nobody has to guess: `CET (UTC+1)`, `UTC`."""
    name, offset = local.tzname() or "", local.utcoffset() or timedelta()
    minutes = round(abs(offset.total_seconds()) / 60)
    hours, rest = divmod(minutes, 60)
    sign = "-" if offset < timedelta() else "+"
    told = f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")
    if name in {"UTC", "GMT"} and not minutes:
        return name
    return f"{name} ({told})" if name[:1].isalpha() else told


def read_language(code: str, text: str) -> Language:
    """Read a `language.toml`.

    Raises:
        LanguageNotUnderstood: something is missing in it.
    """
    try:
        told: dict[str, Any] = tomllib.loads(text)
        language = Language(
            code=code,
            name=str(told["name"]),
            days=_words(told["days"], 7),
            short_days=_words(told["short_days"], 7),
            months=_words(told["months"], 12),
            short_months=_words(told["short_months"], 12),
            forms={one: str(told["forms"][one]) for one in _FORMS},
            units={unit: _one_and_more(told["units"][unit]) for _, unit in _UNITS},
            units_within={
                unit: _one_and_more(words) for unit, words in told.get("units_within", {}).items()
            },
            missing=_named(told["missing"]),
            states=_named(told["states"]),
            routes=_named(told["routes"]),
            standing=_named(told["standing"]),
        )
    except tomllib.TOMLDecodeError as failure:
        raise LanguageNotUnderstood(f"{code}/language.toml is no TOML: {failure}.") from None
    except (KeyError, TypeError, AttributeError, ValueError) as failure:
        raise LanguageNotUnderstood(
            f"{code}/language.toml lacks or mistakes {failure}; compare it with that of English."
        ) from None
    return language


def _words(value: Any, count: int) -> tuple[str, ...]:
    words = tuple(str(one) for one in value)
    if len(words) != count:
        raise ValueError(f"a list of {count} words")
    return words


def _one_and_more(value: Any) -> tuple[str, str]:
    one, more = _words(value, 2)
    return one, more


def _named(value: Any) -> dict[str, str]:
    return {str(key): str(word) for key, word in value.items()}
