"""What a person types to filter the fleet, as terms: `group:web load>4 -ok "two words"`.

Pure: no Qt, no I/O, no clock. Any text gives terms and hints, never an exception.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from noc_console.fleet.link_state import LinkState
from noc_console.health.verdict import Verdict

_Choice = TypeVar("_Choice", Verdict, LinkState)


class TextField(Enum):
    """Where a word is looked for."""

    ANYWHERE = ""
    NAME = "name"
    GROUP = "group"
    SITE = "site"
    CUSTOMER = "customer"
    WHY = "why"


class NumberField(Enum):
    """Which figure is compared."""

    LOAD = "load"
    CORES = "cores"
    CPU = "cpu"
    MEMORY = "mem"
    DISK = "disk"
    AGE = "age"
    DANGER = "danger"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTerm:
    """The field holds the text (lower case), or with `is_whole` is it."""

    field: TextField
    text: str
    is_whole: bool = False
    is_not: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberTerm:
    """The figure compares so with the number; with `per_core`, its share on each core does."""

    field: NumberField
    compared: str
    """One of `>`, `<`, `>=`, `<=`, `=`."""
    number: float
    per_core: bool = False
    is_not: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictTerm:
    """The verdict is one of these."""

    verdicts: frozenset[Verdict]
    is_not: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTerm:
    """The link's state is one of these."""

    links: frozenset[LinkState]
    is_not: bool = False


Term = TextTerm | NumberTerm | VerdictTerm | LinkTerm


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """All terms hold at once. Hints tell, in a sentence each, of what was not understood."""

    terms: tuple[Term, ...] = ()
    hints: tuple[str, ...] = ()


VERDICT_WORDS: Mapping[str, Verdict] = {
    **{verdict.value.replace(" ", "-"): verdict for verdict in Verdict},
    "maintenance": Verdict.IN_MAINTENANCE,
    "cutoff": Verdict.CUT_OFF,
}
LINK_WORDS: Mapping[str, LinkState] = {
    "up": LinkState.UP,
    "down": LinkState.DOWN,
    "connecting": LinkState.CONNECTING,
    "waiting": LinkState.WAITING_FOR_PERSON,
    "untried": LinkState.NOT_TRIED,
}
EXAMPLE = "group:web load>4 -ok"
HELP = (
    "Words are looked for in names, addresses, groups, brands and customers’ sites. Terms:"
    " group:web, name:db, site:example.org, customer:miller, verdict:down,stale, link:down,"
    " why:timeout, load>4, load>1.5/core, cpu>80, mem>90, disk>85, age>60, danger<15m."
    " A minus before a term turns it round: -ok, -group:test. group=web is that group and no other."
)

