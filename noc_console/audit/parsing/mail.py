"""Mails of a server by sender, or by script, beside that server's own past. Pure: no I/O, no clock.

Reads what the commands of step 08 print, and a saved log of exim or Postfix as it is.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from noc_console.audit.parsing.parsed import OutputNotUnderstood, Past, Row, Table, Value
from noc_console.audit.spam.baseline import LEAST_PAST
from noc_console.audit.spam.judged import JudgedSender, judge_senders
from noc_console.audit.spam.panel import Standing
from noc_console.audit.spam.senders import Sender
from noc_console.audit.spam.told import ALL_MAIL, Told, read_told


def read_mail(output: bytes, options: Mapping[str, Any], past: Past | None = None) -> Table:
    """Give a row a sender, the worst first, and one for all mail of the server.

    Option `scripts`: a saved log is counted by folder and script. Fields: who, kind, name, day,
    mails (of its worst day), past (days it is held against), times (the usual), standing (high,
    usual, too little past), says, named (how many senders are high). Sums: mta, days, senders,
    notes (whether scripts are noted at all). A sender's further rows are of lines that show it.
    """
    if not output.strip():
        return Table()
    scripts = bool(options.get("scripts"))
    now = past or Past()
    told = read_told(output, today=now.today, scripts=scripts)
    judged = judge_senders(told, earlier_told(now, scripts=scripts))
    named = sum(
        1 for one in judged.senders if one.standing is Standing.HIGH and one.sender != ALL_MAIL
    )
    left = told.mails.left_out
    sums: dict[str, Value] = {
        "mta": told.mta,
        "days": len(told.mails.days),
        "senders": len(told.mails.counts),
        "notes": told.notes,
    }
    return Table(
        rows=tuple(row for one in judged.senders for row in _rows(one, told, named)),
        sums=sums,
        notes=(f"{left:,} mails of further senders are not told apart.",) if left else (),
    )


def earlier_told(past: Past, *, scripts: bool) -> list[Told]:
    """Give what earlier audits kept; what cannot be read any more, such as what aged, is left."""
    found = []
    for one in past.earlier:
        try:
            found.append(read_told(one, today=past.today, scripts=scripts))
        except OutputNotUnderstood:
            continue
    return found


def item_of(sender: Sender) -> str:
    """Name a sender as its finding is named."""
    return sender.name if sender == ALL_MAIL else sender.item


def sentence_of(one: JudgedSender) -> str:
    """Say in one sentence how a sender stands, without naming it."""
    day = one.worst
    mails = f"{day.mails:,} mails on {day.day}"
    if one.standing is Standing.UNKNOWN:
        return f"{mails}; {LEAST_PAST} other days say what is usual, and {one.past} are known."
    if one.standing is Standing.USUAL:
        return f"{mails} at most; usual are {day.usual:,.0f}."
    others = len(one.high) - 1
    more = f", and {others} more such day{'s' if others > 1 else ''}" if others else ""
    return f"{mails}{more}; usual are {day.usual:,.0f}, over {day.bound:,.0f} is high."


_WORDS = {
    Standing.HIGH: "high",
    Standing.USUAL: "usual",
    Standing.UNKNOWN: "too little past",
}


def _rows(one: JudgedSender, told: Told, named: int) -> Iterator[Row]:
    fields: dict[str, Value] = {
        "who": item_of(one.sender),
        "kind": one.sender.kind.value,
        "name": one.sender.name,
        "day": one.worst.day.isoformat(),
        "mails": one.worst.mails,
        "past": one.past,
        "times": round(one.times, 2),
        "standing": _WORDS[one.standing],
        "says": sentence_of(one),
        "named": named,
    }
    for line in told.at.get(one.sender, [1]):
        yield Row(line=line, fields=fields)
