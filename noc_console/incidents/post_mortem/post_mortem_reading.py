"""The post-mortem of an incident, read from the store. Meant for a thread of its own."""

from collections.abc import Callable, Sequence
from datetime import datetime

from noc_console.incidents.evidence.evidence_reading import suspects_of
from noc_console.incidents.incident.incident_facts import IncidentFacts, read_facts
from noc_console.incidents.post_mortem.post_mortem import (
    Picture,
    PostMortem,
    Suspected,
    draft_post_mortem,
)
from noc_console.store.store import Store

Draw = Callable[[IncidentFacts], Sequence[Picture]]
"""Draws what a post-mortem shows; Qt is no business of this room."""

MOST_SUSPECTS = 5
"""Of each recording: further down the list nobody looks."""
MOST_LINES = 3
MOST_RECORDINGS = 5
_NO_EVIDENCE = "The flight recorder kept nothing of these servers in this time."
_NO_SUSPECT = "The evidence points to nobody in particular."


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
    suspects, words = _suspects(store, facts)
    return draft_post_mortem(facts, suspects=suspects, suspects_words=words, pictures=draw(facts))


def _suspects(store: Store, facts: IncidentFacts) -> tuple[list[Suspected], str]:
    """Rank the suspects of the recordings that hold most; or say why there is none."""
    held = [one for one in facts.recordings if one.exhibits]
    if not held:
        return [], _NO_EVIDENCE
    largest = sorted(held, key=lambda one: -one.raw_bytes)[:MOST_RECORDINGS]
    found = [
        Suspected(
            recording_id=recording.id,
            place=place,
            words=one.words,
            lines=tuple(line.text for line in one.lines[:MOST_LINES]),
        )
        for recording in sorted(largest, key=lambda one: one.id)
        for place, one in enumerate(suspects_of(store, recording.id)[:MOST_SUSPECTS], 1)
    ]
    return found, _NO_SUSPECT
