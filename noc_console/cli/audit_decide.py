"""`noc-console audit decide CHECK KIND`: what is done about findings, on one server or on many."""

import argparse
import json
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime

from noc_console.audit.audit import CollectState
from noc_console.audit.catalogue import checks_folder, load_catalogue
from noc_console.audit.check import Privilege, Step
from noc_console.audit.decision import WHOLE_AUDIT, DecisionKind, answer_words
from noc_console.audit.decision_records import decide
from noc_console.audit.finding import Result
from noc_console.audit.whole import WholeAudit, read_whole
from noc_console.cli.audit_choice import chosen_audit, server_in
from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.errors import ConsoleError
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store

_WHOLE_SERVER = "all"


class NothingToDecide(ConsoleError):
    """No finding is the one that was named."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is decided about what."""
    parser.add_argument(
        "check",
        metavar="CHECK",
        help="the id of the check, such as FW-01; `all` for a server as a whole; or a step that"
        " no check looked at, such as backups",
    )
    parser.add_argument(
        "kind",
        metavar="KIND",
        choices=[one.value for one in DecisionKind],
        help="fixed, accepted, false, task, answered or reopened",
    )
    parser.add_argument("--audit", metavar="AUDIT", help="its number or month (default: newest)")
    parser.add_argument("--server", metavar="NAME", help="only on this server (default: on all)")
    parser.add_argument("--item", metavar="ITEM", help="only this item, such as tcp/3306")
    parser.add_argument("--reason", metavar="WORDS", default="", help="why; read again next month")
    parser.add_argument(
        "--until", metavar="DAY", type=_day, help="accepted until, or due on, such as 2026-12-31"
    )
    parser.add_argument(
        "--owner", metavar="NAME", default="", help="who does it; of an answer: who looked"
    )
    parser.add_argument(
        "--on",
        metavar="DAY",
        type=_day,
        help="of an answer to a question asked of people: when somebody looked (default: today)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Write the decision for every finding that is meant.

    Raises:
        ConsoleError: nothing is meant, something is missing, or the audit is signed.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        audit = chosen_audit(store, arguments.audit)
        server_id = server_in(store, audit, arguments.server) if arguments.server else None
        whole = read_whole(store, audit.id, now.date())
        kind = DecisionKind(arguments.kind)
        keys = _meant(whole, arguments.check, kind, server_id, arguments.item)
        _refuse_other(keys, kind)
        if not keys:
            raise NothingToDecide(
                f"Nothing of {arguments.check} asks for a decision there; "
                "`noc-console audit show` lists what was found."
            )
        decide(
            store,
            audit.id,
            keys,
            kind,
            reason=_reason(store, arguments, keys, now),
            until=arguments.until,
            owner=arguments.owner,
            by=own_name(),
            now=now,
        )
    names = whole.names
    if arguments.json:
        told = [{"server": names.get(one, ""), "check": c, "item": i} for one, c, i in keys]
        print(json.dumps({"kind": arguments.kind, "of": told}))
    else:
        for one, check_id, item in keys:
            what = f"{check_id} {item}".strip() or "all"
            print(inert(f"{arguments.kind}: {what} on {names.get(one, 'all servers')}"))
    return 0


def _reason(
    store: Store, arguments: argparse.Namespace, keys: Sequence[tuple[int, str, str]], now: datetime
) -> str:
    """Give the reason; of a question asked of people with the day on which who looked."""
    checks = load_catalogue(checks_folder(store.location)).checks
    asked = [checks[check_id] for _, check_id, _ in keys if check_id in checks]
    is_question = bool(asked) and all(one.privilege is Privilege.PERSON for one in asked)
    if not is_question or arguments.kind != DecisionKind.ANSWERED.value:
        return str(arguments.reason)
    today = now.astimezone().date()
    who = arguments.owner or own_name()
    return answer_words(arguments.on or today, who, arguments.reason, today)


def _meant(
    whole: WholeAudit, check_id: str, kind: DecisionKind, server_id: int | None, item: str | None
) -> list[tuple[int, str, str]]:
    """Give what is decided about: an answer is to what was not measured, all else to findings.

    Where there are no findings, what was not measured is accepted as well.
    """
    steps = {one.value for one in Step}
    if check_id.casefold() in steps:
        return [(WHOLE_AUDIT, check_id.casefold(), "")]
    if check_id == _WHOLE_SERVER:
        return _failed(whole, server_id)
    found = [
        (one, finding.check_id, finding.item)
        for one, finding in whole.findings
        if finding.check_id == check_id
        and finding.result.needs_decision
        and item in {None, finding.item}
        and server_id in {None, one}
    ]
    unmeasured = [
        (one, check, "")
        for (one, check), result in whole.results.items()
        if check == check_id and item is None and result.result is Result.NOT_MEASURED
        if server_id in {None, one}
    ]
    if kind is DecisionKind.REOPENED:
        return [*found, *unmeasured]
    return unmeasured if kind is DecisionKind.ANSWERED else found or unmeasured


def _failed(whole: WholeAudit, server_id: int | None) -> list[tuple[int, str, str]]:
    """Give the servers as a whole: the one that is named, else all that could not be asked."""
    return [
        (one.server_id, "", "")
        for one in whole.servers
        if server_id == one.server_id or (server_id is None and one.state is CollectState.FAILED)
    ]


def _refuse_other(keys: Sequence[tuple[int, str, str]], kind: DecisionKind) -> None:
    """See that a step or a whole server is only answered for, or that taken back.

    Raises:
        NothingToDecide: it is fixed, false or what else holds for a finding only.
    """
    is_whole = any(server_id == WHOLE_AUDIT or not check_id for server_id, check_id, _ in keys)
    if is_whole and kind not in {DecisionKind.ANSWERED, DecisionKind.REOPENED}:
        raise NothingToDecide(
            f"A step or a server as a whole is not “{kind.value}”; give the reason with answered."
        )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"write {text!r} as YYYY-MM-DD") from None
