"""One setting of a channel, as a form or the command line shows it. Pure: no I/O, no clock."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of a channel: what it is called, and the sentence a person reads beside it."""

    name: str
    title: str
    sentence: str
    default: str = ""
    is_required: bool = False
    choices: tuple[str, ...] = ()
    is_address: bool = False
