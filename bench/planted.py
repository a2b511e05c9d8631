"""Faults planted on a Debian of its own, and which checks find them: `python -m bench.planted`.

As root, with debootstrap; the first run fetches a Debian. A folder that is given is used again.
"""

import sys
import tempfile
from pathlib import Path

from noc_console.audit.finding import CheckResult
from tests.audit.planted.faults import FAULTS, Fault
from tests.audit.planted.host import asked, changed, made_debian
from tests.audit.planted.later_faults import LATER_FAULTS


def sentence_for(fault: Fault, results: dict[str, CheckResult]) -> str:
    """Give the sentence that names a planted fault; empty where it was not found."""
    for one in results[fault.check].findings:
        if one.result.needs_decision and _names(one.item, fault.item):
            return f"{one.result.value}: {one.sentence}"
    return ""


def _names(item: str, wanted: str) -> bool:
    return item == wanted or (item.startswith(f"{wanted} ") and bool(wanted))


def main() -> int:
    """Print the table; exits 1 where a fault was missed or the clean host fails."""
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        lower = made_debian(Path(sys.argv[1]) if len(sys.argv) > 1 else work / "debian")
        clean = asked(lower, work / "clean", ())
        hosts = []
        for name, faults in (("planted", FAULTS), ("misused", LATER_FAULTS)):
            found = asked(lower, work / name, [one.made_by for one in faults])
            hosts += [(one, found) for one in faults]
        written = [one for name in ("clean", "planted", "misused") for one in changed(work / name)]
    missed = 0
    print("| check | planted | found |\n|---|---|---|")
    for fault, found in hosts:
        sentence = sentence_for(fault, found)
        missed += not sentence
        print(f"| {fault.check} | {fault.item} | {sentence or 'MISSED'} |")
    bad = [(one, f) for one in clean.values() for f in one.findings if f.result.value == "fail"]
    unclear = [one for one in clean.values() if one.result.value == "not measured"]
    print(f"\n{len(hosts) - missed} of {len(hosts)} planted faults found and named.")
    print(f"The clean host: {len(bad)} fails, {len(unclear)} not measured.")
    for one, finding in bad:
        print(f"  fail {one.check_id}: {finding.sentence}")
    for one in unclear:
        print(f"  not measured {one.check_id}: {one.why}")
    print(f"Files and folders that changed while the checks ran: {', '.join(written) or 'none'}.")
    return 1 if missed or bad or written else 0


if __name__ == "__main__":
    raise SystemExit(main())
