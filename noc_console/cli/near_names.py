"""Names that do not exist, and those that are near. Pure: no I/O, no clock."""

import difflib
from collections.abc import Collection

from noc_console.errors import ConsoleError

_MOST = 3


class UnknownName(ConsoleError):
    """A name that is not there; the sentence offers near ones."""


def known_or_near(name: str, known: Collection[str], what: str) -> str:
    """Give the name if it is known; `what` begins the sentence, such as "There is no group".

    Raises:
        UnknownName: with near names.
    """
    if name in known:
        return name
    near = difflib.get_close_matches(name, known, n=_MOST)
    if near:
        raise UnknownName(f"{what} {name}; did you mean {' or '.join(near)}?")
    if not known:
        raise UnknownName(f"{what} {name}; there is none at all.")
    some = ", ".join(sorted(known)[:_MOST])
    more = " and others" if len(known) > _MOST else ""
    raise UnknownName(f"{what} {name}; there is {some}{more}.")
