"""The time of planned work as an event of a calendar (RFC 5545), sent as an invitation (RFC 5546).

Pure: no I/O, no clock. The same work keeps its UID for ever; each change has a higher SEQUENCE, so
that a calendar moves or strikes out the event it has.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from noc_console.notices.channels.mail_headers import mail_domain, one_line
from noc_console.notices.notice import Notice, Send
from noc_console.notices.text import Text

_LINE_BYTES = 75
_MOST_TEXT = 8000
_ASKED_NOTHING = ";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE"
_WITH_INVITATION = frozenset(
    {
        Send.WEEK_BEFORE,
        Send.DAY_BEFORE,
        Send.POSTPONED,
        Send.EXTENDED,
        Send.CORRECTION,
        Send.CANCELLED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """One event as it stands now. `made_at` is when this was said, `number` how often before."""

    uid: str
    number: int
    starts_at: datetime
    ends_at: datetime
    title: str
    description: str
    made_at: datetime
    is_cancelled: bool = False

    @property
    def method(self) -> str:
        """What a calendar is asked to do (RFC 5546)."""
        return "CANCEL" if self.is_cancelled else "REQUEST"


def invitation_of(
    notice: Notice,
    send: Send,
    text: Text,
    *,
    token: str,
    number: int,
    sender: str,
    at: datetime,
) -> Invitation | None:
    """Give the invitation that goes with a send, or None where none does.

    `token` is the notice's own for ever, `number` that of its version in force.
    """
    if send not in _WITH_INVITATION or notice.starts_at is None or notice.ends_at is None:
        return None
    return Invitation(
        uid=f"{token}@{mail_domain(sender)}",
        number=number,
        starts_at=notice.starts_at,
        ends_at=notice.ends_at,
        title=notice.title or text.title,
        description=text.plain,
        made_at=at,
        is_cancelled=send is Send.CANCELLED,
    )


def invitation_text(
    one: Invitation, *, organizer: str, organizer_name: str, address: str, name: str
) -> str:
    """Give the calendar file for one recipient."""
    attendee = f"ATTENDEE{_named(name)}{_ASKED_NOTHING}:mailto:{address}"
    end = "END:VEVENT\r\nEND:VCALENDAR\r\n"
    return f"{_shared(one, organizer, organizer_name)}{_folded(attendee)}\r\n{end}"


@lru_cache(maxsize=16)
def _shared(one: Invitation, organizer: str, organizer_name: str) -> str:
    """Give what the event is for everybody; ten thousand recipients share it."""
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//noc-console//notices//EN",
        f"METHOD:{one.method}",
        "BEGIN:VEVENT",
        f"UID:{_escaped(one.uid)}",
        f"DTSTAMP:{_moment(one.made_at)}",
        f"SEQUENCE:{one.number}",
        f"DTSTART:{_moment(one.starts_at)}",
        f"DTEND:{_moment(one.ends_at)}",
        f"SUMMARY:{_escaped(one_line(one.title))}",
        f"DESCRIPTION:{_escaped(one.description[:_MOST_TEXT])}",
        f"STATUS:{'CANCELLED' if one.is_cancelled else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",  # it is to be seen, and to keep nobody from other appointments
        f"ORGANIZER{_named(organizer_name)}:mailto:{organizer}",
    )
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """Give a text as a value (RFC 5545 section 3.3.11); controls but line ends are left out."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(one for one in plain if one in "\n\t" or (one >= " " and one != "\x7f"))
    kept = kept.encode("utf-8", "replace").decode()
    for special in ("\\", ";", ","):
        kept = kept.replace(special, f"\\{special}")
    return kept.replace("\n", "\\n")


def _named(name: str) -> str:
    """Give the parameter with a name; RFC 6868 has quotes and carets as `^'` and `^^`."""
    line = one_line(name, 120).encode("utf-8", "replace").decode()
    if not line:
        return ""
    return f';CN="{line.replace("^", "^^").replace(chr(34), "^" + chr(39))}"'


def _folded(line: str) -> str:
    """Give a line cut into lines of at most 75 bytes (section 3.1), never within a character."""
    if len(line.encode()) <= _LINE_BYTES:
        return line
    parts: list[str] = []
    part, size = "", 0
    for letter in line:
        length = len(letter.encode())
        if size + length > _LINE_BYTES:
            parts.append(part)
            part, size = " ", 1
        part += letter
        size += length
    return "\r\n".join([*parts, part])
