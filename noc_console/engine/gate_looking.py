"""Looking at a server before and after: each part with its deadline; what fails is said."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from noc_console.engine.gate_hands import Hands
from noc_console.fleet.inert import inert
from noc_console.incidents.gate.gate import Snapshot
from noc_console.incidents.gate.gate_comparison import RUNNING
from noc_console.incidents.gate.gate_look import (
    DEADLINES_S,
    MAX_BYTES,
    LookPart,
    is_whole,
    look_script,
    with_part,
    without_part,
)
from noc_console.links.failures import LinkFailure
from noc_console.store.history import History
from noc_console.store.store import Store
from noc_console.telemetry.records import readings_of
from noc_console.telemetry.service import Inside

_OWN_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_SAMPLE_AT_MOST = timedelta(minutes=15)


def take_look(hands: Hands, now: Callable[[], datetime]) -> Snapshot:
    """Give how a server stands, as far as it tells."""
    look = Snapshot(at=now())
    for part in LookPart:
        try:
            told = hands.run(
                look_script(part), deadline_s=DEADLINES_S[part], max_bytes=MAX_BYTES
            ).output
        except LinkFailure as error:
            look = without_part(look, part, error.sentence)
            continue
        whole = is_whole(part, told)
        if whole or part is LookPart.MACHINE:
            look = with_part(look, part, told)
        if not whole:
            look = without_part(look, part, f"it did not tell within {DEADLINES_S[part]:.0f} s")
    return look


def filled_from_store(store: Store, server_id: int, look: Snapshot) -> Snapshot:
    """Give a look whose gaps are filled with what the console read last, and say that they are."""
    if not look.missing and look.uptime_s is not None:
        return look
    known = readings_of(store, server_id)
    filled = replace(look)
    if look.services is None and known.services:
        running = {
            inert(one.name, 120).removesuffix(".service"): RUNNING
            for one in known.services
            if one.inside is Inside.RUNNING
        }
        filled = _noted(replace(filled, services=running), "services", known.services_at)
    if look.mounts is None and known.mounts:
        points = tuple(mount.mount for mount in known.mounts)
        filled = _noted(replace(filled, mounts=points), "mounts", known.mounts_at)
    if not look.kernel and known.facts is not None:
        filled = replace(filled, kernel=known.facts.kernel)
    if look.uptime_s is None:
        filled = _with_last_sample(store, server_id, filled)
    return filled


def _with_last_sample(store: Store, server_id: int, look: Snapshot) -> Snapshot:
    found = History(store).read(
        server_id, ("uptime_s", "load1"), look.at - _SAMPLE_AT_MOST, look.at + timedelta(seconds=1)
    )
    known = np.flatnonzero(np.isfinite(found.average["uptime_s"]))
    if not len(known):
        return look
    last = int(known[-1])
    age_s = look.at.timestamp() - float(found.times_ms[last]) / 1000
    load = float(found.average["load1"][last])
    return replace(
        look,
        uptime_s=float(found.average["uptime_s"][last]) + age_s,
        load1=look.load1 if look.load1 is not None or np.isnan(load) else load,
        missing=(*look.missing, f"uptime and load: as sampled {age_s:.0f} s before"),
    )


def _noted(look: Snapshot, what: str, at: datetime | None) -> Snapshot:
    when = f"{at:%H:%M:%S} UTC" if at else "an earlier time"
    return replace(look, missing=(*look.missing, f"{what}: as the console read them at {when}"))


def own_boot_id() -> str:
    """Give the boot id of the machine we run on; empty where it has none."""
    try:
        return _OWN_BOOT_ID.read_text("ascii", "replace").strip()
    except OSError:
        return ""
