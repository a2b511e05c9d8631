"""`noc-console audit checks`: the catalogue, in the order of the monthly list."""

import argparse
import json
import shutil

from noc_console.audit.catalogue import checks_folder, load_catalogue
from noc_console.audit.check import Check
from noc_console.cli.terminal_text import Column, table
from noc_console.store.location import StoreLocation

_COLUMNS = (
    Column(title="ID"),
    Column(title="STEP", drop_at=1),
    Column(title="SEVERITY"),
    Column(title="ASKED AS", drop_at=2),
    Column(title="COST", drop_at=3),
    Column(title="TITLE", is_sentence=True, shrinks_to=24),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the form."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the catalogue, the site's own files included."""
    catalogue = load_catalogue(checks_folder(StoreLocation.parse(arguments.store)))
    checks = list(catalogue.checks.values())
    if arguments.json:
        told = {"sha256": catalogue.sha256, "checks": [_told(one) for one in checks]}
        print(json.dumps(told, indent=2, ensure_ascii=False))
        return 0
    rows = [
        (
            one.id,
            one.step.value,
            one.severity.value,
            one.privilege.value,
            one.cost.value,
            f"{one.title} (off: {one.is_off})" if one.is_off else one.title,
        )
        for one in checks
    ]
    print("\n".join(table(_COLUMNS, rows, shutil.get_terminal_size().columns)))
    return 0


def _told(check: Check) -> dict[str, object]:
    return {
        "id": check.id,
        "step": check.step.value,
        "title": check.title,
        "rationale": check.rationale,
        "severity": check.severity.value,
        "references": list(check.references),
        "privilege": check.privilege.value,
        "needs": list(check.needs),
        "commands": {family.value: command for family, command in check.commands.items()},
        "parser": check.parser,
        "cost": check.cost.value,
        "limits": dict(check.limits),
        "mend": check.mend,
        "off": check.is_off,
    }
