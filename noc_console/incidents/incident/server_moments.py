"""Facts of one server that belong to no incident: boots, and what stood or fell. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from noc_console.health.verdict import Verdict
from noc_console.incidents.availability.spans import Span
from noc_console.incidents.availability.standing_records import SERVER_ITSELF, Told
from noc_console.incidents.incident.incident import EntryKind, Incident, IncidentEntry
from noc_console.incidents.incident.timeline import Moment, Source, of_entries
from noc_console.incidents.times import span_text
from noc_console.store.schema.metadata import from_ms


def of_boots(
    server_id: int, times_ms: NDArray[np.int64], uptimes_s: NDArray[np.float64]
) -> list[Moment]:
    """Give when the server booted: its uptime is less than it was before.

    The uptimes may have holes (nan). Of figures summed up over minutes give the least.
    """
    known = np.isfinite(uptimes_s)
    times, uptimes = times_ms[known], uptimes_s[known]
    return [
        Moment(
            at=from_ms(int(times[place] - 1000 * uptimes[place])),
            source=Source.READING,
            words=f"Booted, after {span_text(timedelta(seconds=float(uptimes[place - 1])))}.",
            number=int(place),
            server_id=server_id,
        )
        for place in np.flatnonzero(np.diff(uptimes) < 0) + 1
    ]


def of_standings(server_id: int, told: Mapping[str, Told], within: Span) -> list[Moment]:
    """Give when the server and its services fell and stood again, by service; "" is the server.

    `within` are the first and the last millisecond. What is not watched when a fall ends is not
    said to stand again.
    """
    moments = []
    for place, (service, one) in enumerate(sorted(told.items())):
        what = service or "The server"
        verdict = Verdict.DOWN if service == SERVER_ITSELF else Verdict.CUT_OFF
        stands_again = {start for start, _ in one.up}
        for start, end in one.down:
            fell = Moment(
                at=from_ms(start),
                source=Source.READING,
                words=f"{what} went down.",
                number=place,
                server_id=server_id,
                verdict=verdict,
            )
            if within[0] <= start:
                moments.append(fell)
            if end in stands_again and end < within[1]:
                words = (
                    f"{what} is up again, after {span_text(timedelta(milliseconds=end - start))}."
                )
                moments.append(replace(fell, at=from_ms(end), words=words, verdict=None))
    return moments


def of_incidents(
    entries: Iterable[IncidentEntry], incidents: Mapping[int, Incident]
) -> list[Moment]:
    """Give what was written to incidents, each with the incident it was written to."""
    written = list(entries)
    return [
        replace(
            moment,
            words=_of_incident(entry, moment.words, incidents[entry.incident_id].title),
            link=f"incident:{entry.incident_id}",
        )
        for entry, moment in zip(written, of_entries(written), strict=True)
    ]


def _of_incident(entry: IncidentEntry, words: str, title: str) -> str:
    if entry.kind is EntryKind.OPENED:
        return f"Incident {entry.incident_id} opened: {title}"
    return f"Incident {entry.incident_id}: {words}"
