"""Reads what a report of an audit is made of."""

from datetime import datetime

from noc_console.audit.ageing import aged_of
from noc_console.audit.audit_records import evidence_of
from noc_console.audit.catalogue import Catalogue
from noc_console.audit.may_sign import steps_not_asked
from noc_console.audit.month_performance import days_told
from noc_console.audit.month_records import audits_before, read_month
from noc_console.audit.report import AuditReport, make_report
from noc_console.audit.report_performance import CHECKS, months_of_metrics
from noc_console.audit.sealing import signatures_of
from noc_console.audit.whole import read_whole
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert_lines
from noc_console.store.store import Store

MOST_MONTHS = 12


class NobodyReported(ConsoleError):
    """No server of an audit is the one that a report is asked of."""


def read_report(
    store: Store,
    audit_id: int,
    catalogue: Catalogue,
    now: datetime,
    *,
    server: str = "",
    group: str = "",
    customer: str = "",
) -> AuditReport:
    """Give the report of an audit, or of one server, group or customer of it.

    Raises:
        UnknownAudit: there is none of that number.
        NobodyReported: it has no such server, group or customer.
    """
    whole = read_whole(store, audit_id, now.date())
    chosen = [
        one
        for one in whole.servers
        if (not server or one.server_name == server)
        and (not group or group in one.groups)
        and (not customer or customer in one.customers)
    ]
    named = [
        f"{kind} {name}"
        for kind, name in (("server", server), ("group", group), ("customer", customer))
        if name
    ]
    if not chosen:
        raise NobodyReported(
            f"The audit of {whole.audit.month} has no {' and '.join(named) or 'server'}; "
            "`noc-console audit show` lists its servers."
        )
    ids = {one.server_id for one in chosen}
    kept = {
        key: evidence_of(store, audit_id, *key)
        for key in sorted({(one, finding.check_id) for one, finding in whole.findings})
        if key[0] in ids
    }
    return make_report(
        whole,
        catalogue.checks,
        [read_month(store, one) for one in audits_before(store, whole.audit)[:MOST_MONTHS]],
        {
            key: inert_lines(body.decode("utf-8", "replace"))
            for key, body in kept.items()
            if body is not None
        },
        signatures_of(store, audit_id),
        server_ids=ids,
        of=" and ".join(named) or whole.audit.scope,
        aged=aged_of(store, audit_id),
        performance=months_of_metrics(
            (whole.names[key[0]], days_told(body))
            for key in sorted(whole.results)
            if key[0] in ids and key[1] in CHECKS
            if (body := evidence_of(store, audit_id, *key))
        ),
        unseen=steps_not_asked(whole.results, catalogue.checks),
        now=now,
    )
