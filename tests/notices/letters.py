"""A notice's text and the letter made of it, for the tests of mail."""

from datetime import UTC, datetime, timedelta

from noc_console.notices.channels.invitation import Invitation
from noc_console.notices.channels.mail import Letter, MailIdentity
from noc_console.notices.notice import NoticeKind
from noc_console.notices.text import Text

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
STARTS = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
MARK = "0123456789abcdefghij"
IDENTITY = MailIdentity(
    sender="noc@example.com",
    sender_name="Example Hosting, Notices",
    reply_to="support@example.com",
    bounces="bounces@example.com",
    leave_at="https://example.com/leave?mark={mark}",
)
TEXT = Text(
    title="Wartung: Kernel mit Neustart, 15 Minuten – web1",
    summary="Wartung am 1. Dezember",
    markdown="**Was:** Neustart",
    html="<p><strong>Was:</strong> Neustart für „web1“ &amp; Freunde</p>",
    plain="Was: Neustart für „web1“ & Freunde\n.ein Punkt am Anfang\nFrom hier an alles gut",
    reference="n42-week-before-1",
)


def invitation(**fields: object) -> Invitation:
    """Give the event of a night's work."""
    usual = {
        "uid": "token@example.com",
        "number": 1,
        "starts_at": STARTS,
        "ends_at": STARTS + timedelta(minutes=15),
        "title": TEXT.title,
        "description": TEXT.plain,
        "made_at": AT,
    }
    return Invitation(**(usual | fields))


def letter(**fields: object) -> Letter:
    """Give what the mails of a notice share."""
    usual = {
        "text": TEXT,
        "kind": NoticeKind.SCHEDULED,
        "language": "de",
        "identity": IDENTITY,
        "thread": "token",
        "at": AT,
    }
    return Letter(**(usual | fields))
