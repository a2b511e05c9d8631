"""What a person sees before they sign an audit: what it holds, what stands against it, their keys.

Reads the store and the ssh-agent: off the GUI thread.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from noc_console.audit.audit import Audit, AuditState, Signature
from noc_console.audit.catalogue import checks_folder, load_catalogue
from noc_console.audit.decision import DecisionKind
from noc_console.audit.finding import Result
from noc_console.audit.may_sign import Obstacle, steps_not_asked
from noc_console.audit.sealing import AUDITOR, COUNTERSIGNER, signatures_of
from noc_console.audit.signing_keys import KeyAtHand, keys_at_hand
from noc_console.audit.verifying import verify_audit
from noc_console.audit.whole import WholeAudit, read_whole
from noc_console.fleet.host_keys import fingerprint_of
from noc_console.store.store import Store

_WANTED = {AUDITOR: AuditState.OPEN, COUNTERSIGNER: AuditState.SIGNED}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSign:
    """What one person would sign as what.

    `refused` says in a sentence why it cannot be signed now, whatever is decided; else it is empty.
    """

    audit: Audit
    role: str
    by: str
    holds: str
    """In words: servers, results, decisions."""
    against: tuple[Obstacle, ...]
    refused: str
    unseen: tuple[str, ...]
    """The steps of the monthly list that no check looked at."""
    signatures: tuple[Signature, ...]
    keys: tuple[KeyAtHand, ...]

    @property
    def may_be_signed(self) -> bool:
        """Whether nothing stands against it."""
        return not self.refused and not self.against


def read_to_sign(
    store: Store, audit_id: int, role: str, by: str, today: date, *, with_keys: bool = True
) -> ToSign:
    """Read what somebody would sign; without keys only whether they may.

    Raises:
        ConsoleError: there is no such audit, or the catalogue cannot be read.
    """
    whole = read_whole(store, audit_id, today)
    catalogue = load_catalogue(checks_folder(store.location))
    signatures = tuple(signatures_of(store, audit_id))
    refused = _refused(store, whole.audit, role, by, signatures)
    return ToSign(
        audit=whole.audit,
        role=role,
        by=by,
        holds=_holds(whole),
        against=tuple(whole.against_signing(catalogue.checks))
        if role == AUDITOR and not refused
        else (),
        refused=refused,
        unseen=tuple(one.value for one in steps_not_asked(whole.results, catalogue.checks)),
        signatures=signatures,
        keys=_keys_for(signatures) if with_keys and not refused else (),
    )


def _keys_for(signatures: tuple[Signature, ...]) -> tuple[KeyAtHand, ...]:
    """Give the keys at hand, those that signed it already last: two sign with two keys."""
    used = {fingerprint_of(one.public_key) for one in signatures}
    return tuple(sorted(keys_at_hand(), key=lambda one: one.fingerprint in used))


def _refused(
    store: Store, audit: Audit, role: str, by: str, signatures: tuple[Signature, ...]
) -> str:
    if audit.state is not _WANTED[role]:
        return _STATES[role, audit.state]
    if role == AUDITOR:
        return ""
    if any(one.by.casefold() == by.casefold() for one in signatures):
        return (
            f"{by} signed it as its auditor. Another person counter-signs, at their own desk or"
            " with their own name in this desk’s settings."
        )
    broken = verify_audit(store, audit.id).broken
    if broken:
        return f"It is not as its auditor signed it: {'; '.join(broken[:3])}. Verify shows all."
    return ""


_STATES: Mapping[tuple[str, AuditState], str] = {
    (AUDITOR, AuditState.SIGNED): "It is signed; another person counter-signs it.",
    (AUDITOR, AuditState.COUNTERSIGNED): "It is signed by two people; a correction is a revision.",
    (COUNTERSIGNER, AuditState.OPEN): "Its auditor has not signed it yet.",
    (COUNTERSIGNER, AuditState.COUNTERSIGNED): "It is signed by two people already.",
}


def _holds(whole: WholeAudit) -> str:
    results = Counter(one.result for one in whole.results.values())
    kinds = Counter(one.kind for one in whole.decisions.values())
    words = [
        f"{_count(len(whole.servers), 'server')}, {_count(len(whole.results), 'check')}:",
        ", ".join(
            f"{results[one]:,} {name}"
            for one, name in (
                (Result.FAIL, "failed"),
                (Result.WARN, "with a warning"),
                (Result.NOT_MEASURED, "not measured"),
            )
        )
        + ".",
    ]
    decided = [f"{kinds[one]:,} {one.value}" for one in DecisionKind if kinds[one]]
    words.append(f"Decided: {', '.join(decided)}." if decided else "Nothing is decided.")
    return " ".join(words)


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
