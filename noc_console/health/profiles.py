"""The profiles that ship with the program: lines for kinds of server, as data in `resources/`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from noc_console.health.lines import Lines, lines_from_json
from noc_console.health.measures import measure_of
from noc_console.resource import resource
from noc_console.telemetry.metrics import family

EVERY = "every"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Lines by key for one kind of server; what it does not say is as for every server."""

    key: str
    title: str
    words: str
    lines: Mapping[str, Lines]


@cache
def shipped_profiles() -> Mapping[str, Profile]:
    """Give the profiles by key, that of every server first."""
    found = [read_profile(path) for path in sorted(resource("profiles").glob("*.toml"))]
    found.sort(key=lambda profile: (profile.key != EVERY, profile.title))
    return {profile.key: profile for profile in found}


def usual_lines(key: str, cores: float) -> Lines | None:
    """Give the lines of a key as they are for every server nobody chose others for."""
    lines = shipped_profiles()[EVERY].lines.get(family(key))
    return None if lines is None else lines.scaled(cores)


def read_profile(path: Path) -> Profile:
    """Give the profile of a file.

    Raises:
        InvalidLines: it has lines that cannot be right.
        ValueError: it is no profile.
    """
    told: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    for key in told["lines"]:
        if measure_of(key) is None:
            raise ValueError(f"{path.name}: nothing is measured by {key!r}")
    return Profile(
        key=path.stem,
        title=str(told["title"]),
        words=str(told["words"]),
        lines={key: lines_from_json(values) for key, values in told["lines"].items()},
    )
