"""What stands against signing an audit. Pure: no I/O, no clock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from noc_console.audit.audit import AuditServer, CollectState
from noc_console.audit.decision import Decision, DecisionKind, Key
from noc_console.audit.finding import CheckResult, Finding, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One thing that stands against it, and the finding it is about."""

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


def _is_answered(one: Decision | None) -> bool:
    return one is not None and one.kind in {DecisionKind.ANSWERED, DecisionKind.ACCEPTED}


def _obstacle(key: Key, names: Mapping[int, str], words: str) -> Obstacle:
    server_id, check_id, item = key
    name = names.get(server_id, f"server {server_id}")
    what = f"{check_id} {item}".strip()
    return Obstacle(key=key, server_name=name, words=f"{what} on {name} {words}")
