"""The `ssh` command with which a person logs in to a server in their own terminal.

Pure: no I/O, no clock. What it gives is pasted into a shell, so a word that ssh or a shell could
take for something else is refused, never escaped and hoped for.
"""

import re
import shlex
from collections.abc import Mapping

from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Authentication, Server, ServerKind

_SSH_PORT = 22
_HOST = re.compile(r"[A-Za-z0-9_\[][A-Za-z0-9_.:%\[\]-]*")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@+-]*")
"""ssh hands the words of -J to a shell, so that quoting them in ours would not be enough."""


def ssh_command(server: Server, by_name: Mapping[str, Server]) -> str:
    """Give the command; jump servers are looked up by their names.

    Raises:
        ConsoleError: there is no such command, or a field of it could do harm in a shell.
    """
    if server.kind is not ServerKind.SSH:
        raise ConsoleError(
            f"{inert(server.name)} is the machine that the engine runs on and is read without SSH;"
            " open a terminal there."
        )
    words = ["ssh"]
    if server.port != _SSH_PORT:
        words += ["-p", str(server.port)]
    if server.jumps:
        words += ["-J", ",".join(_hop(_jump(name, server, by_name)) for name in server.jumps)]
    if server.authentication is Authentication.KEY_FILE and server.key_file:
        words += ["-i", _path(server.key_file, server)]
        if server.certificate_file:
            quoted = _path(server.certificate_file, server)
            words += ["-o", f'CertificateFile="{quoted}"']
    return shlex.join([*words, _login(server)])


def _jump(name: str, server: Server, by_name: Mapping[str, Server]) -> Server:
    jump = by_name.get(name)
    if jump is None:
        raise ConsoleError(
            f"{inert(server.name)} is reached through {inert(name)}, which is not in the fleet;"
            " edit its jump servers."
        )
    return jump


def _hop(jump: Server) -> str:
    """Give one server of -J, where an IPv6 address stands in brackets (ssh_config(5))."""
    user, host = _checked(jump)
    host = f"[{host}]" if ":" in host else host
    port = "" if jump.port == _SSH_PORT else f":{jump.port}"
    return f"{user}{host}{port}"


def _login(server: Server) -> str:
    return "".join(_checked(server))


def _checked(server: Server) -> tuple[str, str]:
    user, host = server.user, server.address.strip()
    if not _HOST.fullmatch(host) or (user and not _USER.fullmatch(user)):
        raise ConsoleError(
            f"The address or the user of {inert(server.name)} holds a character that does not"
            " belong into a command; edit the server first."
        )
    return (f"{user}@" if user else ""), host.strip("[]")


def _path(path: str, server: Server) -> str:
    if not path.isprintable() or '"' in path:
        raise ConsoleError(
            f"The key file of {inert(server.name)} has a name that does not belong into a command;"
            " edit the server first."
        )
    return path
