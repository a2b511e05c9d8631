"""What an answer of a server means: judged by the check's rules. Pure: no I/O, no clock.

An empty answer is a pass only where the check says so, the tools were there, the command ended as
it should and its end was seen. Whatever stands against that is not measured, with why.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from noc_console.audit.check import Check, Empty, Privilege, Rule
from noc_console.audit.comparing import ENDS, Around, Judged, holds
from noc_console.audit.finding import CheckResult, Finding, Result, worst
from noc_console.audit.parsing.parsed import OutputNotUnderstood, Past, Table, Value
from noc_console.audit.parsing.registry import PARSERS, WITH_PAST
from noc_console.fleet.inert import inert
from noc_console.incidents.evidence.masking import MASK, mask, mask_text

MAX_FINDINGS = 500
"""More findings of one check on one server are one more finding that says how many there are."""
_TIMED_OUT = 124
"""What timeout(1) ends with."""
_MAX_ITEM = 300
_FIELD = re.compile(r"\{(\w+)(\??)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawOutcome:
    """What came of asking one check: the bytes, and whether they are all of them.

    `is_whole` is true when the end was seen; `exit_status` is None where that was never told;
    `why` says why nothing was asked or nothing came, and is empty otherwise.
    """

    check_id: str
    output: bytes
    exit_status: int | None
    is_whole: bool
    is_missing: tuple[str, ...]
    took_ms: int
    cpu_ms: int | None
    at: datetime
    why: str

    @classmethod
    def of_lines(cls, check: Check, lines: Iterable[str], *, took_s: float, at: datetime) -> Self:
        """Give what we found ourselves, without a command on the server, in lines."""
        return cls(
            check_id=check.id,
            output="".join(f"{one}\n" for one in lines).encode(),
            exit_status=check.exits[0],
            is_whole=True,
            is_missing=(),
            took_ms=round(took_s * 1000),
            cpu_ms=None,
            at=at,
            why="",
        )


def judge(check: Check, outcome: RawOutcome, around: Around) -> CheckResult:
    """Give what a check came to on a server."""
    result, why, findings = _judged(check, outcome, around)
    evidence = _evidence(check, outcome.output)
    lines = evidence.count(b"\n") + 1
    return CheckResult(
        check_id=check.id,
        result=result,
        why=why,
        findings=tuple(_within(one, lines) for one in findings),
        at=outcome.at,
        took_ms=outcome.took_ms,
        cpu_ms=outcome.cpu_ms,
        evidence=evidence,
        sha256=hashlib.sha256(outcome.output).hexdigest(),
        raw_bytes=len(outcome.output),
    )


_Verdict = tuple[Result, str, list[Finding]]


def _judged(check: Check, outcome: RawOutcome, around: Around) -> _Verdict:
    if check.is_off:
        return Result.NOT_APPLICABLE, f"Switched off here: {check.is_off}", []
    if check.privilege is Privilege.PERSON:
        return Result.NOT_MEASURED, "A person answers this.", []
    if check.privilege in {Privilege.PLAIN, Privilege.SUDO} and around.family not in check.commands:
        return Result.NOT_APPLICABLE, f"There is no such question for {around.family.value}.", []
    against = _stands_against(check, outcome)
    if against:
        return Result.NOT_MEASURED, against, []
    try:
        table = _table(check, outcome.output, around)
        return _judged_table(check, table, around, is_whole=outcome.is_whole)
    except OutputNotUnderstood as unclear:
        return Result.NOT_MEASURED, _why_unclear(unclear, outcome), []


def _table(check: Check, output: bytes, around: Around) -> Table:
    if check.parser not in WITH_PAST:
        return PARSERS[check.parser](output, check.options)
    past = Past(today=around.now.date(), earlier=around.earlier.get(check.id, ()))
    return WITH_PAST[check.parser](output, check.options, past)


def _why_unclear(unclear: OutputNotUnderstood, outcome: RawOutcome) -> str:
    if not outcome.is_whole:
        return "The answer was cut off before its end."
    return f"The answer was not understood: {inert(str(unclear))}"


def _stands_against(check: Check, outcome: RawOutcome) -> str:
    """Say why an answer means nothing, or nothing where it means something."""
    if outcome.why:
        return outcome.why
    if outcome.is_missing:
        return f"The server does not have {', '.join(outcome.is_missing)}."
    if not outcome.is_whole:
        return "" if outcome.output.strip() else "The answer was cut off before its end."
    if outcome.exit_status == _TIMED_OUT:
        return f"It took longer than {check.deadline_s:g} s and was ended."
    if outcome.exit_status not in check.exits:
        return f"The command ended with status {outcome.exit_status}."
    return ""


def _judged_table(check: Check, table: Table, around: Around, *, is_whole: bool) -> _Verdict:
    if table.is_empty:
        return _judged_empty(check, is_whole=is_whole)
    findings = _merged(_row_findings(check, table, around))
    if not is_whole:
        return _judged_part(findings)
    findings = _merged([*findings, *_table_findings(check, table, around)])
    result = worst([one.result for one in findings] or [Result.PASS])
    said = (one.sentence for one in findings if one.result is result)
    is_told = result in {Result.NOT_MEASURED, Result.NOT_APPLICABLE}
    return (
        result,
        next(said) if is_told else _notes(check, table, around),
        _bounded(check, findings),
    )


def _notes(check: Check, table: Table, around: Around) -> str:
    """Say what was left out, and that the table of ends of life is old where it was asked."""
    asks = any(how in ENDS for rule in check.rules for _, how, _ in rule.where)
    old = f"The table of ends of life is of {around.lifetimes.as_of}: newer versions are not in it."
    is_old = asks and around.lifetimes.is_old(around.now.date())
    return " ".join([*table.notes, *([old] if is_old else [])])


def _judged_part(findings: list[Finding]) -> _Verdict:
    """Judge the part of an answer that came: what is bad in it is bad, the rest is not known."""
    bad = [one for one in findings if one.result.needs_decision]
    why = "The answer was cut off before its end; there may be more."
    return worst([Result.NOT_MEASURED, *(one.result for one in bad)]), why, bad[:MAX_FINDINGS]


def _judged_empty(check: Check, *, is_whole: bool) -> _Verdict:
    if not is_whole:
        return Result.NOT_MEASURED, "The answer was cut off before its end.", []
    if check.empty is Empty.FAIL:
        return Result.FAIL, "", [_finding(check, "", Result.FAIL, check.empty_sentence, ())]
    result = Result(check.empty.value)
    return result, "" if result is Result.PASS else check.empty_sentence, []


def _row_findings(check: Check, table: Table, around: Around) -> Iterable[Finding]:
    rules = [rule for rule in check.rules if rule.per_row]
    for row in table.rows:
        item = _filled(check.item, row.fields)[:_MAX_ITEM]
        fields = {**row.fields, "item": item}
        judged = Judged(check_id=check.id, item=item)
        rule = _first(rules, fields, check.limits, judged, around)
        if rule is not None:
            sentence = _filled(rule.sentence, _sayable(check.limits) | fields)
            yield _finding(check, item, rule.result, sentence, (row.line,))


def _table_findings(check: Check, table: Table, around: Around) -> Iterable[Finding]:
    rules = [rule for rule in check.rules if not rule.per_row]
    fields: dict[str, Value] = {"count": len(table.rows), **table.sums}
    rule = _first(rules, fields, check.limits, Judged(check_id=check.id, item=""), around)
    if rule is not None:
        sentence = _filled(rule.sentence, _sayable(check.limits) | fields)
        yield _finding(check, "", rule.result, sentence, _lines_of(rule, table))


def _lines_of(rule: Rule, table: Table) -> tuple[int, ...]:
    """Give the lines that name what a rule over the whole table looked at."""
    names = {name for name, _, _ in rule.where}
    return tuple(row.line for row in table.rows if row.fields.get("name") in names)


def _first(
    rules: Iterable[Rule],
    fields: Mapping[str, Value],
    limits: Mapping[str, Any],
    judged: Judged,
    around: Around,
) -> Rule | None:
    for rule in rules:
        if all(
            holds(how, _field(fields, name), _wanted(wanted, limits), judged, around)
            for name, how, wanted in rule.where
        ):
            return rule
    return None


def _field(fields: Mapping[str, Value], name: str) -> Value:
    if name.endswith("?"):  # a field the server may leave out: then it is empty
        return fields.get(name[:-1], "")
    try:
        return fields[name]
    except KeyError as error:
        raise OutputNotUnderstood(f"The answer does not tell {name}.") from error


def _wanted(wanted: Any, limits: Mapping[str, Any]) -> Any:
    if isinstance(wanted, str) and wanted.startswith("$"):
        return limits[wanted[1:]]
    if isinstance(wanted, list):
        return [_wanted(one, limits) for one in wanted]
    return wanted


def _sayable(limits: Mapping[str, Any]) -> dict[str, Value]:
    return {name: one for name, one in limits.items() if isinstance(one, str | int | float)}


def _filled(text: str, fields: Mapping[str, Value]) -> str:
    """Put fields in the place of their names; `{name?}` may be missing."""

    def told(found: re.Match[str]) -> str:
        return inert(mask_text(str(fields.get(found[1], "" if found[2] else "?"))), 200)

    return _FIELD.sub(told, text).strip()


def _finding(
    check: Check, item: str, result: Result, sentence: str, marks: tuple[int, ...]
) -> Finding:
    return Finding(
        check_id=check.id,
        item=item,
        result=result,
        severity=check.severity,
        sentence=sentence,
        marks=marks,
    )


def _merged(findings: Iterable[Finding]) -> list[Finding]:
    """Give one finding an item, the worst of each, with the lines of all of them."""
    by_item: dict[str, Finding] = {}
    for one in findings:
        before = by_item.get(one.item)
        if before is None:
            by_item[one.item] = one
            continue
        worse = min(before, one, key=lambda each: each.result.urgency)
        by_item[one.item] = Finding(
            check_id=one.check_id,
            item=one.item,
            result=worse.result,
            severity=worse.severity,
            sentence=worse.sentence,
            marks=tuple(sorted({*before.marks, *one.marks})),
        )
    return list(by_item.values())


def _bounded(check: Check, findings: list[Finding]) -> list[Finding]:
    if len(findings) <= MAX_FINDINGS:
        return findings
    first = sorted(findings, key=lambda one: one.result.urgency)
    left = first[MAX_FINDINGS:]
    sentence = f"There are {len(left):,} more such findings; the worst of them counts here."
    return [
        *first[:MAX_FINDINGS],
        _finding(check, "(more)", worst(one.result for one in left), sentence, ()),
    ]


def _evidence(check: Check, output: bytes) -> bytes:
    kept = output[: check.keeps]
    if len(kept) < len(output) and b"\n" in kept:
        kept = kept[: kept.rindex(b"\n") + 1]
    kept = mask(kept)
    for pattern in check.redact:
        kept = re.sub(pattern.encode(), MASK.encode(), kept)
    return kept


def _within(one: Finding, lines: int) -> Finding:
    """Leave out the marks of lines that were not kept."""
    if all(mark <= lines for mark in one.marks):
        return one
    return Finding(
        check_id=one.check_id,
        item=one.item,
        result=one.result,
        severity=one.severity,
        sentence=one.sentence,
        marks=tuple(mark for mark in one.marks if mark <= lines),
    )
