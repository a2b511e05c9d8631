"""Whose mail fills the queue. Pure: no I/O, no clock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from noc_console.incidents.evidence.suspicion.finding import (
    ExhibitText,
    Finding,
    ShownLine,
    number_of,
    of_collector,
    shown,
    span_words,
)

LEAST_QUEUED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Queue:
    queued: float
    shown: ShownLine
    senders: Mapping[str, tuple[float, ShownLine]]


def of_queue(
    exhibits: Sequence[ExhibitText], owners: Mapping[str, str], users: Collection[str]
) -> list[Finding]:
    """Tell who sends what waits.

    `owners` gives the account of a domain where the panel told it, `users` who has an account.
    """
    looks = of_collector(exhibits, "mail-queue-postfix", "mail-queue-exim")
    queues = [(look, queue) for look in looks if (queue := _queue(look)) is not None]
    if not queues:
        return []
    (first, before), (last, after) = queues[0], max(queues, key=lambda one: one[1].queued)
    grown = after.queued - before.queued
    if after.queued < LEAST_QUEUED:
        return []
    found = []
    for sender, (count, line) in after.senders.items():
        share = count / max(1.0, after.queued)
        more = count - before.senders.get(sender, (0.0, line))[0]
        if share < 0.15:
            continue
        who = _owner(sender, owners, users) or f"sender {sender or '<>'}"
        words = f"mail queue {after.queued:,.0f}"
        if grown > 0 and last is not first:
            words = (
                f"mail queue {grown:+,.0f} in {span_words(first, last)}, {after.queued:,.0f} now"
            )
        words += f", {share:.0%} from {sender or 'the empty sender (bounces)'}"
        size = min(1.0, max(grown, after.queued / 4) / 400.0)
        found.append(
            Finding(
                who=who,
                words=words,
                score=min(1.0, share * (0.35 + 0.6 * size) + (0.05 if more > 0 else 0.0)),
                lines=(after.shown, line),
            )
        )
    return found


def with_folders(finding: Finding, exhibits: Sequence[ExhibitText]) -> Finding:
    """Name the folder or the login by which most mail was handed in, where the log tells it."""
    logs = of_collector(exhibits, "mail-log")
    for place, line in logs[-1].lines() if logs else ():
        words = line.split(" ", 2)
        if len(words) == 3 and words[0] in {"folder", "login"} and number_of(words[1]) >= 20:
            where = "from folder" if words[0] == "folder" else "by login"
            return Finding(
                who=finding.who,
                words=f"{finding.words}, handed in {where} {words[2]}",
                score=finding.score,
                lines=(*finding.lines, shown(logs[-1], place, line)),
            )
    return finding


def owners_of(exhibits: Sequence[ExhibitText]) -> dict[str, str]:
    """Give the account of each domain, as the panel's own file tells it: `domain: account`."""
    owners: dict[str, str] = {}
    for exhibit in of_collector(exhibits, "sites-cpanel", "sites-directadmin", "sites-plesk"):
        for _, line in exhibit.lines():
            domain, colon, account = line.partition(":")
            if colon and domain.strip() and account.strip():
                owners[domain.strip().lower()] = account.strip()
    return owners


def _owner(sender: str, owners: Mapping[str, str], users: Collection[str]) -> str:
    """Give the account a sender belongs to: by its domain, or as a user of the server itself."""
    local, _, domain = sender.rpartition("@")
    account = owners.get(domain.lower(), "")
    if account and account != "nobody":
        return f"account {account}"
    is_user = local in users or "." not in domain
    return f"account {local}" if local and is_user and local not in _NOBODY else ""


_NOBODY = {"root", "www-data", "apache", "nobody", "postmaster", "MAILER-DAEMON", "mailer-daemon"}


def _queue(exhibit: ExhibitText) -> _Queue | None:
    queued, line_of_it = -1.0, ShownLine(exhibit=exhibit.number, line=1, text="")
    senders: dict[str, tuple[float, ShownLine]] = {}
    for place, line in exhibit.lines():
        words = line.split(" ", 2)
        if words[0] == "queued" and len(words) > 1:
            queued, line_of_it = number_of(words[1]), shown(exhibit, place, line)
        elif words[0] == "sender" and len(words) > 1:
            name = words[2] if len(words) > 2 else ""
            senders[name] = number_of(words[1]), shown(exhibit, place, line)
    return _Queue(queued=queued, shown=line_of_it, senders=senders) if queued >= 0 else None
