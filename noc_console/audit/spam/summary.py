"""The senders of one server's evidence in short: a thousand servers' are read at once.

Pure: no I/O, no clock. A sender in short has no days and no lines; these are read of the evidence
when somebody looks at it.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from noc_console.audit.finding import CheckResult
from noc_console.audit.parsing.parsed import OutputNotUnderstood, Past
from noc_console.audit.spam.panel import DayCount, SenderKind, SenderShown, Standing
from noc_console.audit.spam.shown import SCRIPTS, SENDERS, senders_of

MOST_OF_ALL = 3
"""Senders of a server beside those far above their past: a thousand servers have to fit."""
_FORM = 1
_NO_SERVER = 0
IN_SHORT = frozenset({SENDERS, SCRIPTS})


def summary_of(result: CheckResult, earlier: Sequence[bytes]) -> str | None:
    """Give what the evidence of MAIL-04 or MAIL-05 tells in short; None if it cannot be read."""
    past = Past(today=result.at.date(), earlier=tuple(earlier))
    try:
        found = senders_of(
            _NO_SERVER, "", result.check_id, result.evidence, past, most=MOST_OF_ALL, days=0
        )
    except OutputNotUnderstood:
        return None
    rows = [
        [
            one.item,
            one.kind.value,
            one.name,
            one.standing.value,
            one.sentence,
            one.month_mails,
            _day_row(one.peak),
            _day_row(one.latest),
        ]
        for one in found
    ]
    return json.dumps([_FORM, rows], ensure_ascii=True, separators=(",", ":"))


def shortened(sender: SenderShown) -> SenderShown:
    """Give a sender without what is read when somebody looks at it."""
    return replace(sender, days=(), lines=())


def senders_in_short(
    server_id: int, server_name: str, check_id: str, body: str
) -> list[SenderShown] | None:
    """Give the senders back; None where another version wrote them in a form of its own."""
    form, rows = json.loads(body)
    if form != _FORM:
        return None
    return [
        SenderShown(
            server_id=server_id,
            server_name=server_name,
            check_id=check_id,
            item=item,
            kind=SenderKind(kind),
            name=name,
            standing=Standing(standing),
            sentence=sentence,
            month_mails=mails,
            peak=_day(peak),
            latest=_day(latest),
            days=(),
            lines=(),
        )
        for item, kind, name, standing, sentence, mails, peak, latest in rows
    ]


def _day_row(one: DayCount) -> list[Any]:
    flags = [one.is_high, one.is_partial, one.is_before]
    return [one.day.isoformat(), one.mails, one.usual, one.bound, *flags]


def _day(row: list[Any]) -> DayCount:
    day, mails, usual, bound, is_high, is_partial, is_before = row
    return DayCount(
        day=date.fromisoformat(day),
        mails=mails,
        usual=usual,
        bound=bound,
        is_high=is_high,
        is_partial=is_partial,
        is_before=is_before,
    )
