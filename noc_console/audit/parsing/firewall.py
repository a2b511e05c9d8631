"""Rules of a firewall: whether what comes in is denied unless allowed. Pure: no I/O, no clock.

The answer has sections: `==nft` with `nft -j list ruleset` (libnftables-json(5)), `==ipv4` and
`==ipv6` with iptables-save(8), `==address` with `ip -6 -o addr show scope global`.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from noc_console.audit.parsing.parsed import OutputNotUnderstood, Row, Table, Value

OUTSIDE = "firewall outside"
_DENY, _ACCEPT, _NONE = "deny", "accept", "none"
_ORDER = (_DENY, _ACCEPT, _NONE)
_FAMILIES = {"ip": ("IPv4",), "ip6": ("IPv6",), "inet": ("IPv4", "IPv6")}
_SECTIONS = {"==nft", "==ipv4", "==ipv6", "==address"}
_HARMLESS = {"counter", "log", "limit"}
_DENIES = {"drop", "reject"}


def read_firewall(output: bytes, options: Mapping[str, Any]) -> Table:  # noqa: ARG001 - has none
    """Give a row for IPv4 and one for IPv6: family, state (deny, accept, none), is_used, outside.

    `deny`: a chain of the input hook has the policy drop, or ends by denying all that is left.
    """
    if b"\0" in output:
        raise OutputNotUnderstood("The answer holds null bytes: it is no text.")
    if not output.strip():
        return Table()
    told = {"IPv4": [(_NONE, 1)], "IPv6": [(_NONE, 1)]}
    has_address = False
    for name, lines in _sections(output):
        has_address = has_address or (name == "==address" and bool(lines))
        for family, state, line in _states(name, lines):
            told[family].append((state, line))
    rows = []
    for family, states in told.items():
        state, line = min(states, key=lambda one: _ORDER.index(one[0]))
        fields: dict[str, Value] = {
            "family": family,
            "state": state,
            "is_used": family == "IPv4" or has_address,
            "outside": OUTSIDE,
        }
        rows.append(Row(line=line, fields=fields))
    return Table(rows=tuple(rows))


_Lines = list[tuple[int, str]]


def _sections(output: bytes) -> Iterator[tuple[str, _Lines]]:
    name, lines = "", list[tuple[int, str]]()
    long = (
        (number, line.decode("utf-8", "replace"))
        for number, line in enumerate(output.split(b"\n"), start=1)
    )
    for number, text in long:
        if text.strip() in _SECTIONS:
            if name:
                yield name, lines
            name, lines = text.strip(), []
        elif not name:
            raise OutputNotUnderstood("The answer does not begin with rules of a firewall.")
        elif text.strip():
            lines.append((number, text))
    yield name, lines


def _states(name: str, lines: _Lines) -> Iterator[tuple[str, str, int]]:
    if name == "==nft":
        for number, text in lines:
            yield from ((family, state, number) for family, state in _nft(text))
    elif name in {"==ipv4", "==ipv6"}:
        family = "IPv4" if name == "==ipv4" else "IPv6"
        yield from ((family, state, number) for state, number in _saved(lines))


def _saved(lines: _Lines) -> Iterator[tuple[str, int]]:
    """Give what the filter table's INPUT chain does at its end, by policy and by its last rule."""
    table = ""
    for number, text in lines:
        if text.startswith("*"):
            table = text.strip("*").strip()
        words = text.split()
        if table != "filter":
            continue
        if words[0] == ":INPUT" and len(words) > 1:
            yield (_DENY if words[1] == "DROP" else _ACCEPT), number
        elif words[:3] == ["-A", "INPUT", "-j"] and words[3:] and words[3] in {"DROP", "REJECT"}:
            yield _DENY, number


def _nft(text: str) -> Iterator[tuple[str, str]]:
    try:
        told = json.loads(text)["nftables"]
        chains = {
            (one["chain"]["family"], one["chain"]["table"], one["chain"]["name"]): one["chain"]
            for one in told
            if one.get("chain", {}).get("hook") == "input"
        }
        ends = {
            (one["rule"]["family"], one["rule"]["table"], one["rule"]["chain"])
            for one in told
            if "rule" in one and _denies_all(one["rule"]["expr"])
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise OutputNotUnderstood("The rules are no JSON as nft -j prints it.") from error
    for key, chain in chains.items():
        if chain.get("type") != "filter":
            continue
        denies = chain.get("policy") == "drop" or key in ends
        for family in _FAMILIES.get(str(key[0]), ()):
            yield family, _DENY if denies else _ACCEPT


def _denies_all(parts: Any) -> bool:
    """Whether a rule denies without asking anything of the packet."""
    names = [next(iter(part)) for part in parts]
    return bool(set(names) & _DENIES) and set(names) <= _DENIES | _HARMLESS - {"limit"}