_TOKEN = re.compile(r'-?(?:"[^"]*"?|[^\s"])+')
_PARTS = re.compile(r"([a-z]+)(>=|<=|[:<>=])(.*)", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"(\d{1,12}(?:\.\d{0,9})?)(%|s|min|m|h|d|/core)?", re.IGNORECASE)
_SECONDS = {"s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86_400.0}
_TEXT_FIELDS = {
    **{field.value: field for field in TextField if field is not TextField.ANYWHERE},
    "groups": TextField.GROUP,
    "domain": TextField.SITE,
}
_NUMBER_FIELDS = {
    **{field.value: field for field in NumberField},
    "memory": NumberField.MEMORY,
}
_FIELDS = (*_TEXT_FIELDS, *_NUMBER_FIELDS, "verdict", "link")


class _NotUnderstood(Exception):
    """A term that means nothing; its text is the hint."""


def parse_filter(text: str) -> Filter:
    """Give the terms of a text, and a hint for each that means nothing."""
    terms: list[Term] = []
    hints: list[str] = []
    for token in _TOKEN.findall(text):
        try:
            term = _term(token)
        except _NotUnderstood as problem:
            hints.append(str(problem))
        else:
            terms += [] if term is None else [term]
    return Filter(terms=tuple(terms), hints=tuple(hints))


def _term(token: str) -> Term | None:
    is_not = token.startswith("-") and len(token) > 1
    body = token[1:] if is_not else token
    parts = None if body.startswith('"') else _PARTS.fullmatch(body)
    if parts is None or parts[3].startswith(("//", ":")):  # an address, not a field
        return _plain(body, is_not)
    field, compared, value = parts[1].lower(), parts[2], parts[3].replace('"', "").strip()
    if field == "verdict":
        return VerdictTerm(verdicts=_chosen(body, value, VERDICT_WORDS), is_not=is_not)
    if field == "link":
        return LinkTerm(links=_chosen(body, value, LINK_WORDS), is_not=is_not)
    if field in _NUMBER_FIELDS:
        return _number(_NUMBER_FIELDS[field], compared, value, is_not)
    if field not in _TEXT_FIELDS:
        near = difflib.get_close_matches(field, _FIELDS, n=1)
        hint = f"Did you mean {near[0]}{compared}?" if near else f"Write {EXAMPLE}, for example."
        raise _NotUnderstood(f"There is nothing called “{field}” to filter by. {hint}")
    if compared not in ":=":
        raise _NotUnderstood(f"“{field}” holds words: write {field}:word.")
    if not value:
        return None
    text, is_whole = value.lower(), compared == "="
    return TextTerm(field=_TEXT_FIELDS[field], text=text, is_whole=is_whole, is_not=is_not)


def _plain(body: str, is_not: bool) -> Term | None:
    word = body.replace('"', "").strip().lower()
    if word in VERDICT_WORDS and not body.startswith('"'):
        return VerdictTerm(verdicts=frozenset({VERDICT_WORDS[word]}), is_not=is_not)
    if not word or word == "-":
        return None
    return TextTerm(field=TextField.ANYWHERE, text=word, is_not=is_not)


def _chosen(body: str, value: str, words: Mapping[str, _Choice]) -> frozenset[_Choice]:
    """Give what the words, or their beginnings, stand for; several are parted by commas."""
    chosen: set[_Choice] = set()
    for one in value.lower().split(","):
        found = {words[word] for word in words if word.startswith(one.strip())}
        if not found or not one.strip():
            raise _NotUnderstood(f"“{body}”: choose among {', '.join(words)}.")
        chosen |= found
    return frozenset(chosen)


_EXAMPLES = {
    NumberField.LOAD: "load>4",
    NumberField.CORES: "cores>4",
    NumberField.DANGER: "danger<15m",
}


def _number(field: NumberField, compared: str, value: str, is_not: bool) -> NumberTerm:
    example = _EXAMPLES.get(field, f"{field.value}>80")
    number = _NUMBER.fullmatch(value)
    if compared == ":":
        raise _NotUnderstood(f"“{field.value}” is a number: write {example}.")
    if number is None:
        raise _NotUnderstood(f"{field.value}{compared} needs a number after it, as in {example}.")
    unit = (number[2] or "").lower()
    per_core = unit == "/core"
    if per_core and field is not NumberField.LOAD:
        raise _NotUnderstood("Only load is counted per core, as in load>1.5/core.")
    is_span = field in {NumberField.AGE, NumberField.DANGER}
    if unit in _SECONDS and not is_span:
        raise _NotUnderstood(f"{field.value} is no span of time: write {example}.")
    usual_s = 60.0 if field is NumberField.DANGER else 1.0
    return NumberTerm(
        field=field,
        compared=compared,
        number=float(number[1]) * (_SECONDS.get(unit, usual_s) if is_span else 1.0),
        per_core=per_core,
        is_not=is_not,
    )


def with_verdict(text: str, verdict: Verdict | None) -> str:
    """Give the text with this verdict asked for in place of others; of none where it is None."""
    kept = [token for token in _TOKEN.findall(text) if not _asks_verdict(token)]
    word = "" if verdict is None else verdict.value.replace(" ", "-")
    return " ".join((*kept, *([f"verdict:{word}"] if word else [])))


def verdict_asked(wanted: Filter) -> Verdict | None:
    """Give the one verdict the filter asks for; None where there are several or none."""
    asked = [term for term in wanted.terms if isinstance(term, VerdictTerm) and not term.is_not]
    if len(asked) != 1 or len(asked[0].verdicts) != 1:
        return None
    return next(iter(asked[0].verdicts))


def _asks_verdict(token: str) -> bool:
    try:
        term = _term(token)
    except _NotUnderstood:
        return False
    return isinstance(term, VerdictTerm) and not term.is_not
