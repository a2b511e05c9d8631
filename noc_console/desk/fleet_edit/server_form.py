"""What is typed into the server dialog, and the server it makes or the field that is wrong.

Pure: no Qt, no I/O, no clock.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import Enum

from noc_console.errors import ConsoleError
from noc_console.fleet.checks import refuse_impossible
from noc_console.fleet.server import (
    MAX_NAME_LENGTH,
    Authentication,
    InvalidServer,
    OutsideCheck,
    Server,
    ServerKind,
    Site,
)

IMPOSSIBLE_CODE = -1
"""Stands for an HTTP code that was typed but is no number."""


class Field(Enum):
    """The fields of the form, for putting a sentence beside the one it is about."""

    NAME = "name"
    ADDRESS = "address"
    USER = "user"
    KEY_FILE = "key file"
    JUMPS = "jumps"
    GROUPS = "groups"
    SERVICES = "services"
    CHECKS = "checks"
    SITES = "sites"
    PARTNER = "partner"


class FieldProblem(ConsoleError):
    """A field that cannot be right; the sentence says what to write instead."""

    def __init__(self, field: Field, sentence: str) -> None:
        """Remember the field beside the sentence."""
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerForm:
    """The form as typed. Lists of words are one text, divided by commas or lines."""

    name: str
    address: str
    port: int
    user: str
    authentication: Authentication
    key_file: str
    certificate_file: str
    jumps: str
    groups: str
    notes: str
    services: str
    checks: tuple[OutsideCheck, ...]
    brand: str
    sites: tuple[Site, ...]
    partner: str
    tick_s: int
    allow_weak_algorithms: bool


def form_of(server: Server) -> ServerForm:
    """Give the form filled in with a server's fields."""
    return ServerForm(
        name=server.name,
        address=server.address,
        port=server.port,
        user=server.user,
        authentication=server.authentication,
        key_file=server.key_file,
        certificate_file=server.certificate_file,
        jumps=", ".join(server.jumps),
        groups=", ".join(server.groups),
        notes=server.notes,
        services="\n".join(server.expected_services),
        checks=server.checks,
        brand=server.brand,
        sites=server.sites,
        partner=server.partner,
        tick_s=server.tick_s,
        allow_weak_algorithms=server.allow_weak_algorithms,
    )


def words_of(text: str) -> tuple[str, ...]:
    """Give the words of a list typed with commas or lines, each once, in the order typed."""
    words = (word.strip() for word in re.split(r"[,\n]", text))
    return tuple(dict.fromkeys(word for word in words if word))


def read_form(form: ServerForm, before: Server | None, known: Collection[str]) -> Server:
    """Give the server that the form describes; `before` is the one that is edited, or
    copied when it has no id.

    `known` are the names of all servers: for jumps and the partner, and so that no name is given
    twice.

    Raises:
        FieldProblem: with the first field that cannot be right.
    """
    others = frozenset(known) - ({before.name} if before and before.id else frozenset())
    kind = before.kind if before else ServerKind.SSH
    _check_name(form, others)
    if kind is ServerKind.SSH:
        _check_reach(form)
    _check_names_of_others(form, others)
    for check in form.checks:
        try:
            refuse_impossible(check)
        except InvalidServer as problem:
            raise FieldProblem(Field.CHECKS, problem.sentence) from problem
    if any(not site.domain for site in form.sites):
        raise FieldProblem(Field.SITES, "Give each customer’s site its domain, or remove the row.")
    try:
        return _server(form, before, kind)
    except InvalidServer as problem:
        raise FieldProblem(Field.SERVICES, problem.sentence) from problem


def _check_name(form: ServerForm, others: frozenset[str]) -> None:
    name = form.name.strip()
    if not name or len(name) > MAX_NAME_LENGTH:
        raise FieldProblem(
            Field.NAME, f"Give the server a name of 1 to {MAX_NAME_LENGTH} characters."
        )
    if not name.isprintable():
        raise FieldProblem(Field.NAME, "The name holds a control character; type it again.")
    if name in others:
        raise FieldProblem(
            Field.NAME, f"Another server is already called {name}; choose another name."
        )


def _check_reach(form: ServerForm) -> None:
    address = form.address.strip()
    if not address:
        raise FieldProblem(Field.ADDRESS, "Give a host name or an IP address.")
    if "@" in address:
        raise FieldProblem(
            Field.ADDRESS, "Write the part before the @ in the field User, and only the host here."
        )
    if "/" in address or any(character.isspace() for character in address):
        raise FieldProblem(
            Field.ADDRESS, "Write only the host name or IP address, without spaces or slashes."
        )
    if any(character.isspace() for character in form.user.strip()):
        raise FieldProblem(Field.USER, "A user name holds no spaces; write it without them.")
    if form.authentication is Authentication.KEY_FILE and not form.key_file.strip():
        raise FieldProblem(
            Field.KEY_FILE, "Choose the private key file, or another way to authenticate."
        )


def _check_names_of_others(form: ServerForm, others: frozenset[str]) -> None:
    unknown = [name for name in words_of(form.jumps) if name not in others]
    if unknown:
        raise FieldProblem(
            Field.JUMPS,
            f"No other server is called {unknown[0]}; a jump must be a server in the list.",
        )
    partner = form.partner.strip()
    if partner and partner not in others:
        raise FieldProblem(
            Field.PARTNER, f"No other server is called {partner}; choose one from the list."
        )


def _server(form: ServerForm, before: Server | None, kind: ServerKind) -> Server:
    typed = Server(
        name=form.name.strip(),
        kind=kind,
        address=form.address.strip(),
        port=form.port,
        user=form.user.strip(),
        authentication=form.authentication,
        key_file=form.key_file.strip(),
        certificate_file=form.certificate_file.strip(),
        jumps=words_of(form.jumps),
        groups=words_of(form.groups),
        notes=form.notes,
        expected_services=words_of(form.services),
        checks=form.checks,
        brand=form.brand.strip(),
        sites=form.sites,
        partner=form.partner.strip(),
        tick_s=form.tick_s,
        allow_weak_algorithms=form.allow_weak_algorithms,
    )
    if before is None:
        return typed
    return replace(typed, id=before.id, variables=before.variables)
