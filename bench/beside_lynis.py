"""Lynis beside our checks on one planted Debian: `python -m bench.beside_lynis DEBIAN LYNIS`.

As root. DEBIAN is a debootstrap folder (see bench.planted), LYNIS the unpacked package of Lynis.
Prints what Lynis finds with what we have for it, what we find and Lynis does not, and what both
cost the host in processor time.
"""

import re
import sys
import tempfile
from pathlib import Path

from bench.lynis_scope import OURS, OUT_OF_SCOPE
from noc_console.audit.finding import CheckResult
from tests.audit.planted.faults import FAULTS
from tests.audit.planted.host import asked, made_debian

_FOUND = re.compile(r"^(warning|suggestion)\[\]=([A-Z]+-\d+)\|([^|]*)", re.MULTILINE)
_TIMES = re.compile(r"(\d+)m([\d.]+)s")
_BESIDE = r"""
tar c -C "$LYNIS" . | tar x --keep-directory-symlink -C "$r"
for each in light all; do cp "$WORK/$each" "$r/run/$each"; chroot "$r" sh -c "sh </run/$each >/dev/null 2>&1; times" >"$WORK/times-$each"; done
chroot "$r" sh -c "lynis audit system --quick --no-colors >/dev/null 2>&1; times" >"$WORK/times-lynis"
cp "$r/var/log/lynis-report.dat" "$WORK/"
"""  # noqa: E501 - a line of shell is told whole


def spent_s(times: str) -> float:
    """Give the processor time that `times` of a shell tells, of itself and its children."""
    return sum(int(minutes) * 60 + float(seconds) for minutes, seconds in _TIMES.findall(times))


def said_of(lynis_id: str, results: dict[str, CheckResult]) -> str:
    """Give what we have for a test of Lynis: our checks and what they came to, or why none."""
    if lynis_id in OUT_OF_SCOPE:
        return f"not ours: {OUT_OF_SCOPE[lynis_id]}"
    checks = OURS.get(lynis_id, ())
    return ", ".join(f"{one} {results[one].result.value}" for one in checks if one in results)


def main() -> int:
    """Print the tables; exits 1 where Lynis finds what is neither ours nor ruled out."""
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch) / "host"
        lower, lynis = made_debian(Path(sys.argv[1])), Path(sys.argv[2]).resolve()
        plant = [one.made_by for one in FAULTS]
        results = asked(lower, work, plant, beside=_BESIDE, lynis=lynis)
        report = (work / "lynis-report.dat").read_text(errors="replace")
        spent = {name: (work / f"times-{name}").read_text() for name in ("light", "all", "lynis")}
    missed = 0
    print("| Lynis | what it says | ours |\n|---|---|---|")
    for kind, name, text in dict.fromkeys(_FOUND.findall(report)):
        ours = said_of(name, results)
        missed += not ours
        print(f"| {name} ({kind}) | {text} | {ours or 'MISSED'} |")
    covered = {check for some in OURS.values() for check in some}
    alone = [
        one
        for check, result in results.items()
        if check not in covered
        for one in result.findings
        if one.result.needs_decision
    ]
    print(f"\nOurs alone: {len(alone)} findings, among them:")
    for one in alone[:40]:
        print(f"  {one.check_id} {one.result.value}: {one.sentence[:140]}")
    light, whole, theirs = (spent_s(spent[name]) for name in ("light", "all", "lynis"))
    print(f"\nProcessor time: light checks {light:.1f} s, all {whole:.1f} s, Lynis {theirs:.1f} s.")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
