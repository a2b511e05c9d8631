"""The accounts of one server's evidence in short: a thousand servers' are read at once.

Pure: no I/O, no clock. An account in short has no logins, networks and hours; these are read of the
evidence when somebody looks at it.
"""

import json
from collections.abc import Sequence
from dataclasses import replace

from noc_console.audit.finding import CheckResult
from noc_console.audit.logins.panel import AccountKind, AccountShown, HourGrid, Standing
from noc_console.audit.logins.timeline import CHECK, accounts_of
from noc_console.audit.parsing.parsed import OutputNotUnderstood, Past

_FORM = 1
_NO_SERVER = 0


def summary_of(result: CheckResult, earlier: Sequence[bytes]) -> str | None:
    """Give what the evidence of LOG-01 tells in short; None where it cannot be read."""
    past = Past(today=result.at.date(), earlier=tuple(earlier))
    try:
        found = accounts_of(_NO_SERVER, "", result.evidence, past, result.findings, most=0)
    except OutputNotUnderstood:
        return None
    rows = [
        [
            one.user,
            one.kind.value,
            one.standing.value,
            one.sentence,
            one.zone,
            one.count,
            one.network_count,
        ]
        for one in found
    ]
    return json.dumps([_FORM, rows], ensure_ascii=True, separators=(",", ":"))


def shortened(account: AccountShown) -> AccountShown:
    """Give an account without what is read when somebody looks at it."""
    return replace(account, logins=(), networks=(), grid=HourGrid())


def accounts_in_short(server_id: int, server_name: str, body: str) -> list[AccountShown] | None:
    """Give the accounts back; None where another version wrote them in a form of its own."""
    form, rows = json.loads(body)
    if form != _FORM:
        return None
    return [
        AccountShown(
            server_id=server_id,
            server_name=server_name,
            check_id=CHECK,
            user=user,
            kind=AccountKind(kind),
            standing=Standing(standing),
            sentence=sentence,
            zone=zone,
            count=count,
            network_count=network_count,
        )
        for user, kind, standing, sentence, zone, count, network_count in rows
    ]
