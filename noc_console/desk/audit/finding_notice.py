"""From findings to the notice of the work that mends them: a draft with reason and benefit in it.

Customers read of security maintenance, never what was found: that would tell everybody else, too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject

from noc_console.audit.audit_records import servers_of
from noc_console.audit.decision import Key
from noc_console.audit.mending_records import mendings_of, plan_mendings
from noc_console.desk.context import DeskContext
from noc_console.errors import ConsoleError
from noc_console.fleet.records import list_servers
from noc_console.notices.composing import new_notice
from noc_console.notices.notice import Notice, NoticeKind
from noc_console.notices.notice_records import UnknownNotice, get_notice, put_new
from noc_console.notices.posting import NoticeState
from noc_console.notices.prepared import begin_with, get_prepared
from noc_console.notices.template_shelf import UnknownTemplate, read_shelf
from noc_console.store.store import Store

USUAL_WORK = "security-maintenance"
_WORK_OF: Mapping[str, str] = {
    "KRN-01": "kernel-update",
    "HST-01": "php-version",
    "HST-02": "control-panel",
    "TLS": "certificate",
}
"""By check, or by what the ids of a group of checks begin with."""


class NoServer(ConsoleError):
    """Findings without a server that is still looked after: nobody is to be told."""


def open_notice_of_findings(
    context: DeskContext, audit_id: int, keys: Sequence[Key], now: datetime, owner: QObject
) -> None:
    """Show the notice that tells of the work on some findings; where there is none, compose it."""
    store, by, say = context.store, context.asked_by, context.navigator.say

    def work() -> tuple[int, bool]:
        found = notice_of(store, audit_id, keys)
        if found:
            return found, False
        return make_notice(store, audit_id, keys, by=by, now=now), True

    context.background.call(
        work,
        lambda found: context.navigator.open_notice(found[0], composing=found[1]),
        lambda failure: say(failure.sentence),
        owner,
    )


def notice_of(store: Store, audit_id: int, keys: Sequence[Key]) -> int:
    """Give the number of the notice that is for all of these findings and not over; else 0."""
    wanted = set(keys)
    covered: dict[int, set[Key]] = {}
    for one in mendings_of(store, audit_id):
        covered.setdefault(one.notice_id, set()).add(one.key)
    for notice_id, theirs in sorted(covered.items(), reverse=True):
        if wanted <= theirs and _stands(store, notice_id):
            return notice_id
    return 0


def make_notice(store: Store, audit_id: int, keys: Sequence[Key], *, by: str, now: datetime) -> int:
    """Keep a draft of the work on findings, linked to each of them; gives its number.

    Raises:
        NoServer: no server of theirs is looked after any more.
        NothingToMend: the audit does not hold one of them any more.
    """
    notice = draft_of(store, audit_id, keys)
    with store.write() as connection:
        notice_id = put_new(connection, notice, by=by, now=now)
        plan_mendings(connection, audit_id, keys, notice_id, by=by, now=now)
    return notice_id


def draft_of(store: Store, audit_id: int, keys: Sequence[Key]) -> Notice:
    """Give the draft: for the servers of the findings, with the texts of the work that mends them.

    Raises:
        NoServer: no server of theirs is looked after any more.
    """
    there = {one.id for one in list_servers(store)}
    servers = tuple(dict.fromkeys(key[0] for key in keys if key[0] in there))
    if not servers:
        names = {one.server_id: one.server_name for one in servers_of(store, audit_id)}
        name = names.get(keys[0][0], "") if keys else ""
        raise NoServer(
            f"{name or 'No server of these'} is not looked after any more; choose a finding of a"
            " server that is."
        )
    notice = replace(new_notice(store, NoticeKind.SCHEDULED), servers=servers)
    shelf = read_shelf(store)
    for name in dict.fromkeys((_work_for(keys), USUAL_WORK)):
        try:
            return begin_with(notice, get_prepared(shelf, NoticeKind.SCHEDULED, name))
        except UnknownTemplate:  # the site keeps works of its own
            continue
    return notice


def _work_for(keys: Sequence[Key]) -> str:
    """Give the prepared work that fits all findings; the usual one where they want several."""
    groups = {check: check.partition("-")[0] for _, check, _ in keys}
    works = {_WORK_OF.get(one, _WORK_OF.get(groups[one], USUAL_WORK)) for one in groups}
    return works.pop() if len(works) == 1 else USUAL_WORK


def _stands(store: Store, notice_id: int) -> bool:
    try:
        return get_notice(store, notice_id).state not in {NoticeState.CANCELLED, NoticeState.DONE}
    except UnknownNotice:
        return False
