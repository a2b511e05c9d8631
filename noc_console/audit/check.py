"""What a check is: how it is asked of each family of systems, and how its answer is judged.

Pure: no I/O, no clock. The catalogue (`resources/checks/`) is made of these; see docs/checks.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from noc_console.audit.finding import Result, Severity


class Step(Enum):
    """The steps of the monthly list, in the order in which an auditor goes through them."""

    UPDATES = "software updated"
    FIREWALL = "firewall and ports"
    SERVICES = "minimum services"
    USERS = "user security"
    LOGGING = "logging"
    DIRECTORIES = "world-writable directories"
    LOGINS = "suspect logins"
    SPAM = "spamming"
    PERFORMANCE = "performance"
    BACKUPS = "backups"
    CERTIFICATES = "certificates and DNS"
    HARDWARE = "disks and time"
    BREAK_IN = "signs of break-in"
    APPLICATIONS = "web applications"
    PEOPLE = "asked of people"


class Privilege(Enum):
    """Who has to look."""

    PLAIN = "plain"
    SUDO = "sudo"
    DESK = "desk"
    """The engine, from outside the server."""
    STORE = "store"
    """The console's own history."""
    PERSON = "person"


class Family(Enum):
    """Families of systems; a command is written for each, or for all."""

    DEBIAN = "debian"
    RHEL = "rhel"
    OTHER = "other"


class Cost(Enum):
    """Whether a check may run beside others."""

    LIGHT = "light"
    HEAVY = "heavy"
    """One server at a time on a host machine, behind a gate of load, within a window of time."""


class Empty(Enum):
    """What an empty answer means, once the tool was there, ended well and its end was seen."""

    PASS = "pass"  # noqa: S105 - a word of judgement, no secret
    FAIL = "fail"
    NOT_MEASURED = "not measured"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line of judgement: the first rule whose conditions all hold for a row decides.

    `where` has (field, comparator, value); `per_row` is false for one that looks at the whole
    table: its field is then the name of a sum, such as `count`. `sentence` names fields in braces.
    """

    result: Result
    where: tuple[tuple[str, str, Any], ...]
    sentence: str
    per_row: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check of the catalogue."""

    id: str
    step: Step
    title: str
    rationale: str
    severity: Severity
    references: tuple[str, ...]
    privilege: Privilege
    needs: tuple[str, ...]
    """Commands without which an answer means nothing: not measured."""
    commands: Mapping[Family, str]
    """A shell fragment by family; a family without one is not applicable."""
    exits: tuple[int, ...]
    """Exit statuses that count as ended well."""
    parser: str
    options: Mapping[str, Any]
    """What the parser is told, such as names of columns."""
    item: str
    """The item of a row, with fields in braces, such as `{proto}/{port}`."""
    empty: Empty
    empty_sentence: str
    rules: tuple[Rule, ...]
    limits: Mapping[str, Any]
    """Named numbers and lists the rules refer to as `$name`; a site may change them."""
    keeps: int
    """The most bytes of evidence that are kept."""
    redact: tuple[str, ...]
    """Patterns whose matches never leave the engine, beside the usual secrets."""
    deadline_s: float
    cost: Cost
    mend: str
    is_off: str = ""
    """Why a site switched it off; empty: it is on."""
