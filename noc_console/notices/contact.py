"""To whom notices go by mail: an address, whose it is, and what it does not want to hear.

Pure: no I/O, no clock. An address is one contact, however many customers share it, so nobody gets
a notice twice.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from noc_console.errors import ConsoleError
from noc_console.notices.notice import NoticeKind

NAME_LENGTH = 120
ADDRESS_LENGTH = 254
"""RFC 5321 section 4.5.3.1.3: a path has 256, its brackets among them."""
LOCAL_LENGTH = 64
MOST_NAMED = 200
LONGEST_NAME = 200
NOTES_LENGTH = 2000

_ADDRESS = re.compile(r"[^\s@<>\"(),:;\[\]\\]+@[^\s@<>\"(),:;\[\]\\]+")
_DOMAIN_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
_ZONE = re.compile(r"[A-Za-z0-9_+/-]{1,60}")


class InvalidContact(ConsoleError):
    """Something about a contact cannot be; the sentence says what may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One address that notices go to. `id` is 0 until the store has given one.

    They hear of what touches one of their `customers`, as the fleet's sites name them, or one of
    their `groups`. An empty `zone` or `language` is the notice's own.
    """

    id: int = 0
    address: str
    name: str = ""
    customers: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    zone: str = ""
    language: str = ""
    opt_outs: frozenset[NoticeKind] = field(default=frozenset())
    """The kinds of notice they said they do not want."""
    notes: str = ""
    stopped_because: str = ""
    """Why nothing is sent there any more, such as what a bounce said; empty: mail goes."""
    stopped_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            InvalidContact: with what may be.
        """
        check_address(self.address)
        if len(self.name) > NAME_LENGTH:
            raise InvalidContact(f"A name has at most {NAME_LENGTH} characters; shorten it.")
        if len(self.notes) > NOTES_LENGTH:
            raise InvalidContact(f"Notes have at most {NOTES_LENGTH} characters; shorten them.")
        for named in (self.customers, self.groups):
            if len(named) > MOST_NAMED:
                raise InvalidContact(f"A contact has at most {MOST_NAMED} customers or groups.")
            if any(not one.strip() or len(one) > LONGEST_NAME for one in named):
                raise InvalidContact(
                    f"The name of a customer or a group has 1 to {LONGEST_NAME} characters."
                )
        if self.language and not _LANGUAGE.fullmatch(self.language):
            raise InvalidContact(f"{self.language!r} is no language; write one such as en or de.")
        if self.zone and not _ZONE.fullmatch(self.zone):
            raise InvalidContact(
                f"{self.zone!r} is no time zone; write one such as Europe/Berlin or UTC."
            )

    @property
    def key(self) -> str:
        """What makes two spellings of an address the same one."""
        return address_key(self.address)

    @property
    def title(self) -> str:
        """How a person calls them."""
        return self.name or self.address


def check_address(address: str) -> None:
    """Refuse what is no e-mail address a mail server could take.

    Raises:
        InvalidContact: with what may be.
    """
    local, _, domain = address.rpartition("@")
    is_well = (
        len(address) <= ADDRESS_LENGTH
        and len(local) <= LOCAL_LENGTH
        and address.isprintable()
        and _ADDRESS.fullmatch(address) is not None
        and not (local.startswith(".") or local.endswith(".") or ".." in local)
        and all(_DOMAIN_LABEL.fullmatch(label) for label in domain.split("."))
    )
    if not is_well:
        raise InvalidContact(
            f"{address[:ADDRESS_LENGTH]!r} is no e-mail address; write one such as "
            "anna@example.com."
        )


def address_key(address: str) -> str:
    """Give an address as it is compared. No mail server in use tells `Anna@` from `anna@`."""
    return address.casefold()


def name_key(name: str) -> str:
    """Give the name of a customer or a group as it is compared."""
    return " ".join(name.casefold().split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """To whom a notice goes: those who get it, those who are left out and why, and the customers
    it concerns for whom nobody is known.
    """

    contacts: tuple[Contact, ...]
    left_out: tuple[tuple[Contact, str], ...]
    without_contact: tuple[str, ...]


def choose(
    contacts: Iterable[Contact],
    kind: NoticeKind,
    *,
    customers: Iterable[str] = (),
    groups: Iterable[str] = (),
    is_for_all: bool = False,
) -> Chosen:
    """Give to whom a notice of this kind goes. Every contact once, in the order given.

    Names are compared without regard to case and spaces. `is_for_all` takes every contact.
    """
    wanted = {name_key(one): one for one in customers if one.strip()}
    wanted_groups = {name_key(one) for one in groups}
    taken: list[Contact] = []
    left_out: list[tuple[Contact, str]] = []
    known: set[str] = set()
    for contact in contacts:
        own = {name_key(one) for one in contact.customers}
        known |= own
        if is_for_all or own & wanted.keys() or _has_group(contact, wanted_groups):
            why = why_left_out(contact, kind)
            if why:
                left_out.append((contact, why))
            else:
                taken.append(contact)
    return Chosen(
        contacts=tuple(taken),
        left_out=tuple(left_out),
        without_contact=tuple(one for key, one in wanted.items() if key not in known),
    )


def why_left_out(contact: Contact, kind: NoticeKind) -> str:
    """Give why a contact gets no notice of this kind, or an empty text."""
    if contact.stopped_because:
        return f"Nothing goes to this address: {contact.stopped_because}"
    if kind in contact.opt_outs:
        return f"They asked for no {kind.value} notices."
    return ""


def _has_group(contact: Contact, groups: set[str]) -> bool:
    return any(name_key(one) in groups for one in contact.groups)
