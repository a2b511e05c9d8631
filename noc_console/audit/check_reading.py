"""A check as it is written in a file, read into a `Check`; what is wrong is said in one sentence.

Pure: no I/O, no clock.
"""

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from noc_console.audit.check import Check, Cost, Empty, Family, Privilege, Rule, Step
from noc_console.audit.comparing import COMPARATORS, LISTS, NUMBERS, PATTERNS
from noc_console.audit.finding import Result, Severity
from noc_console.audit.parsing.registry import PARSERS
from noc_console.errors import ConsoleError

_ID = re.compile(r"[A-Z][A-Z0-9]{1,9}-[0-9]{2}")
_TOOL = re.compile(r"[\w.+-]+")
_MOST_KEPT = 4 * 1024 * 1024
_CONDITION = 3
_REQUIRED: Mapping[str, type] = {
    "id": str,
    "title": str,
    "rationale": str,
    "severity": str,
    "privilege": str,
    "parser": str,
    "empty": str,
    "empty_sentence": str,
    "mend": str,
}
_OPTIONAL: Mapping[str, tuple[type | tuple[type, ...], Any]] = {
    "references": (list, []),
    "needs": (list, []),
    "exits": (list, [0]),
    "options": (dict, {}),
    "item": (str, ""),
    "keeps": (int, 65_536),
    "redact": (list, []),
    "deadline_s": ((int, float), 15),
    "cost": (str, "light"),
    "limits": (dict, {}),
    "off": (str, ""),
    "run": (dict, {}),
    "rule": (list, []),
}
_Word = TypeVar("_Word", bound=Enum)


class WrongCheckFile(ConsoleError):
    """A file of checks that is not of the form."""


def check_of(path: Path, step: Any, table: Mapping[str, Any]) -> Check:
    """Give the check a table of a file describes.

    Raises:
        WrongCheckFile: with the file, the check and the key.
    """
    told = _with_defaults(path, table)
    where = f"{path}, {told['id']}"
    check = Check(
        id=told["id"],
        step=_word(where, "step", Step, step),
        title=told["title"],
        rationale=told["rationale"],
        severity=severity_of(path, told["id"], told["severity"]),
        references=_texts(where, "references", told["references"]),
        privilege=_word(where, "privilege", Privilege, told["privilege"]),
        needs=_texts(where, "needs", told["needs"]),
        commands=dict(_commands(where, told["run"])),
        exits=tuple(told["exits"]),
        parser=told["parser"],
        options=told["options"],
        item=told["item"],
        empty=_word(where, "empty", Empty, told["empty"]),
        empty_sentence=told["empty_sentence"],
        rules=tuple(_rule(where, number, one) for number, one in enumerate(told["rule"], 1)),
        limits=told["limits"],
        keeps=told["keeps"],
        redact=_texts(where, "redact", told["redact"]),
        deadline_s=float(told["deadline_s"]),
        cost=_word(where, "cost", Cost, told["cost"]),
        mend=told["mend"],
        is_off=told["off"],
    )
    _see_to(where, check)
    return check


def severity_of(path: Path, check_id: str, told: Any) -> Severity:
    """Give a severity by its word."""
    return _word(f"{path}, {check_id}", "severity", Severity, told)


def limits_of(path: Path, check: Check, told: Any) -> Mapping[str, Any]:
    """Give a check's limits with those a site changed, each of the kind it was."""
    if not isinstance(told, dict):
        raise WrongCheckFile(f"{path}, {check.id}: limits is a table of names and values.")
    for name, value in told.items():
        if name not in check.limits:
            raise WrongCheckFile(f"{path}, {check.id}: there is no limit {name!r}.")
        before = check.limits[name]
        kinds = (int, float) if isinstance(before, int | float) else type(before)
        if not isinstance(value, kinds):
            raise WrongCheckFile(
                f"{path}, {check.id}: the limit {name} is of another kind than {before!r}."
            )
    return {**check.limits, **told}


def _with_defaults(path: Path, table: Mapping[str, Any]) -> dict[str, Any]:
    name = table.get("id", "a check without id")
    for key, kind in _REQUIRED.items():
        if not isinstance(table.get(key), kind) or not table[key]:
            raise WrongCheckFile(f"{path}, {name}: {key} is missing or no text.")
    strangers = set(table) - set(_REQUIRED) - set(_OPTIONAL)
    if strangers:
        raise WrongCheckFile(f"{path}, {name}: {min(strangers)!r} is no key of a check.")
    told = dict(table)
    for key, (kinds, default) in _OPTIONAL.items():
        if not isinstance(told.setdefault(key, default), kinds):
            raise WrongCheckFile(f"{path}, {name}: {key} is of the wrong kind.")
    return told


def _word(where: str, key: str, words: type[_Word], told: Any) -> _Word:
    try:
        return words(told)
    except ValueError:
        known = ", ".join(str(one.value) for one in words)
        raise WrongCheckFile(f"{where}: {key} is {told!r}; it is one of: {known}.") from None


