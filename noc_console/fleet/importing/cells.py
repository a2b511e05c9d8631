"""Cells of a table of servers: lists, pairs and checks as text, and back again. Pure.

Each value is written as a person would, where that reads back as the same value, else as JSON; so
an exported table loses nothing. No cell can become a formula of a spreadsheet (OWASP, CSV
injection): it gets a quote before it, which reading takes away.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from noc_console.fleet.checks import parse_check
from noc_console.fleet.server import CheckKind, InvalidServer, OutsideCheck, Site

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BETWEEN = re.compile(r"[;,|\n]")


def guarded(text: str) -> str:
    """Give a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) or _is_guarded(text) else text


def unguarded(cell: str) -> str:
    """Give what `guarded` was given."""
    return cell[1:] if _is_guarded(cell) else cell


def _is_guarded(text: str) -> bool:
    return text.startswith("'") and text[1:].startswith(("'", *_FORMULA_STARTS))


def write_list(items: Sequence[str]) -> str:
    """Give a list as a cell: `a; b`."""
    text = "; ".join(items)
    return text if read_list(text) == tuple(items) else _json(list(items))


def read_list(cell: str) -> tuple[str, ...]:
    """Give the items of a cell, divided by `;`, `,`, `|` or line ends, or written as JSON."""
    told = _list_in(cell)
    if told is not None and all(isinstance(item, str) for item in told):
        return tuple(told)
    return tuple(item.strip() for item in _BETWEEN.split(cell) if item.strip())


def write_pairs(pairs: Sequence[tuple[str, str]]) -> str:
    """Give names with values as a cell: `rack=3; row=b`."""
    text = "; ".join(f"{name}={value}" for name, value in pairs)
    return text if read_pairs(text) == tuple(pairs) else _json([list(pair) for pair in pairs])


def read_pairs(cell: str) -> tuple[tuple[str, str], ...]:
    """Give the names and values of a cell; what has no `=` has an empty value."""
    told = _list_in(cell)
    if told is not None and all(_is_pair(item) for item in told):
        return tuple((name, value) for name, value in told)
    parts = (item.partition("=") for item in read_list(cell))
    return tuple((name.strip(), value.strip()) for name, _, value in parts)


def write_sites(sites: Sequence[Site]) -> str:
    """Give sites as a cell: `a.example=Anna; b.example`."""
    text = "; ".join(
        f"{site.domain}={site.customer}" if site.customer else site.domain for site in sites
    )
    if read_sites(text) == tuple(sites):
        return text
    return _json([[site.domain, site.customer] for site in sites])


def read_sites(cell: str) -> tuple[Site, ...]:
    """Give the sites of a cell."""
    return tuple(Site(domain=name, customer=value) for name, value in read_pairs(cell))


def write_checks(checks: Sequence[OutsideCheck]) -> str:
    """Give checks as a cell: `tcp:5432; https://a.example/`."""
    text = write_list([check.label for check in checks])
    try:
        if read_checks(text) == tuple(checks):
            return text
    except InvalidServer:
        pass
    return _json([check_to_json(check) for check in checks])


def read_checks(cell: str) -> tuple[OutsideCheck, ...]:
    """Give the checks of a cell.

    Raises:
        InvalidServer: one is no check, with what to write instead.
    """
    told = _list_in(cell)
    if told is not None and all(isinstance(item, dict) for item in told):
        return tuple(check_from_json(item) for item in told)
    return tuple(parse_check(item) for item in read_list(cell))


def check_to_json(check: OutsideCheck) -> dict[str, Any]:
    """Give a check as JSON values, without what is as by default."""
    told = {
        "kind": check.kind.value,
        "target": check.target,
        "service": check.service,
        "expect_text": check.expect_text,
        "expect_status": check.expect_status,
    }
    return {name: value for name, value in told.items() if value or name in {"kind", "target"}}


def check_from_json(told: Any) -> OutsideCheck:
    """Give the check that `check_to_json` gave.

    Raises:
        InvalidServer: it is none.
    """
    told = told if isinstance(told, dict) else {}
    texts = {name: told.get(name, "") for name in ("target", "service", "expect_text")}
    status = told.get("expect_status", 0)
    try:
        kind = CheckKind(told.get("kind"))
    except ValueError:
        kind = None
    if kind is None or type(status) is not int or not all(type(t) is str for t in texts.values()):
        raise InvalidServer("A check is not written as an export writes it.")
    return OutsideCheck(kind=kind, expect_status=status, **texts)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _list_in(cell: str) -> list[Any] | None:
    if not cell.startswith("["):
        return None
    try:
        told = json.loads(cell)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, list) else None


def _is_pair(item: object) -> bool:
    return isinstance(item, list) and len(item) == 2 and all(type(one) is str for one in item)
