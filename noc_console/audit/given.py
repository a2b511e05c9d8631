"""What is agreed, told to a command that has to look there. Pure: no I/O, no clock."""

import dataclasses
import shlex
from collections.abc import Iterable

from noc_console.audit.agreed import AgreedLine
from noc_console.audit.check import Check
from noc_console.fleet.server import Server

GIVEN = "given"
"""The option of a check that names a kind of what is agreed, such as `backup path`."""
MOST_GIVEN = 40


def with_given(check: Check, server: Server, lines: Iterable[AgreedLine]) -> Check:
    """Give a check whose commands have what is agreed for a server as `$1`, `$2` and so on.

    A value with `*` stands for many and is not given. Each is quoted: nothing in it is a command.
    """
    kind = check.options.get(GIVEN)
    if kind is None:
        return check
    values = dict.fromkeys(
        one.value
        for one in lines
        if one.kind == kind and one.holds_for(server) and "*" not in one.value
    )
    words = " ".join(shlex.quote(one) for one in list(values)[:MOST_GIVEN])
    commands = {family: f"set -- {words}\n{one}" for family, one in check.commands.items()}
    return dataclasses.replace(check, commands=commands)
