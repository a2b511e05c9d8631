"""What stands against signing an audit. Pure: no I/O, no clock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from noc_console.audit.audit import AuditServer, CollectState
from noc_console.audit.check import Check, Privilege, Step
from noc_console.audit.decision import WHOLE_AUDIT, Decision, DecisionKind, Key
from noc_console.audit.finding import CheckResult, Finding, Result, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One thing that stands against it, and the finding it is about.

    A step that no check looked at has no server: its key begins with `WHOLE_AUDIT`.
    """

    key: Key
    server_name: str
    words: str


def obstacles(
    servers: Sequence[AuditServer],
    results: Mapping[tuple[int, str], CheckResult],
    findings: Sequence[tuple[int, Finding]],
    decisions: Mapping[Key, Decision],
    critical: Collection[str],
) -> list[Obstacle]:
    """Give what stands against signing, the unfinished servers first; none: it may be signed.

    Every fail and warn wants a decision. A critical check that was not measured wants a reason:
    of its own, of the whole check, or of the whole server.
    """
    names = {one.server_id: one.server_name for one in servers}
    found = [
        Obstacle(
            key=(one.server_id, "", ""),
            server_name=one.server_name,
            words=f"{one.server_name} is not asked to the end: it is {one.state.value}.",
        )
        for one in servers
        if one.state in {CollectState.WAITING, CollectState.RUNNING}
    ]
    for server_id, finding in findings:
        key = (server_id, finding.check_id, finding.item)
        if finding.result.needs_decision and key not in decisions:
            found.append(_obstacle(key, names, f"wants a decision: {finding.sentence}"))
    for (server_id, check_id), one in results.items():
        if one.result is not Result.NOT_MEASURED or check_id not in critical:
            continue
        reasons = ((server_id, check_id, ""), (server_id, "", ""))
        if not any(_is_answered(decisions.get(key)) for key in reasons):
            words = f"is critical, was not measured and has no reason: {one.why}"
            found.append(_obstacle((server_id, check_id, ""), names, words))
    found += [
        Obstacle(
            key=(one.server_id, "", ""),
            server_name=one.server_name,
            words=f"{one.server_name} could not be asked and has no reason: {one.why}",
        )
        for one in servers
        if one.state is CollectState.FAILED
        and not _is_answered(decisions.get((one.server_id, "", "")))
        and not any(server_id == one.server_id for server_id, _ in results)
    ]
    return found


def steps_not_asked(
    results: Mapping[tuple[int, str], CheckResult], checks: Mapping[str, Check]
) -> list[Step]:
    """Give the steps of the monthly list that no check of an audit looked at, on any server."""
    asked = {check_id for _, check_id in results}
    seen = {one.step for one in checks.values() if one.id in asked and not one.is_off}
    return [one for one in Step if one not in seen]


def not_asked(
    servers: Sequence[AuditServer],
    results: Mapping[tuple[int, str], CheckResult],
    decisions: Mapping[Key, Decision],
    checks: Mapping[str, Check],
) -> list[Obstacle]:
    """Give what an audit would pass over in silence, were it signed so.

    A step that no check looked at wants a reason; so does, on each server, a critical check that
    was never asked.
    """
    found = []
    unseen = steps_not_asked(results, checks)
    for step in unseen:
        key = (WHOLE_AUDIT, step.value, "")
        if not _is_answered(decisions.get(key)):
            words = f"No check looked at “{step.value}”, and no reason is given for that."
            found.append(Obstacle(key=key, server_name="", words=words))
    critical = [
        one.id
        for one in checks.values()
        if one.severity is Severity.CRITICAL and not one.is_off and one.step not in unseen
    ]
    names = {one.server_id: one.server_name for one in servers if one.state is CollectState.DONE}
    for server_id in names:
        for check_id in critical:
            reasons = ((server_id, check_id, ""), (server_id, "", ""))
            is_told = any(_is_answered(decisions.get(key)) for key in reasons)
            if (server_id, check_id) not in results and not is_told:
                words = "is critical, was never asked and has no reason; run the audit again."
                found.append(_obstacle((server_id, check_id, ""), names, words))
    return found


def unanswered(
    servers: Sequence[AuditServer],
    results: Mapping[tuple[int, str], CheckResult],
    decisions: Mapping[Key, Decision],
    checks: Mapping[str, Check],
) -> list[Obstacle]:
    """Give the questions asked of people that nobody answered, of a server or of the whole of it.

    Those of critical severity are among the obstacles already.
    """
    names = {one.server_id: one.server_name for one in servers}
    found = []
    for (server_id, check_id), one in results.items():
        check = checks.get(check_id)
        if check is None or check.privilege is not Privilege.PERSON:
            continue
        if one.result is not Result.NOT_MEASURED or check.severity is Severity.CRITICAL:
            continue
        reasons = ((server_id, check_id, ""), (server_id, "", ""))
        if not any(_is_answered(decisions.get(key)) for key in reasons):
            words = f"wants an answer: {check.title}."
            found.append(_obstacle((server_id, check_id, ""), names, words))
    return found


def _is_answered(one: Decision | None) -> bool:
    return one is not None and one.kind in {DecisionKind.ANSWERED, DecisionKind.ACCEPTED}


def _obstacle(key: Key, names: Mapping[int, str], words: str) -> Obstacle:
    server_id, check_id, item = key
    name = names.get(server_id, f"server {server_id}")
    what = f"{check_id} {item}".strip()
    return Obstacle(key=key, server_name=name, words=f"{what} on {name} {words}")
