"""The month's logins as the check LOG-01 is told them, held against the months before.

Pure: no I/O, no clock. A row is one suspicion about one login, or a network or key that somebody
who can become root came with as usual: next month that is known.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from noc_console.audit.logins.months_before import asked_on, earlier_told
from noc_console.audit.logins.panel import AccountKind, LoginRule
from noc_console.audit.logins.suspects import LoginWatch, Suspicion, item_of, named
from noc_console.audit.logins.told import ToldLogins, read_told
from noc_console.audit.parsing.parsed import Past, Row, Table, Value

USUAL = "usual"


def read_logins(
    output: bytes,
    options: Mapping[str, Any],  # noqa: ARG001 - it has none
    past: Past | None = None,
) -> Table:
    """Give a row a suspicion: rule, item_name, user, kind, network, address, and its numbers.

    Sums: logins, accounts, refused, days (how far the log reaches back), more (lines left out),
    is_own_older (the session that asked began before the log).
    """
    if not output.strip():
        return Table()
    past = past or Past()
    told = read_told(output, asked_on(past.today))
    watch = LoginWatch()
    for one in earlier_told(past):
        watch.learn(one)
    rows = [_suspicious(one, told) for one in watch.suspicions(told)]
    return Table(rows=(*rows, *_usual(told)), sums=_sums(told))


def _suspicious(one: Suspicion, told: ToldLogins) -> Row:
    login = one.login
    fields: dict[str, Value] = {
        "rule": one.rule.value,
        "item_name": item_of(one),
        "user": login.user,
        "kind": told.kind_of(login.user).value,
        "network": login.network,
        "address": login.event.address,
        "method": login.event.method,
        "fingerprint": login.event.fingerprint,
        "same_user": one.same_user,
        "from_address": one.from_address,
        "elsewhere": one.elsewhere,
        "is_unusual": one.is_unusual,
        "is_new_network": one.is_new_network,
        "is_usual_place": one.is_usual_place,
        "roams": one.roams,
        "hour": f"{login.event.hour_of_week % 24:02d}:00",
        "other_network": one.other_network,
        "when": f"{login.at:%Y-%m-%d %H:%M} UTC",
    }
    return Row(line=login.event.number, fields=fields)


def _usual(told: ToldLogins) -> Iterator[Row]:
    """Give the networks and keys of those who can become root, each with its newest line."""
    newest: dict[str, Row] = {}
    for login in told.logins:
        kind = told.kind_of(login.user)
        if kind is AccountKind.ACCOUNT:
            continue
        known = {named(LoginRule.NEW_NETWORK, login.user, login.network): login.network}
        if login.event.fingerprint:
            key = login.event.fingerprint
            known[named(LoginRule.NEW_KEY, login.user, key)] = key
        for item, what in known.items():
            fields: dict[str, Value] = {
                "rule": USUAL,
                "item_name": item,
                "user": login.user,
                "kind": kind.value,
                "what": what,
            }
            newest[item] = Row(line=login.event.number, fields=fields)
    yield from newest.values()


def _sums(told: ToldLogins) -> dict[str, Value]:
    begins = [one.at for one in told.logins] + [one.at for one in told.failures]
    begins_at = told.begins_at or min(begins, default=told.asked_at)
    return {
        "logins": sum(one.event.count for one in told.logins),
        "accounts": len({one.user for one in told.logins}),
        "refused": sum(one.count for one in told.failures),
        "days": max(0, (told.asked_at - begins_at).days),
        "more": told.more,
        "is_own_older": told.own_since is not None and told.own_since < begins_at,
    }
