"""The words that describe a server for `server add` and `server edit`, and the server they make."""

import argparse
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from noc_console.cli.check_text import check_text, read_check
from noc_console.cli.command_module import UsageError
from noc_console.cli.near_names import known_or_near
from noc_console.fleet.server import Authentication, Server, ServerKind, Site

Entry = TypeVar("Entry")

_REACH = (
    *("address", "port", "user", "key_file", "agent", "password_stdin", "passphrase_stdin"),
    *("keyboard_interactive", "certificate_file", "jumps", "allow_weak_algorithms"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _List:
    """A field with several entries: its option, what an entry is, and how one is read."""

    option: str
    field: str
    metavar: str
    what: str
    read: Callable[[str], Any]
    text: Callable[[Any], str] = str


def _word(text: str) -> str:
    if not text.strip():
        raise UsageError("An entry of a list cannot be empty; to take one away, use --remove-...")
    return text.strip()


def _site(text: str) -> Site:
    domain, _, customer = text.partition("=")
    return Site(domain=_word(domain).lower(), customer=customer.strip())


def _site_text(site: Site) -> str:
    return f"{site.domain}={site.customer}" if site.customer else site.domain


LISTS = (
    _List(
        option="jump",
        field="jumps",
        metavar="NAME",
        what="a server of the fleet to go through, the nearest to you first",
        read=_word,
    ),
    _List(
        option="group", field="groups", metavar="GROUP", what="a group it belongs to", read=_word
    ),
    _List(
        option="service",
        field="expected_services",
        metavar="UNIT",
        what="a service that must run on it, as systemctl names it",
        read=_word,
    ),
    _List(
        option="check",
        field="checks",
        metavar="CHECK",
        what="a port or page that must answer from outside, such as tcp:5432, smtp:25, http:/ or"
        " 'https://www.example.com/ service=nginx text=Welcome status=200'",
        read=read_check,
        text=check_text,
    ),
    _List(
        option="site",
        field="sites",
        metavar="DOMAIN[=CUSTOMER]",
        what="a customer's site on it",
        read=_site,
        text=_site_text,
    ),
)


def add_words(parser: argparse.ArgumentParser, *, editing: bool) -> None:
    """Declare them; when a server is edited none is required and entries can be removed."""

    def usually(what: str) -> str:
        return "" if editing else f" (default: {what})"

    way = parser.add_argument_group("how it is reached")
    way.add_argument(
        "--host", dest="address", metavar="H", required=not editing, help="host name or IP address"
    )
    way.add_argument("--port", metavar="P", type=int, help=f"port of its sshd{usually('22')}")
    way.add_argument("--user", metavar="U", help=f"user to log in as{usually('your own name')}")
    proof = way.add_mutually_exclusive_group()
    proof.add_argument("--key", dest="key_file", metavar="FILE", help="log in with this key file")
    proof.add_argument(
        "--agent", action="store_true", help=f"log in with an ssh-agent{usually('this')}"
    )
    proof.add_argument(
        "--password-stdin",
        action="store_true",
        help="log in with the password on standard input; it is kept in the system's keyring only",
    )
    way.add_argument(
        "--keyboard-interactive",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="give the password as the answer to the server's question",
    )
    way.add_argument(
        "--passphrase-stdin",
        action="store_true",
        help="the key's passphrase is on standard input; it is kept in the system's keyring only",
    )
    way.add_argument(
        "--certificate",
        dest="certificate_file",
        metavar="FILE",
        help="OpenSSH certificate of the key (default: FILE-cert.pub beside the key)",
    )
    way.add_argument(
        "--weak-algorithms",
        dest="allow_weak_algorithms",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="allow outdated algorithms with this server",
    )
    use = parser.add_argument_group("what it is for")
    for one in LISTS:
        group = way if one.option == "jump" else use
        group.add_argument(
            f"--{one.option}",
            dest=one.field,
            metavar=one.metavar,
            action="append",
            default=[],
            help=f"{one.what}; may be given several times",
        )
        if editing:
            group.add_argument(
                f"--remove-{one.option}",
                dest=f"removed_{one.field}",
                metavar=one.metavar,
                action="append",
                default=[],
                help=f"take this {one.option} away; may be given several times",
            )
    use.add_argument("--brand", help="the brand under which it is sold")
    use.add_argument("--partner", metavar="NAME", help="the server that takes over for this one")
    use.add_argument("--notes", metavar="TEXT", help="what a person should know of it")
    use.add_argument(
        "--tick",
        dest="tick_s",
        metavar="SECONDS",
        type=int,
        help=f"how often it is read{usually('5')}",
    )


def described(arguments: argparse.Namespace, server: Server, known: Collection[str]) -> Server:
    """Give `server` with what the words say; `known` are the names of all servers.

    Raises:
        UsageError: words that do not go together.
        ConsoleError: a field that cannot be right, with what to write instead.
    """
    _refuse_contradictions(arguments, server)
    changes: dict[str, Any] = {
        field: value
        for field in (
            *("address", "port", "user", "certificate_file", "brand", "partner", "notes"),
            *("tick_s", "allow_weak_algorithms"),
        )
        if (value := getattr(arguments, field)) is not None
    }
    if arguments.key_file is not None:
        changes["key_file"] = _whole_path(arguments.key_file)
    if changes.get("certificate_file"):
        changes["certificate_file"] = _whole_path(changes["certificate_file"])
    changes["authentication"] = _authentication(arguments, server.authentication)
    for one in LISTS:
        changes[one.field] = _entries(one, arguments, getattr(server, one.field))
    if "address" in changes:
        changes["address"] = changes["address"].removeprefix("[").removesuffix("]")
    changed = replace(server, **changes)
    _check_reach(changed)
    _check_names(changed, server, set(known))
    return changed


def _refuse_contradictions(arguments: argparse.Namespace, server: Server) -> None:
    with_key = arguments.key_file is not None
    if arguments.key_file == "":
        raise UsageError("Give the key file as --key FILE, or log in with --agent.")
    if arguments.keyboard_interactive and (with_key or arguments.agent):
        raise UsageError("--keyboard-interactive takes a password, neither --key nor --agent.")
    if arguments.passphrase_stdin and not with_key:
        has_key = server.authentication is Authentication.KEY_FILE
        others = arguments.agent or arguments.password_stdin or arguments.keyboard_interactive
        if others or not has_key:
            raise UsageError("--passphrase-stdin is the passphrase of a key: give --key FILE too.")
    if server.kind is ServerKind.THIS_MACHINE and any(getattr(arguments, one) for one in _REACH):
        raise UsageError(
            f"{server.name} is the machine an engine runs on and is read without SSH; how it is "
            "reached cannot be changed."
        )


def _authentication(arguments: argparse.Namespace, before: Authentication) -> Authentication:
    if arguments.key_file is not None:
        return Authentication.KEY_FILE
    if arguments.agent:
        return Authentication.AGENT
    answers = arguments.keyboard_interactive
    if answers or (answers is None and before is Authentication.KEYBOARD_INTERACTIVE):
        return Authentication.KEYBOARD_INTERACTIVE
    if arguments.password_stdin or before is Authentication.KEYBOARD_INTERACTIVE:
        return Authentication.PASSWORD
    return before


def _whole_path(text: str) -> str:
    """Give a path that means the same from every folder; `~` stays, for each user's own home."""
    return text if text.startswith("~") else str(Path(text).absolute())


def _entries(one: _List, arguments: argparse.Namespace, before: Iterable[Any]) -> tuple[Any, ...]:
    entries = list(before)
    for text in getattr(arguments, f"removed_{one.field}", []):
        named = {one.text(entry): entry for entry in entries}
        if one.option == "site":
            named |= {entry.domain: entry for entry in entries}
        if one.option == "check":
            named |= {entry.label: entry for entry in entries}
        known_or_near(text, named, f"The server has no {one.option}")
        entries.remove(named[text])
    entries += [one.read(text) for text in getattr(arguments, one.field)]
    return tuple(dict.fromkeys(entries))


def _check_reach(server: Server) -> None:
    if server.kind is ServerKind.THIS_MACHINE:
        return
    if "@" in server.address:
        raise UsageError("Write the part before the @ as --user, and only the host as --host.")
    if server.address.count(":") == 1:
        raise UsageError("Write the port as --port, and only the host as --host.")
    if "/" in server.address or any(letter.isspace() for letter in server.address):
        raise UsageError("Write only a host name or an IP address as --host.")
    if any(letter.isspace() for letter in server.user):
        raise UsageError("A user name holds no spaces; write --user without them.")


def _check_names(server: Server, before: Server, known: set[str]) -> None:
    """Refuse new names of servers that are not there; older ones are left to be seen."""
    others = known - {before.name, server.name}
    for name in server.jumps:
        if name not in before.jumps:
            known_or_near(name, others, "No other server to jump through is called")
    if server.partner and server.partner != before.partner:
        known_or_near(server.partner, others, "No other server that could take over is called")
