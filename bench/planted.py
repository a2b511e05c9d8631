"""Faults planted on servers, and which checks find them: `python -m bench.planted`.

Three Debians of their own, with faults in their settings, in their logs, and from neglect; names,
certificates, ports and a history as the engine sees them; and a clean Debian, which must not fail.
As root, with debootstrap; the first run fetches a Debian. A folder that is given is used again.
"""

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from noc_console.audit.finding import CheckResult
from tests.audit.planted.faults import FAULTS
from tests.audit.planted.host import asked, changed, made_debian
from tests.audit.planted.later_faults import LATER_FAULTS
from tests.audit.planted.neglected_faults import BACKUP_PATHS, NEGLECTED_FAULTS
from tests.audit.planted.seen_from_here import SEEN_FAULTS, looked_at

HOSTS = {"planted": FAULTS, "misused": LATER_FAULTS, "neglected": NEGLECTED_FAULTS}


def sentence_for(item: str, results: Sequence[CheckResult]) -> str:
    """Give the sentence that names a planted fault; empty where it was not found."""
    for one in (each for result in results for each in result.findings):
        if one.result.needs_decision and _names(one.item, item):
            return f"{one.result.value}: {one.sentence}"
    return ""


def _names(item: str, wanted: str) -> bool:
    return item == wanted or (item.startswith(f"{wanted} ") and bool(wanted))


def _on_hosts(lower: Path, work: Path, clean: Mapping[str, CheckResult]) -> Iterator[list[str]]:
    before = frozenset((one.check_id, f.item) for one in clean.values() for f in one.findings)
    for name, faults in HOSTS.items():
        is_neglected = faults is NEGLECTED_FAULTS
        found = asked(
            lower,
            work / name,
            [one.made_by for one in faults],
            backup_paths=BACKUP_PATHS if is_neglected else (),
            before=before if is_neglected else None,
        )
        for one in faults:
            yield [one.check, one.item, sentence_for(one.item, [found[one.check]])]


def _from_here(work: Path) -> Iterator[list[str]]:
    work.mkdir()
    with looked_at(work) as (found, words):
        for one in SEEN_FAULTS:
            item = one.item.format(**words)
            yield [one.check, item, sentence_for(item, found[one.check])]


def main() -> int:
    """Print the table; exits 1 where a fault was missed or the clean host fails."""
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        lower = made_debian(Path(sys.argv[1]) if len(sys.argv) > 1 else work / "debian")
        clean = asked(lower, work / "clean", ())
        rows = [*_on_hosts(lower, work, clean), *_from_here(work / "here")]
        written = [one for name in ("clean", *HOSTS) for one in changed(work / name)]
    print("| check | planted | found |\n|---|---|---|")
    for check, item, sentence in rows:
        print(f"| {check} | {item} | {sentence or 'MISSED'} |")
    missed = sum(1 for _, _, sentence in rows if not sentence)
    bad = [(one, f) for one in clean.values() for f in one.findings if f.result.value == "fail"]
    unclear = [one for one in clean.values() if one.result.value == "not measured"]
    print(f"\n{len(rows) - missed} of {len(rows)} planted faults found and named.")
    print(f"{len({check for check, _, _ in rows})} checks have a planted fault.")
    print(f"The clean host: {len(bad)} fails, {len(unclear)} not measured.")
    for one, finding in bad:
        print(f"  fail {one.check_id}: {finding.sentence}")
    for one in unclear:
        print(f"  not measured {one.check_id}: {one.why}")
    print(f"Files and folders that changed while the checks ran: {', '.join(written) or 'none'}.")
    return 1 if missed or bad or written else 0


if __name__ == "__main__":
    raise SystemExit(main())
