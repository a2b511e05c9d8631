"""The catalogue of checks: what is shipped in resources/checks, and what a site makes of it.

A wrong file is refused as a whole, with one sentence that names the file, the check and the key:
a check that is silently left out would look like one that passed. docs/checks.md tells the form.
"""

import dataclasses
import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from noc_console.audit.check import Check, Step
from noc_console.audit.check_reading import WrongCheckFile, check_of, limits_of, severity_of
from noc_console.resource import resource
from noc_console.store.location import StoreLocation, own_data_folder

_STEPS = {step: place for place, step in enumerate(Step)}


class UnknownCheck(WrongCheckFile):
    """A check that is not in the catalogue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All checks by id, in the order of the monthly list.

    `sha256` is over every byte of the files they come from: an audit keeps it.
    """

    checks: Mapping[str, Check]
    sha256: str

    @property
    def steps_unseen(self) -> tuple[Step, ...]:
        """Give the steps of the monthly list at which no check looks."""
        seen = {one.step for one in self.checks.values() if not one.is_off}
        return tuple(step for step in Step if step not in seen)

    def check(self, check_id: str) -> Check:
        """Give one check.

        Raises:
            UnknownCheck: there is none of that id.
        """
        found = self.checks.get(check_id.upper(), self.checks.get(check_id))
        if found is None:
            raise UnknownCheck(
                f"There is no check {check_id}; `noc-console audit checks` lists them."
            )
        return found


def load_catalogue(site_folder: Path | None = None) -> Catalogue:
    """Give the shipped checks, changed and added to by the files of a site's folder.

    Raises:
        WrongCheckFile: a file cannot be read or is not of the form; the sentence says where.
    """
    if site_folder is None or not site_folder.is_dir():
        return _shipped()
    files = sorted(site_folder.glob("*.toml"))
    return _made(_shipped_files(), files)


def checks_folder(location: StoreLocation) -> Path:
    """Give where a site's own check files lie: in its store's folder, or in a person's own."""
    return (location.folder or own_data_folder()) / "checks"


@cache
def _shipped() -> Catalogue:
    return _made(_shipped_files(), ())


def _shipped_files() -> list[Path]:
    return sorted(resource("checks").glob("*.toml"))


def _made(shipped: Sequence[Path], site: Sequence[Path]) -> Catalogue:
    checks: dict[str, Check] = {}
    digest = hashlib.sha256()
    for path in (*shipped, *site):
        told = _read(path, digest)
        for check in _checks_in(path, told):
            if check.id in checks:
                raise WrongCheckFile(f"{path}: the check {check.id} is there already; rename it.")
            checks[check.id] = check
        if path in site:
            checks |= {one.id: one for one in _changed(path, told, checks)}
    in_order = sorted(checks.values(), key=lambda one: (_STEPS[one.step], one.id))
    return Catalogue(checks={one.id: one for one in in_order}, sha256=digest.hexdigest())


def _read(path: Path, digest: Any) -> dict[str, Any]:
    try:
        content = path.read_bytes()
        told = tomllib.loads(content.decode("utf-8"))
    except (OSError, ValueError) as error:
        raise WrongCheckFile(f"{path} cannot be read as TOML: {error}.") from error
    digest.update(f"{path.name}\0{len(content)}\0".encode())
    digest.update(content)
    strangers = set(told) - {"step", "check", "change"}
    if strangers:
        raise WrongCheckFile(f"{path}: {min(strangers)!r} means nothing here; remove it.")
    return told


def _checks_in(path: Path, told: Mapping[str, Any]) -> Iterator[Check]:
    for table in _tables(path, told, "check"):
        yield check_of(path, told.get("step"), table)


def _changed(path: Path, told: Mapping[str, Any], checks: Mapping[str, Check]) -> Iterator[Check]:
    """Give the checks a site changes: other limits, another severity, or off with a reason."""
    for table in _tables(path, told, "change"):
        check_id = str(table.get("id"))
        if check_id not in checks:
            raise WrongCheckFile(f"{path}: there is no check {check_id!r} to change.")
        strangers = set(table) - {"id", "limits", "severity", "off"}
        if strangers:
            raise WrongCheckFile(
                f"{path}, {check_id}: {min(strangers)!r} cannot be changed, only limits, "
                "severity and off."
            )
        yield _with_changes(path, checks[check_id], table)


def _with_changes(path: Path, check: Check, table: Mapping[str, Any]) -> Check:
    off = table.get("off", check.is_off)
    if not isinstance(off, str):
        raise WrongCheckFile(f"{path}, {check.id}: off is the reason, in words.")
    return dataclasses.replace(
        check,
        limits=limits_of(path, check, table.get("limits", {})),
        severity=severity_of(path, check.id, table.get("severity", check.severity.value)),
        is_off=off,
    )


def _tables(path: Path, told: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    tables = told.get(name, [])
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        raise WrongCheckFile(f"{path}: {name} is written as [[{name}]].")
    return tables
