"""How far a server's clock is from ours, as far as one frame can tell. Pure: no I/O, no clock.

/proc/stat tells the boot in whole seconds, cut off (proc(5), btime), so a server's time is known
to half a second; half the round trip comes on top of it.
"""

from noc_console.telemetry.sample import Sample

_BTIME_S = 0.5


def clock_offset_s(sample: Sample, latency_s: float) -> float | None:
    """Give server minus console in seconds; 0 within what one frame can tell, None when untold."""
    if sample.server_at is None:
        return None
    difference_s = (sample.server_at - sample.at).total_seconds() + _BTIME_S + latency_s / 2
    doubt_s = _BTIME_S + latency_s / 2
    if abs(difference_s) <= doubt_s:
        return 0.0
    return difference_s - doubt_s if difference_s > 0 else difference_s + doubt_s
