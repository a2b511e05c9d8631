"""What an audit could not learn of a server, as the window's tabs of logs tell it. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTold:
    """A server of which a check learnt nothing, and why in one sentence."""

    server_id: int
    server_name: str
    check_id: str
    why: str
