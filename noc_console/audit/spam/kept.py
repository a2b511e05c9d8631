"""The senders of an audit, read from its evidence, for the window. Only reads the store."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from noc_console.audit.audit import Audit, AuditServer
from noc_console.audit.audit_records import (
    evidence_of,
    get_audit,
    list_audits,
    results_of,
    servers_of,
)
from noc_console.audit.earlier import earlier_audits
from noc_console.audit.finding import CheckResult, Result
from noc_console.audit.not_told import NotTold
from noc_console.audit.parsing.mail import earlier_told, item_of, sentence_of
from noc_console.audit.parsing.parsed import OutputNotUnderstood, Past
from noc_console.audit.spam.judged import JudgedSender, Judgement, judge_senders
from noc_console.audit.spam.panel import SenderShown, SpamPanel, Standing, worst_first
from noc_console.audit.spam.told import ALL_MAIL, Told, read_told
from noc_console.store.store import Store

SENDERS, SCRIPTS = "MAIL-04", "MAIL-05"
MOST_OF_ONE, DAYS_OF_ONE = 100, 120
MOST_OF_ALL, DAYS_OF_ALL = 3, 45
"""Senders of a server beside those far above their past, and days of each: where all servers of an
audit are read, a thousand have to fit."""
_ALL_SCRIPTS = "all scripts"
_NOT_ASKED = "It was not asked yet; run the audit."
_AGED = "What its log said is not kept any more."


def read_panel(store: Store, audit_id: int, server_id: int | None = None) -> SpamPanel:
    """Give the senders and scripts of an audit, of one server or of all, the worst first.

    Takes as long as its evidence is large: not for the window's own thread.

    Raises:
        UnknownAudit: there is none of that number.
    """
    audit = get_audit(store, audit_id)
    before = earlier_audits(audit, list_audits(store))
    is_one = server_id is not None
    most = (MOST_OF_ONE, DAYS_OF_ONE) if is_one else (MOST_OF_ALL, DAYS_OF_ALL)
    reading = _Reading(store, audit, before, *most)
    results = results_of(store, audit_id, server_id)
    senders: list[SenderShown] = []
    not_told: list[NotTold] = []
    no_mail: list[str] = []
    for server in servers_of(store, audit_id):
        if server_id not in {None, server.server_id}:
            continue
        for check_id in (SENDERS, SCRIPTS):
            result = results.get((server.server_id, check_id))
            if result is not None and result.result is Result.NOT_APPLICABLE and result.raw_bytes:
                no_mail += [server.server_name] if check_id == SENDERS else []
                continue
            try:
                senders += reading.of(server, check_id, result)
            except OutputNotUnderstood as unclear:
                not_told.append(_not_told(server, check_id, str(unclear)))
                continue
            if result is not None and result.result is Result.NOT_MEASURED:
                not_told.append(_not_told(server, check_id, result.why))
    return SpamPanel(senders=worst_first(senders), not_told=tuple(not_told), no_mail=tuple(no_mail))


@dataclass(frozen=True, slots=True)
class _Reading:
    store: Store
    audit: Audit
    before: Sequence[Audit]
    most: int
    days: int

    def of(
        self, server: AuditServer, check_id: str, result: CheckResult | None
    ) -> list[SenderShown]:
        """Give the senders, or scripts, of one server.

        Raises:
            OutputNotUnderstood: there is no evidence, or it cannot be read; why is said.
        """
        if result is None:
            raise OutputNotUnderstood(_NOT_ASKED)
        evidence = evidence_of(self.store, self.audit.id, server.server_id, check_id)
        if not evidence:
            raise OutputNotUnderstood(result.why or _AGED)
        scripts = check_id == SCRIPTS
        earlier = tuple(self._earlier(server.server_id, check_id))
        past = Past(today=result.at.date(), earlier=earlier)
        told = read_told(evidence, today=past.today, scripts=scripts)
        judged = judge_senders(told, earlier_told(past, scripts=scripts))
        high = sum(1 for one in judged.senders if one.standing is Standing.HIGH)
        return [
            _shown(server, check_id, one, told, judged, self.days)
            for one in judged.senders[: high + self.most]
            if one.mails or one.sender != ALL_MAIL
        ]

    def _earlier(self, server_id: int, check_id: str) -> Iterator[bytes]:
        found = (evidence_of(self.store, one.id, server_id, check_id) for one in self.before)
        return (one for one in found if one)


def _shown(
    server: AuditServer,
    check_id: str,
    one: JudgedSender,
    told: Told,
    judged: Judgement,
    most_days: int,
) -> SenderShown:
    is_all = one.sender == ALL_MAIL
    return SenderShown(
        server_id=server.server_id,
        server_name=server.server_name,
        check_id=check_id,
        item=item_of(one.sender),
        kind=one.sender.kind,
        name=_ALL_SCRIPTS if is_all and check_id == SCRIPTS else one.sender.name,
        standing=one.standing,
        sentence=sentence_of(one),
        month_mails=one.mails,
        peak=one.worst,
        latest=judged.days.day(one.sender, judged.days.judged[-1]),
        days=judged.days.of(one.sender, most_days),
        lines=tuple(told.lines.get(one.sender, ())),
    )


def _not_told(server: AuditServer, check_id: str, why: str) -> NotTold:
    return NotTold(
        server_id=server.server_id, server_name=server.server_name, check_id=check_id, why=why
    )
