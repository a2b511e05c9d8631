"""What a message in the mailbox of bounces says of a mail we sent. Pure: no I/O, no clock.

Reports of delivery (RFC 3464), of complaints (RFC 5965), the free words of older mail servers,
absence notes, and people who want no more are told apart. Any bytes give a value. Only a mark that
nobody can guess ties a message to a mail, so no stranger can stop somebody else's notices.
"""

import email
import email.errors
import email.header
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from enum import Enum

from noc_console.fleet.inert import inert

MOST_BYTES = 1024 * 1024
"""Of a larger message only the beginning is looked at; what reports say stands there."""

_MOST_TEXT = 40_000
_WORDS_LENGTH = 300
_TAG = re.compile(r"\+([bu])([0-9a-z]{20})@", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<([0-9a-z]{20})\.notice@", re.IGNORECASE)
_LEAVING = re.compile(r"\bunsubscribe\s+([0-9a-z]{20})\b", re.IGNORECASE)
_MARK = re.compile(r"[0-9a-z]{20}")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_CODE = re.compile(r"\b([45])\d\d[ -]")
_ADDRESS = re.compile(r"[^\s@<>\"(),;:\[\]]{1,64}@[A-Za-z0-9.-]{1,255}")
_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
_AWAY = re.compile(
    r"^\W*(re:\s*)?(out of (the )?office|automatic reply|auto(matic)?[- ]?(reply|response)|"
    r"autoreply|abwesen|automatische antwort|absence|vacation|on holiday|réponse automatique|"
    r"respuesta automática)",
    re.IGNORECASE,
)
_FAULTS_OF_THE_READER = (
    email.errors.MessageError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
)
"""What Python's reader of mail raises for some messages no mail program would write."""
_DEAD = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
"""RFC 3463 and RFC 7505: no such mailbox or domain, moved, takes no mail, switched off."""


class ReturnKind(Enum):
    """What came back."""

    BOUNCED = "bounced"
    """It could not be delivered, for good."""
    DELAYED = "delayed"
    """The mail server is still trying."""
    DELIVERED = "delivered"
    AUTO_REPLY = "auto-reply"
    """An absence note or the like: the mail arrived, and nobody has read it."""
    LEAVES = "wants no more"
    COMPLAINT = "complaint"
    """Their provider says they marked it as spam."""
    OTHER = "other"
    """Something a person should read."""

    @property
    def proves_arrival(self) -> bool:
        """Whether the mail must have arrived for this to come back."""
        return self in {
            ReturnKind.DELIVERED,
            ReturnKind.AUTO_REPLY,
            ReturnKind.LEAVES,
            ReturnKind.COMPLAINT,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one message says.

    `mark` is that of the mail it is about, empty where it shows none. `key` is the same for the
    same bytes. `status` is the enhanced code (RFC 3463), or empty.
    """

    kind: ReturnKind
    key: str
    mark: str = ""
    address: str = ""
    status: str = ""
    words: str = ""


def is_dead(status: str) -> bool:
    """Whether an enhanced code says that the address itself takes no mail."""
    return status in _DEAD


def read_report(raw: bytes) -> Report:
    """Give what a message of the mailbox says."""
    key = hashlib.sha256(raw).hexdigest()[:40]
    try:
        return _read(key, email.message_from_bytes(raw[:MOST_BYTES]))
    except (RecursionError, *_FAULTS_OF_THE_READER):
        return Report(kind=ReturnKind.OTHER, key=key, words="A message that cannot be read.")


def _read(key: str, message: Message) -> Report:
    tag, mark = _tag_of(message)
    groups = list(_groups(message))
    mark = mark or _mark_inside(message, groups)
    subject = _header(message, "Subject")
    kind = _report_kind(message)
    if kind == "feedback-report":
        words = "Their mail provider reports that they marked it as spam."
        return Report(kind=ReturnKind.COMPLAINT, key=key, mark=mark, words=words)
    if kind == "delivery-status" or groups:
        return _delivery_report(key, mark, groups)
    if tag == "b" and _is_refusal(message):
        return _free_report(key, mark, message)
    if _is_auto_reply(message, subject):
        return Report(kind=ReturnKind.AUTO_REPLY, key=key, mark=mark, words=subject)
    left = _LEAVING.search(subject)
    if (tag == "u" or left) and not _is_automatic(message):
        found = mark or (left[1].lower() if left else "")
        return Report(kind=ReturnKind.LEAVES, key=key, mark=found, words=subject)
    return Report(kind=ReturnKind.OTHER, key=key, mark=mark, words=subject)


def _delivery_report(key: str, mark: str, groups: list[Message]) -> Report:
    """Give what the group that matters most says: each of our mails has one recipient."""
    actions = {"failed": 0, "delayed": 1, "delivered": 2, "relayed": 2, "expanded": 2}
    told = [one for one in groups if _header(one, "Action").lower() in actions]
    if not told:
        return Report(kind=ReturnKind.OTHER, key=key, mark=mark, words="A report without a result.")
    worst = min(told, key=lambda one: actions[_header(one, "Action").lower()])
    kinds = (ReturnKind.BOUNCED, ReturnKind.DELAYED, ReturnKind.DELIVERED)
    status = _first(_STATUS, _header(worst, "Status"))
    said = _header(worst, "Diagnostic-Code").partition(";")[2].strip()
    address = _header(worst, "Final-Recipient").partition(";")[2].strip()
    precise = _first(_STATUS, said)
    if status in {"", "5.0.0", "4.0.0"} and precise[:1] == (status or precise)[:1]:
        status = precise or status
    return Report(
        kind=kinds[actions[_header(worst, "Action").lower()]],
        key=key,
        mark=mark,
        address=inert(address, 254),
        status=status,
        words=inert(said or status or "It gave no reason.", _WORDS_LENGTH),
    )


def _free_report(key: str, mark: str, message: Message) -> Report:
    """Give what a mail server says in its own words, such as qmail's or exim's."""
    text = _text_of(message)
    status = _first(_STATUS, text)
    code = _CODE.search(text)
    digit = status[:1] or (code[1] if code else "5")
    failed = _header(message, "X-Failed-Recipients") or _first(_ADDRESS, text)
    line = next((one for one in text.splitlines() if _STATUS.search(one) or _CODE.search(one)), "")
    return Report(
        kind=ReturnKind.DELAYED if digit == "4" else ReturnKind.BOUNCED,
        key=key,
        mark=mark,
        address=inert(failed, 254),
        status=status,
        words=inert(line or _header(message, "Subject") or "It gave no reason.", _WORDS_LENGTH),
    )


def _tag_of(message: Message) -> tuple[str, str]:
    """Give the letter and the mark of the address it was sent to."""
    for name in _TO:
        for value in _headers(message, name):
            if found := _TAG.search(value):
                return found[1].lower(), found[2].lower()
    return "", ""


def _mark_inside(message: Message, groups: list[Message]) -> str:
    """Give the mark a report shows where its address has none."""
    for group in groups:
        envelope = _header(group, "Original-Envelope-Id").strip()
        if _MARK.fullmatch(envelope):
            return envelope
    texts = [_header(message, name) for name in ("In-Reply-To", "References")]
    texts += [_original_header(part) for part in _parts(message) if part is not message]
    return next((found[1].lower() for text in texts if (found := _MESSAGE_ID.search(text))), "")


def _original_header(part: Message) -> str:
    """Give the words in which a part of a report may show the mail it is about."""
    if part.get_content_type() == "text/rfc822-headers":
        return _payload(part)
    return _header(part, "Message-ID")


def _groups(message: Message) -> Iterator[Message]:
    """Give the groups of fields of a delivery report; the first one is of the whole message."""
    for part in _parts(message):
        if part.get_content_type() in {"message/delivery-status", "message/global-delivery-status"}:
            inside = part.get_payload()
            if isinstance(inside, list):
                yield from (one for one in inside if isinstance(one, Message))


def _parts(message: Message) -> Iterator[Message]:
    """Give a message and its parts, not more than a mail server would make."""
    for number, part in enumerate(message.walk()):
        if number > 200:
            return
        yield part


def _report_kind(message: Message) -> str:
    if message.get_content_type() != "multipart/report":
        return ""
    found = message.get_param("report-type")
    return found.lower() if isinstance(found, str) else ""


def _is_auto_reply(message: Message, subject: str) -> bool:
    submitted = _header(message, "Auto-Submitted").strip().lower()
    if submitted.startswith("auto-replied"):
        return True
    precedence = _header(message, "Precedence").strip().lower()
    marks = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply")
    is_marked = any(_header(message, name) for name in marks)
    return is_marked or precedence == "auto_reply" or _AWAY.match(subject) is not None


def _is_automatic(message: Message) -> bool:
    submitted = _header(message, "Auto-Submitted").strip().lower()
    return submitted not in {"", "no"} or _is_from_a_server(message)


def _is_refusal(message: Message) -> bool:
    """Whether a mail server says in its own words that it could not deliver."""
    if _header(message, "X-Failed-Recipients"):
        return True
    text = _text_of(message)
    return _is_from_a_server(message) and bool(_STATUS.search(text) or _CODE.search(text))


def _is_from_a_server(message: Message) -> bool:
    sender = _header(message, "From").lower()
    is_null = _header(message, "Return-Path").strip() == "<>"
    return is_null or "mailer-daemon" in sender or "postmaster@" in sender


def _text_of(message: Message) -> str:
    texts = (part for part in _parts(message) if part.get_content_type() == "text/plain")
    first = next(texts, None)
    return "" if first is None else _payload(first)


def _payload(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    return content[:_MOST_TEXT].decode("utf-8", "replace")


def _header(message: Message, name: str) -> str:
    return next(_headers(message, name), "")


def _headers(message: Message, name: str) -> Iterator[str]:
    """Give a header's values on one line each; encoded words are read where they can be."""
    for value in message.get_all(name) or []:
        try:
            words = str(email.header.make_header(email.header.decode_header(value)))
        except (email.errors.MessageError, ValueError, LookupError):
            words = str(value)
        yield inert(words, 1000)


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[found.lastindex or 0] if found else ""
