"""Checks that ask nothing of the server itself: looked at from outside, or in our own history."""

from collections.abc import Callable, Mapping
from datetime import datetime

from noc_console.audit.check import Check, Privilege
from noc_console.audit.judging import RawOutcome
from noc_console.errors import ConsoleError
from noc_console.fleet.server import Server
from noc_console.store.store import Store

Look = Callable[[Store, Check, Server, datetime], RawOutcome]

LOOKS: Mapping[Privilege, Look] = {}
"""How each is done; on a worker, within the check's deadline."""


class CannotLook(ConsoleError):
    """There is no way to look at something."""


def look(store: Store, check: Check, server: Server, now: datetime) -> RawOutcome:
    """Give what a check that is not asked of the server came to.

    Raises:
        ConsoleError: it could not be looked at; the sentence says why.
    """
    way = LOOKS.get(check.privilege)
    if way is None:
        raise CannotLook(f"This version does not know how to look at {check.id}; update it.")
    return way(store, check, server, now)
