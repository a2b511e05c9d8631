"""How long history is kept, as a value. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """For how many days history of each step is kept."""

    raw_days: int = 7
    one_minute_days: int = 90
    five_minute_days: int = 400