def _texts(where: str, key: str, told: list[Any]) -> tuple[str, ...]:
    if not all(isinstance(one, str) for one in told):
        raise WrongCheckFile(f"{where}: {key} is a list of texts.")
    return tuple(told)


def _commands(where: str, run: Mapping[str, Any]) -> Iterator[tuple[Family, str]]:
    known = {one.value: one for one in Family}
    for name, command in run.items():
        if name != "all" and name not in known:
            raise WrongCheckFile(f"{where}: run.{name} is no family; all, {', '.join(known)} are.")
        if not isinstance(command, str) or not command.strip():
            raise WrongCheckFile(f"{where}: run.{name} is no command.")
    if "all" in run:
        yield from ((family, run["all"]) for family in Family)
    yield from ((known[name], command) for name, command in run.items() if name != "all")


def _rule(where: str, number: int, told: Any) -> Rule:
    where = f"{where}, rule {number}"
    if not isinstance(told, dict) or set(told) - {"result", "where", "sentence", "per"}:
        raise WrongCheckFile(f"{where}: a rule has result, where, sentence and per, nothing else.")
    if not isinstance(told.get("sentence"), str) or told.get("per", "row") not in {"row", "table"}:
        raise WrongCheckFile(f"{where}: it needs a sentence, and per is row or table.")
    conditions = told.get("where", [])
    if not isinstance(conditions, list):
        raise WrongCheckFile(f"{where}: where is a list of conditions.")
    return Rule(
        result=_word(where, "result", Result, told.get("result")),
        where=tuple(_condition(where, one) for one in conditions),
        sentence=told["sentence"],
        per_row=told.get("per", "row") == "row",
    )


def _condition(where: str, told: Any) -> tuple[str, str, Any]:
    if not isinstance(told, list) or len(told) != _CONDITION or not isinstance(told[0], str):
        raise WrongCheckFile(f"{where}: a condition is [field, comparator, value], not {told!r}.")
    name, how, wanted = told
    if how not in COMPARATORS:
        raise WrongCheckFile(f"{where}: {how!r} is no comparator; docs/checks.md lists them.")
    return name, how, wanted


def _see_to(where: str, check: Check) -> None:
    if not _ID.fullmatch(check.id):
        raise WrongCheckFile(f"{where}: an id is such as FW-01.")
    if check.parser not in PARSERS:
        raise WrongCheckFile(f"{where}: there is no parser {check.parser!r}.")
    if check.privilege in {Privilege.PLAIN, Privilege.SUDO} and not check.commands:
        raise WrongCheckFile(f"{where}: it has no command; give one in [check.run].")
    _see_to_bounds(where, check)
    patterns = [*check.redact, *filter(None, [check.options.get("pattern")])]
    for rule in check.rules:
        for condition in rule.where:
            _see_to_condition(where, check, condition)
            patterns += _patterns(check, condition)
    for pattern in patterns:
        _compiled(where, pattern)


def _see_to_bounds(where: str, check: Check) -> None:
    if not all(isinstance(one, int) for one in check.exits):
        raise WrongCheckFile(f"{where}: exits is a list of whole numbers.")
    if not all(_TOOL.fullmatch(one) for one in check.needs):
        raise WrongCheckFile(f"{where}: needs is a list of names of programs.")
    if not 0 < check.keeps <= _MOST_KEPT or check.deadline_s <= 0:
        raise WrongCheckFile(f"{where}: keeps is at most {_MOST_KEPT}, deadline_s is over 0.")


def _see_to_condition(where: str, check: Check, condition: tuple[str, str, Any]) -> None:
    _, how, wanted = condition
    for one in wanted if isinstance(wanted, list) else [wanted]:
        if isinstance(one, str) and one.startswith("$") and one[1:] not in check.limits:
            raise WrongCheckFile(f"{where}: there is no limit {one[1:]!r}.")
    wanted = _resolved(check, wanted)
    if how in LISTS and not isinstance(wanted, list):
        raise WrongCheckFile(f"{where}: {how!r} wants a list.")
    if how in NUMBERS and not isinstance(wanted, int | float):
        raise WrongCheckFile(f"{where}: {how!r} wants a number.")
    if how in PATTERNS and not isinstance(wanted, str):
        raise WrongCheckFile(f"{where}: {how!r} wants a pattern.")


def _resolved(check: Check, wanted: Any) -> Any:
    if isinstance(wanted, str) and wanted.startswith("$"):
        return check.limits[wanted[1:]]
    return wanted


def _patterns(check: Check, condition: tuple[str, str, Any]) -> list[str]:
    _, how, wanted = condition
    return [_resolved(check, wanted)] if how in PATTERNS else []


def _compiled(where: str, pattern: Any) -> None:
    try:
        re.compile(pattern)
    except (re.error, TypeError) as error:
        raise WrongCheckFile(f"{where}: {pattern!r} is no pattern: {error}.") from None
