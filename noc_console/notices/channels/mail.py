"""A notice as a mail: plain text and HTML, the invitation, and a way out (RFC 8058).

Pure: no I/O, no clock. What all recipients of a text share is made once (`MailMaker`); then one
mail takes some tenths of a millisecond, so that ten thousand hold nothing up.
"""

import base64
import html
import quopri
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote

from noc_console.notices.channels.invitation import Invitation, invitation_text
from noc_console.notices.channels.mail_headers import (
    address_header,
    ascii_address,
    listed_header,
    mail_domain,
    one_line,
    text_header,
)
from noc_console.notices.channels.mailing import Outgoing
from noc_console.notices.notice import NoticeKind
from noc_console.notices.text import Text

BOUNCE_LETTER, LEAVE_LETTER = "b", "u"
"""What stands before the mark in the address that bounces, and people who want no more, write to.
"""

_FOOTERS = {
    "en": (
        "You get this because {address} is a contact for notices.",
        {
            NoticeKind.SCHEDULED: "No more notices of planned work",
            NoticeKind.UNSCHEDULED: "No more notices of faults",
        },
    ),
    "de": (
        "Sie erhalten dies, weil {address} als Kontakt für Mitteilungen eingetragen ist.",
        {
            NoticeKind.SCHEDULED: "Keine Mitteilungen über geplante Arbeiten mehr",
            NoticeKind.UNSCHEDULED: "Keine Mitteilungen über Störungen mehr",
        },
    ),
}
_HEAD = (
    '<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width">'
    '<meta name="color-scheme" content="light dark"><title>{title}</title>\n'
    "<style>h2,h3{{font-size:1em;margin:1.4em 0 .2em}}p{{margin:.2em 0 .8em}}"
    "ul,ol{{margin:.2em 0;padding-left:1.4em}}</style></head>\n"
    '<body style="margin:0;padding:16px"><div style="max-width:42em;margin:0 auto;'
    'font:16px/1.5 -apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif">\n'
    '<h1 style="font-size:1.3em;line-height:1.3;margin:0 0 .8em">{title}</h1>\n'
)
_TAIL = (
    '<hr style="margin:2em 0 1em;border:0;border-top:1px solid #8886">\n'
    '<p style="font-size:.85em;margin:0">{why}<br><a href="{link}">{leave}</a></p>\n'
    "</div></body></html>\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailIdentity:
    """Who a mail is from, and where what comes back goes to.

    `bounces` is the address of the mailbox that is read for bounces; each mail has its own form of
    it, such as `bounces+b…@example.com`. Empty: bounces go to the sender and are told by their
    content alone. `leave_at` is an https address with `{mark}` that a mail program may POST to.
    """

    sender: str
    sender_name: str = ""
    reply_to: str = ""
    bounces: str = ""
    leave_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What all mails of one text share. `thread` is the notice's own, so that its mails stay
    together; `at` is the time they say they were written.
    """

    text: Text
    kind: NoticeKind
    language: str
    identity: MailIdentity
    thread: str
    at: datetime
    invitation: Invitation | None = None


def tagged(address: str, letter: str, mark: str) -> str:
    """Give the form of a mailbox's address that tells which mail is meant (RFC 5233)."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{letter}{mark}@{domain}"


def return_path(identity: MailIdentity, mark: str) -> str:
    """Give where a mail server reports to that cannot deliver a mail."""
    if identity.bounces:
        return ascii_address(tagged(identity.bounces, BOUNCE_LETTER, mark))
    return ascii_address(identity.sender)


class MailMaker:
    """Makes the mails of one letter. Any thread may use it."""

    def __init__(self, letter: Letter) -> None:
        """Make what they share."""
        self._letter = letter
        identity = letter.identity
        self._sender = ascii_address(identity.sender)
        self._domain = mail_domain(identity.sender)
        why, leave = _FOOTERS.get(letter.language[:2], _FOOTERS["en"])
        self._why, self._leave = why, leave[letter.kind]
        title = one_line(letter.text.title)
        self._plain = _printable(f"{letter.text.plain.rstrip()}\n\n-- \n")
        head = _HEAD.format(language=html.escape(letter.language or "en"), title=html.escape(title))
        self._html = _printable(f"{head}{letter.text.html.rstrip()}\n")
        self._shared = "\r\n".join(self._shared_headers(title)).encode()

    def mail(self, mailing_id: int, mark: str, address: str, name: str = "") -> Outgoing:
        """Give the mail to one recipient."""
        recipient = ascii_address(address)
        link = self._leave_link(mark)
        boundary = f"=_{mark}"
        parts = self._parts(boundary, recipient, name, address, link)
        headers = "\r\n".join((*self._own_headers(mark, recipient, name, link), "", ""))
        return Outgoing(
            mailing_id=mailing_id,
            mark=mark,
            return_path=return_path(self._letter.identity, mark),
            recipient=recipient,
            content=b"".join((self._shared, b"\r\n", headers.encode(), parts)),
        )

    def _shared_headers(self, title: str) -> list[str]:
        identity, at = self._letter.identity, self._letter.at
        thread = f"<notice.{self._letter.thread}@{self._domain}>"
        headers = [
            address_header("From", self._sender, identity.sender_name),
            text_header("Subject", title),
            f"Date: {format_datetime(at)}",
            f"References: {thread}",
            f"In-Reply-To: {thread}",
            f"List-Id: <notices.{self._domain}>",
            "Auto-Submitted: auto-generated",  # RFC 3834: nobody's absence note answers it
            "X-Auto-Response-Suppress: OOF, AutoReply",
            "MIME-Version: 1.0",
        ]
        if identity.reply_to:
            headers.append(address_header("Reply-To", ascii_address(identity.reply_to)))
        return headers

    def _own_headers(self, mark: str, recipient: str, name: str, link: str) -> list[str]:
        kind = "mixed" if self._letter.invitation else "alternative"
        ways = [f"<{link}>"]
        headers = [
            address_header("To", recipient, name),
            f"Message-ID: <{mark}.notice@{self._domain}>",
            f'Content-Type: multipart/{kind};\r\n boundary="=_{mark}"',
        ]
        if self._letter.identity.leave_at:
            ways.insert(0, f"<{self._leave_at(mark)}>")
            headers.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
        return [*headers, listed_header("List-Unsubscribe", ways)]

    def _leave_at(self, mark: str) -> str:
        return self._letter.identity.leave_at.replace("{mark}", mark)

    def _leave_link(self, mark: str) -> str:
        """Give the address that tells us by mail that somebody wants no more."""
        identity = self._letter.identity
        if identity.bounces:
            to, subject = tagged(identity.bounces, LEAVE_LETTER, mark), "unsubscribe"
        else:
            to, subject = identity.reply_to or identity.sender, f"unsubscribe {mark}"
        return f"mailto:{quote(ascii_address(to), safe='@+')}?subject={quote(subject)}"

    def _parts(self, boundary: str, recipient: str, name: str, address: str, link: str) -> bytes:
        shown = self._leave_at(boundary[2:]) if self._letter.identity.leave_at else link
        why = self._why.format(address=one_line(address))
        plain = self._plain + _printable(f"{why}\n{self._leave}: {shown}\n")
        tail = _TAIL.format(
            why=html.escape(why), link=html.escape(shown), leave=html.escape(self._leave)
        )
        both = [
            _part("text/plain; charset=utf-8", "quoted-printable", plain),
            _part("text/html; charset=utf-8", "quoted-printable", self._html + _printable(tail)),
        ]
        if self._letter.invitation is None:
            return _joined(boundary, both)
        return self._with_invitation(boundary, both, self._letter.invitation, recipient, name)

    def _with_invitation(
        self, boundary: str, both: list[bytes], invitation: Invitation, recipient: str, name: str
    ) -> bytes:
        """Add the event twice: as a third form of the text, which calendars act on, and as a file,
        which everybody can open.
        """
        event = invitation_text(
            invitation,
            organizer=self._sender,
            organizer_name=self._letter.identity.sender_name,
            address=recipient,
            name=name,
        )
        lines = base64.encodebytes(event.encode()).replace(b"\n", b"\r\n")
        kind = f"text/calendar; charset=utf-8; method={invitation.method}"
        inner = f"{boundary}.a"
        forms = _joined(inner, [*both, _part(kind, "base64", lines)])
        file = _part(
            'application/ics; name="event.ics"',
            "base64",
            lines,
            'Content-Disposition: attachment; filename="event.ics"\r\n',
        )
        nested = f'Content-Type: multipart/alternative;\r\n boundary="{inner}"\r\n\r\n'
        return _joined(boundary, [nested.encode() + forms, file])


def _printable(text: str) -> bytes:
    """Give a text as quoted-printable (RFC 2045) with the line ends of mail; it ends with one."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    return quopri.encodestring(whole.encode("utf-8", "replace")).replace(b"\n", b"\r\n")


def _part(kind: str, encoding: str, content: bytes, more: str = "") -> bytes:
    head = f"Content-Type: {kind}\r\n{more}Content-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + content


def _joined(boundary: str, parts: list[bytes]) -> bytes:
    line = f"--{boundary}".encode()
    opened = b"".join(line + b"\r\n" + part + b"\r\n" for part in parts)
    return opened + line + b"--\r\n"
