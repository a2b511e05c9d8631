"""Which lines apply to a server, and why: its own, its group's, everybody's, a profile's. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from noc_console.fleet.server import Server
from noc_console.health.lines import Lines
from noc_console.health.profiles import EVERY, Profile, shipped_profiles
from noc_console.telemetry.metrics import family


class Scope(Enum):
    """For whom a person chose lines or a profile."""

    SERVER = "server"
    GROUP = "group"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """One server, one group, or all servers; `name` is a server's id, a group's name, or empty."""

    scope: Scope
    name: str = ""

    @classmethod
    def server(cls, server_id: int) -> "Owner":
        """Give the owner that one server is."""
        return cls(scope=Scope.SERVER, name=str(server_id))

    @classmethod
    def group(cls, name: str) -> "Owner":
        """Give the owner that one group is."""
        return cls(scope=Scope.GROUP, name=name)


ALL = Owner(scope=Scope.ALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The lines of one key, and where they come from in words: `group web`, `profile Mail`."""

    key: str
    lines: Lines
    source: str
    owner: Owner | None = None
    """Who chose them; None where they are a profile's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSet:
    """All lines of one server, by key; a key of one thing goes before that of its family."""

    rules: Mapping[str, Rule]
    profile: Profile
    profile_source: str

    def rule(self, key: str) -> Rule | None:
        """Give the rule of a key; None where nothing is said about it."""
        return self.rules.get(key) or self.rules.get(family(key))

    def lines(self, key: str, cores: float = 1.0) -> Lines | None:
        """Give the lines of a key on a server with so many cores; None where there are none."""
        rule = self.rule(key)
        return None if rule is None or rule.lines.is_silent else rule.lines.scaled(cores)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineBook:
    """What people chose, on top of the shipped profiles."""

    chosen: Mapping[Owner, Mapping[str, Lines]] = field(default_factory=dict)
    profiles: Mapping[Owner, str] = field(default_factory=dict)

    def line_set(self, server: Server) -> LineSet:
        """Give the lines of a server: each key's from the nearest that says something about it.

        Of several groups the first in the server's own list that says something counts.
        """
        profile, profile_source = self.profile_of(server)
        every = shipped_profiles()[EVERY]
        rules: dict[str, Rule] = {}
        _lay(rules, every.lines, f"profile {every.title}", None)
        if profile.key != EVERY:
            _lay(rules, profile.lines, f"profile {profile.title}", None)
        for owner in reversed(owners_of(server)):
            _lay(rules, self.chosen.get(owner, {}), owner_words(owner), owner)
        return LineSet(rules=rules, profile=profile, profile_source=profile_source)

    def profile_of(self, server: Server) -> tuple[Profile, str]:
        """Give a server's profile and who chose it, in words."""
        shipped = shipped_profiles()
        for owner in owners_of(server):
            chosen = shipped.get(self.profiles.get(owner, ""))
            if chosen is not None:
                return chosen, f"chosen for {owner_words(owner)}"
        return shipped[EVERY], "nobody chose another"

    def of_owner(self, owner: Owner) -> Mapping[str, Lines]:
        """Give what was chosen for an owner alone."""
        return self.chosen.get(owner, {})


def owners_of(server: Server) -> tuple[Owner, ...]:
    """Give who may choose lines for a server, the nearest first."""
    return (Owner.server(server.id), *(Owner.group(name) for name in server.groups), ALL)


def owner_words(owner: Owner) -> str:
    """Give an owner in words."""
    match owner.scope:
        case Scope.SERVER:
            return "this server"
        case Scope.GROUP:
            return f"group {owner.name}"
        case Scope.ALL:
            return "all servers"


def keys_in_order(rules: Iterable[str]) -> list[str]:
    """Give keys as the shipped profile has them, then the others by name."""
    order = {key: place for place, key in enumerate(shipped_profiles()[EVERY].lines)}
    return sorted(rules, key=lambda key: (order.get(family(key), len(order)), key))


def _lay(
    rules: dict[str, Rule], lines: Mapping[str, Lines], source: str, owner: Owner | None
) -> None:
    """Lay lines over what was said before; a family's also hide what was said of its things."""
    for key in lines:
        if ":" not in key:
            for other in [one for one in rules if family(one) == key]:
                del rules[other]
    for key, found in lines.items():
        rules[key] = Rule(key=key, lines=found, source=source, owner=owner)
