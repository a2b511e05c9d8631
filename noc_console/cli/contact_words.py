"""The words that describe a contact on the command line, and a contact as JSON."""

import argparse
from dataclasses import replace
from typing import Any

from noc_console.cli.moments import iso
from noc_console.notices.contact import Contact, name_key
from noc_console.notices.notice import NoticeKind

_KINDS = tuple(kind.value for kind in NoticeKind)


def add_words(parser: argparse.ArgumentParser, *, editing: bool = False) -> None:
    """Declare all that describes a contact."""
    parser.add_argument("--name", help="who it is, as in Anna Example")
    for word, what in (
        ("customer", "a customer, as the fleet's sites name them, whose works they hear of"),
        ("group", "a group whose works they hear of"),
    ):
        parser.add_argument(
            f"--{word}", metavar=word.upper(), action="append", default=[], help=f"{what}; again"
        )
        if editing:
            parser.add_argument(
                f"--remove-{word}",
                metavar=word.upper(),
                action="append",
                default=[],
                help=f"no more of this {word}; again",
            )
    parser.add_argument("--zone", help="times are shown in it too, as Europe/Berlin")
    parser.add_argument("--language", help="notices come in it where there is one, as de")
    parser.add_argument("--notes", help="what colleagues should know")
    parser.add_argument(
        "--opt-out",
        metavar="KIND",
        choices=_KINDS,
        action="append",
        default=[],
        help=f"they want no notices of this kind ({' or '.join(_KINDS)}); again",
    )
    if editing:
        parser.add_argument(
            "--opt-in",
            metavar="KIND",
            choices=_KINDS,
            action="append",
            default=[],
            help="they want notices of this kind again",
        )
        parser.add_argument(
            "--send-again",
            action="store_true",
            help="send to the address again, though mail to it came back",
        )


def described(arguments: argparse.Namespace, before: Contact) -> Contact:
    """Give a contact with what the words change; an empty word empties a text.

    Raises:
        InvalidContact: with what may be.
    """
    texts = {
        field: value.strip()
        for field in ("name", "zone", "language", "notes")
        if (value := getattr(arguments, field)) is not None
    }
    opt_outs = before.opt_outs | _kinds(arguments.opt_out)
    wanted = replace(
        before,
        **texts,
        customers=_changed(before.customers, arguments.customer, _taken(arguments, "customer")),
        groups=_changed(before.groups, arguments.group, _taken(arguments, "group")),
        opt_outs=opt_outs - _kinds(getattr(arguments, "opt_in", [])),
    )
    if getattr(arguments, "send_again", False):
        return replace(wanted, stopped_because="", stopped_at=None)
    return wanted


def as_json(one: Contact) -> dict[str, Any]:
    """Give a contact as JSON values."""
    return {
        "id": one.id,
        "address": one.address,
        "name": one.name,
        "customers": list(one.customers),
        "groups": list(one.groups),
        "zone": one.zone,
        "language": one.language,
        "opt_outs": sorted(kind.value for kind in one.opt_outs),
        "notes": one.notes,
        "stopped_because": one.stopped_because,
        "stopped_at": None if one.stopped_at is None else iso(one.stopped_at),
    }


def standing(one: Contact) -> str:
    """Say in few words whether notices reach a contact."""
    if one.stopped_because:
        return "STOPPED"
    if one.opt_outs == frozenset(NoticeKind):
        return "wants none"
    if one.opt_outs:
        return f"no {' or '.join(sorted(kind.value for kind in one.opt_outs))}"
    return "gets all"


def _taken(arguments: argparse.Namespace, word: str) -> list[str]:
    return list(getattr(arguments, f"remove_{word}", []))


def _changed(before: tuple[str, ...], more: list[str], less: list[str]) -> tuple[str, ...]:
    gone = {name_key(one) for one in less}
    names = {name_key(one): one for one in before} | {name_key(one): one.strip() for one in more}
    return tuple(one for key, one in names.items() if key not in gone)


def _kinds(words: list[str]) -> frozenset[NoticeKind]:
    return frozenset(NoticeKind(word) for word in words)
