"""An incident's facts as the rows of its tables, made off the GUI thread. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from noc_console.fleet.inert import inert
from noc_console.incidents.evidence.evidence import Recording
from noc_console.incidents.incident.incident import (
    AffectedServer,
    EntryKind,
    Incident,
    IncidentEntry,
)
from noc_console.incidents.incident.incident_facts import IncidentFacts
from noc_console.incidents.incident.timeline import Moment
from noc_console.incidents.post_mortem.post_mortem import Said, said_in

MOST_MOMENTS = 1000
_SITES_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerRow:
    """An affected server, how many sites are on it, and some of them in words."""

    server_id: int
    name: str
    sites: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDetails:
    """What the window shows of one incident; lists have the newest first."""

    incident: Incident
    entries: Sequence[IncidentEntry]
    moments: tuple[Moment, ...]
    servers: tuple[ServerRow, ...]
    said: tuple[Said, ...]
    recordings: tuple[Recording, ...]
    scope: str
    """How many servers, sites and customers feel it."""

    @property
    def updates(self) -> int:
        """How often customers were told something."""
        return sum(one.kind is EntryKind.UPDATE for one in self.entries)


def details_of(facts: IncidentFacts) -> IncidentDetails:
    """Give what the window shows of an incident."""
    return IncidentDetails(
        incident=facts.incident,
        entries=facts.entries,
        moments=tuple(reversed(facts.timeline().moments[-MOST_MOMENTS:])),
        servers=tuple(_row(one) for one in facts.affected),
        said=tuple(reversed(said_in(facts))),
        recordings=tuple(facts.recordings),
        scope=scope_words(facts.affected),
    )


def scope_words(affected: Sequence[AffectedServer]) -> str:
    """Give how many feel it."""
    sites = {site.domain for one in affected for site in one.sites}
    customers = {site.customer for one in affected for site in one.sites if site.customer}
    return ", ".join(
        f"{count:,} {noun}{'' if count == 1 else 's'}"
        for count, noun in (
            (len(affected), "server"),
            (len(sites), "site"),
            (len(customers), "customer"),
        )
    )


def _row(one: AffectedServer) -> ServerRow:
    some = one.sites[:_SITES_SHOWN]
    customers = dict.fromkeys(site.customer for site in some if site.customer)
    words = f"{', '.join(customers)}: {', '.join(site.domain for site in some)}".lstrip(": ")
    return ServerRow(
        server_id=one.server_id, name=inert(one.name), sites=len(one.sites), words=inert(words)
    )
