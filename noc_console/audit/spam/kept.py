"""The senders of an audit, read from its evidence, for the window. Only reads the store."""

from functools import partial

from noc_console.audit.audit import AuditServer
from noc_console.audit.finding import Result
from noc_console.audit.log_reading import LogReading
from noc_console.audit.not_told import NotTold
from noc_console.audit.parsing.parsed import Past
from noc_console.audit.spam.panel import SenderShown, SpamPanel, worst_first
from noc_console.audit.spam.shown import SCRIPTS, SENDERS, senders_of
from noc_console.audit.spam.summary import MOST_OF_ALL, senders_in_short, shortened
from noc_console.store.store import Store

_NOT_ASKED = "It was not asked yet; run the audit."


def read_panel(store: Store, audit_id: int, server_id: int | None = None) -> SpamPanel:
    """Give the senders and scripts of an audit, of one server or of all, the worst first.

    Of one server they have their days and lines, of all servers the worst of each are in short.
    Takes as long as there is to read: not for the window's own thread.

    Raises:
        UnknownAudit: there is none of that number.
    """
    senders: list[SenderShown] = []
    not_told: list[NotTold] = []
    no_mail: list[str] = []
    for check_id in (SENDERS, SCRIPTS):
        reading = LogReading.of(store, audit_id, server_id, check_id, not_asked=_NOT_ASKED)
        for server in reading.servers:
            result = reading.results.get(server.server_id)
            if result is not None and result.result is Result.NOT_APPLICABLE and result.raw_bytes:
                no_mail += [server.server_name] if check_id == SENDERS else []
                continue
            found = reading.rows_of(
                server,
                partial(senders_in_short, server.server_id, server.server_name, check_id),
                partial(_in_full, server, check_id, reading.is_in_short),
            )
            senders += found or []
        not_told += reading.not_told
    return SpamPanel(senders=worst_first(senders), not_told=tuple(not_told), no_mail=tuple(no_mail))


def _in_full(
    server: AuditServer, check_id: str, is_in_short: bool, evidence: bytes, past: Past
) -> list[SenderShown]:
    where = (server.server_id, server.server_name, check_id)
    if not is_in_short:
        return senders_of(*where, evidence, past)
    return [shortened(one) for one in senders_of(*where, evidence, past, most=MOST_OF_ALL)]
