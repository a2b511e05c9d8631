"""The post-mortem of an incident, read from the store. Meant for a thread of its own."""

from collections.abc import Callable, Sequence
from datetime import datetime

from noc_console.incidents.incident_facts import IncidentFacts, read_facts
from noc_console.incidents.post_mortem import Picture, PostMortem, draft_post_mortem
from noc_console.store.store import Store

Draw = Callable[[IncidentFacts], Sequence[Picture]]
"""Draws what a post-mortem shows; Qt is no business of this room."""


def read_post_mortem(
    store: Store,
    incident_id: int,
    now: datetime,
    draw: Draw = lambda _facts: (),
) -> PostMortem:
    """Give the post-mortem of an incident as it stands.

    Raises:
        UnknownIncident: there is none of that number.
    """
    facts = read_facts(store, incident_id, now)
    return draft_post_mortem(facts, pictures=draw(facts))
