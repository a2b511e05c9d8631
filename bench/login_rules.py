"""How many true and false logins the check LOG-01 tells of: `python -m bench.login_rules`.

On the lines of a real sshd with what was done beside them, and on made-up months with things
planted in them. Of logs given as arguments what is told is printed: look through it yourself.
"""

import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from bench.login_months import MadeMonth, made_months
from noc_console.audit.agreed import Agreed
from noc_console.audit.catalogue import load_catalogue
from noc_console.audit.check import Family
from noc_console.audit.comparing import Around
from noc_console.audit.finding import CheckResult
from noc_console.audit.judging import RawOutcome, judge
from noc_console.audit.lifetimes import shipped_lifetimes
from noc_console.audit.logins.suspects import BACK
from noc_console.audit.logins.told import read_told

SERVERS = 120
SEED = 7
_PLAIN = 5
_CHECK = load_catalogue().check("LOG-01")
_OWN = Path(__file__).parent.parent / "tests" / "audit" / "logins" / "own_sshd"
_NOW = datetime(2026, 12, 1, tzinfo=UTC)
_RULES = {"S1": "guessed password", "S2": "root by password", "S3": "network", "S4": "key"}


def judged(output: bytes, earlier: tuple[bytes, ...] = (), now: datetime = _NOW) -> CheckResult:
    """Give what the check makes of a log, with nothing agreed and no signed audit before."""
    outcome = RawOutcome(
        check_id=_CHECK.id,
        output=output,
        exit_status=0,
        is_whole=True,
        is_missing=(),
        took_ms=0,
        cpu_ms=None,
        at=now,
        why="",
    )
    around = Around(
        now=now,
        server="web1",
        family=Family.DEBIAN,
        agreed=Agreed(),
        before=None,
        lifetimes=shipped_lifetimes(),
        earlier={_CHECK.id: earlier},
    )
    return judge(_CHECK, outcome, around)


def of_real_log() -> list[str]:
    """Give the rows of the table for the lines of a real sshd: told by rule against the truth."""
    rows = [line.split("\t") for line in (_OWN / "truth.tsv").read_text().splitlines()]
    truth = Counter(rule for row in rows for rule in row[-1].split(",") if rule)
    # both accounts may become root, so that each rule is judged
    power = b"POWER\taudit1\tadmin\nPOWER\taudit2\tadmin\n"
    log = (_OWN / "auth.log").read_bytes()
    told = [one for one in judged(power + log).findings if one.result.needs_decision]
    good = sum(row[4] == "True" for row in rows)
    lines = [f"A real sshd: {len(rows)} tries, of which {good} got in.", "", "| rule | is | told |"]
    lines += ["|---|---|---|"]
    for rule, name in _RULES.items():
        found = sum(one.item.startswith(name) for one in told)
        lines.append(f"| {rule} {name} | {truth[rule]} | {found} |")
    for one in told:
        lines.append(f"  {one.result.value}: {one.sentence}")
    return lines


def of_made_months(servers: int = SERVERS) -> tuple[list[str], int]:
    """Give the table of planted against told, and how many were missed."""
    planted, found, false = Counter[str](), Counter[str](), Counter[str]()
    naive = 0
    for month in made_months(SEED, servers):
        told = judged(month.now, (month.before,)).findings
        bad = {one.item: one.result for one in told if one.result.needs_decision}
        planted[month.plant] += 1
        found[month.plant] += month.items <= set(bad)
        for item in set(bad) - month.items - _beside(month):
            false[f"{bad[item].value}, {item.rpartition(' ')[0].rpartition(' ')[0]}"] += 1
        naive += _naive(month)
    lines = [f"Made-up months of {servers} servers, each with the month before:", ""]
    lines += ["| planted | servers | told |", "|---|---|---|"]
    lines += [
        f"| {name} | {count} | {found[name]} |"
        for name, count in planted.items()
        if name != "nothing"
    ]
    lines += ["", f"| false, of {servers} server-months | told |", "|---|---|"]
    lines += [f"| {name} | {count} |" for name, count in sorted(false.items())]
    lines.append(f"| the plain rule of five refused from the address | {naive} |")
    missed = sum(planted[name] - found[name] for name in planted)
    return lines, missed


def _beside(month: MadeMonth) -> set[str]:
    """Give what else is right to tell of a plant: a thief's network beside his key."""
    return {f"network {item.split()[-2]} {item.split()[-1]}" for item in month.items}


def _naive(month: MadeMonth) -> int:
    """Count the logins by password after five refused from the address that nobody planted."""
    told = read_told(month.now, _NOW)
    accounts = {
        (one.user, one.network)
        for one in told.logins
        if one.is_by_password
        and sum(
            bad.count
            for bad in told.failures
            if bad.address == one.event.address and one.at - BACK <= bad.at <= one.at
        )
        >= _PLAIN
    }
    return sum(f"guessed password {user} {where}" not in month.items for user, where in accounts)


def main() -> int:
    """Print the tables; exits 1 where something planted was missed."""
    for name in sys.argv[1:]:
        result = judged(Path(name).read_bytes(), now=datetime.now(UTC))
        print(f"{name}: {result.result.value} {result.why}")
        for one in result.findings:
            print(f"  {one.result.value}: {one.sentence}")
    lines, missed = of_made_months()
    print("\n".join([*of_real_log(), "", *lines]))
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
