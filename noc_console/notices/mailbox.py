"""The mailbox that bounces come to, as a folder on disk (maildir) or over IMAP (RFC 3501). Blocks.

Nothing is deleted. What we understood is marked as read; what a person should read stays unread and
gets a mark of ours only, so that it is not taken up again.
"""

import contextlib
import imaplib
import os
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.health.delivery.mail_server import Security
from noc_console.notices.bounces import MOST_BYTES
from noc_console.store.settings import get_setting, put_setting
from noc_console.store.store import Store

SETTING = "notices.mailbox"
TIMEOUT_S = 30.0
AT_ONCE = 500
"""So many messages are read in one look; a flood is read over several."""

USUAL_PORTS = {Security.STARTTLS: 143, Security.TLS: 993, Security.NONE: 143}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_KEYWORD = "NocConsoleRead"


class MailboxKind(Enum):
    """How a mailbox is reached."""

    MAILDIR = "maildir"
    IMAP = "imap"


class InvalidMailbox(ConsoleError):
    """A mailbox cannot be described so; the sentence says what may be."""


class MailboxFailed(ConsoleError):
    """A mailbox cannot be read; the sentence says at which step and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """Where bounces come to. `path` is that of a maildir; the rest is of IMAP."""

    kind: MailboxKind
    path: str = ""
    host: str = ""
    port: int = 993
    security: Security = Security.TLS
    user: str = ""
    secret: str = ""
    folder: str = "INBOX"

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            InvalidMailbox: with what may be.
        """
        if self.kind is MailboxKind.MAILDIR:
            if not self.path.startswith("/"):
                raise InvalidMailbox("Give the maildir's whole path, such as /var/mail/bounces.")
            return
        if not self.host or inert(self.host) != self.host or " " in self.host:
            raise InvalidMailbox("Give the IMAP server's name or address.")
        if not 1 <= self.port <= 65535:
            raise InvalidMailbox("A port lies between 1 and 65535.")
        if not self.user or not self.secret or not self.user.isprintable():
            raise InvalidMailbox("An IMAP mailbox needs a user and a password.")
        if self.security is Security.NONE and self.host not in _LOOPBACK:
            raise InvalidMailbox(
                "A password is sent only over an encrypted connection; choose starttls or tls."
            )
        if not (self.folder.isprintable() and self.folder.isascii()) or set(self.folder) & {
            '"',
            "\\",
        }:
            raise InvalidMailbox("Give the folder as the server calls it, such as INBOX.")

    @property
    def text(self) -> str:
        """Which it is, in a few words."""
        if self.kind is MailboxKind.MAILDIR:
            return self.path
        return (
            f"{self.folder} of {self.user} at {self.host} port {self.port} ({self.security.value})"
        )


def read_mailbox_setting(store: Store) -> Mailbox | None:
    """Give the mailbox for bounces, or None when none is set."""
    found = get_setting(store, SETTING, None)
    if not found or not isinstance(found, dict):
        return None
    kinds = {"kind": MailboxKind(found["kind"]), "security": Security(found["security"])}
    return Mailbox(**{**found, **kinds})


def put_mailbox_setting(store: Store, mailbox: Mailbox | None) -> None:
    """Set the mailbox for bounces for everybody, or none."""
    put_setting(store, SETTING, {} if mailbox is None else as_json(mailbox))


def as_json(mailbox: Mailbox) -> dict[str, Any]:
    """Give a mailbox as JSON values; the reference to the secret is no secret."""
    kinds = {"kind": mailbox.kind.value, "security": mailbox.security.value}
    return asdict(mailbox) | kinds


Take = Callable[[bytes], bool]
"""Takes a message in, durably; gives whether it was understood, so that no person need read it."""


def look_into(mailbox: Mailbox, password: str, take: Take) -> int:
    """Give each message that is new to `take`, then mark it; gives how many there were.

    A message is marked only when it was taken in: after a crash it comes again.

    Raises:
        MailboxFailed: it cannot be read.
    """
    if mailbox.kind is MailboxKind.MAILDIR:
        return _look_into_maildir(Path(mailbox.path), take)
    return _look_into_imap(mailbox, password, take)


def try_mailbox(mailbox: Mailbox, password: str) -> str:
    """Prove that a mailbox can be read and marked; gives what is in it, in a sentence.

    Raises:
        MailboxFailed: it cannot.
    """
    if mailbox.kind is MailboxKind.MAILDIR:
        folder = Path(mailbox.path)
        count = len(_new_files(folder))
        if not os.access(folder / "new", os.W_OK) or not os.access(folder / "cur", os.W_OK):
            raise MailboxFailed(f"The engine's user may not write to {folder}; give it the right.")
        return f"{mailbox.path} can be read; {_messages(count)} in it."
    with _imap(mailbox, password) as session:
        return f"{mailbox.host} lets us in; {_messages(len(_unmarked(session)))} in it."


def _messages(count: int) -> str:
    return f"{count} new {'message is' if count == 1 else 'messages are'}"


def _look_into_maildir(folder: Path, take: Take) -> int:
    files = _new_files(folder)[:AT_ONCE]
    for file in files:
        try:
            with file.open("rb") as opened:
                content = opened.read(MOST_BYTES)
            flags = ":2,S" if take(content) else ":2,"
            file.rename(folder / "cur" / f"{file.name.partition(':')[0]}{flags}")
        except FileNotFoundError:  # a mail program moved it meanwhile
            continue
        except OSError as error:
            raise _unreadable(folder, error) from error
    return len(files)


def _new_files(folder: Path) -> list[Path]:
    try:
        if not (folder / "cur").is_dir():
            raise MailboxFailed(f"{folder} is no maildir: it has no folders new and cur.")
        return sorted(one for one in (folder / "new").iterdir() if not one.name.startswith("."))
    except OSError as error:
        raise _unreadable(folder, error) from error


def _unreadable(folder: Path, error: OSError) -> MailboxFailed:
    return MailboxFailed(
        f"The maildir {folder} cannot be read by the engine's user: {error.strerror}."
    )


def _look_into_imap(mailbox: Mailbox, password: str, take: Take) -> int:
    with _imap(mailbox, password) as session:
        numbers = _unmarked(session)[:AT_ONCE]
        keeps_marks = _KEYWORD.lower() in _permanent_flags(session)
        for number in numbers:
            content = _content(session, number)
            is_understood = content is not None and take(content)
            # where a server keeps no marks of ours, what a person should read is marked as read
            # all the same, or it would come again for ever
            flag = "\\Seen" if is_understood or not keeps_marks else _KEYWORD
            session.uid("STORE", number, "+FLAGS.SILENT", f"({flag})")
        return len(numbers)


def _permanent_flags(session: imaplib.IMAP4) -> str:
    """Give the flags a server keeps, in small letters; ours, where it keeps any we like."""
    told = session.response("PERMANENTFLAGS")[1]
    flags = b" ".join(one for one in told if isinstance(one, bytes)).decode("ascii", "replace")
    return f"{flags} {_KEYWORD}".lower() if "\\*" in flags else flags.lower()


def _unmarked(session: imaplib.IMAP4) -> list[str]:
    kind, told = session.uid("SEARCH", "UNSEEN", "UNKEYWORD", _KEYWORD)
    if kind != "OK" or not isinstance(told[0], bytes):
        return []
    return told[0].decode("ascii", "replace").split()


def _content(session: imaplib.IMAP4, number: str) -> bytes | None:
    kind, told = session.uid("FETCH", number, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
    parts = [one[1] for one in told if isinstance(one, tuple) and isinstance(one[1], bytes)]
    return parts[0] if kind == "OK" and parts else None


@contextmanager
def _imap(mailbox: Mailbox, password: str) -> Iterator[imaplib.IMAP4]:
    who = f"The IMAP server {mailbox.host} port {mailbox.port}"
    try:
        session = _connected(mailbox)
    except (OSError, imaplib.IMAP4.error) as error:
        raise _unreachable(who, error) from error
    try:
        _log_in(session, mailbox, password, who)
        yield session
    except imaplib.IMAP4.error as error:
        raise MailboxFailed(f"{who} did not go on: {_said(error)}.") from error
    except OSError as error:
        raise _unreachable(who, error) from error
    finally:
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            session.logout()


def _connected(mailbox: Mailbox) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if mailbox.security is Security.TLS:
        return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=TIMEOUT_S)
    session = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=TIMEOUT_S)
    if mailbox.security is Security.STARTTLS:
        try:
            session.starttls(ssl_context=context)
        except BaseException:
            with contextlib.suppress(OSError):
                session.shutdown()
            raise
    return session


def _log_in(session: imaplib.IMAP4, mailbox: Mailbox, password: str, who: str) -> None:
    try:
        if "AUTH=PLAIN" in session.capabilities:  # takes any letter, which LOGIN does not
            words = f"\0{mailbox.user}\0{password}".encode()
            session.authenticate("PLAIN", lambda _: words)
        else:
            session.login(mailbox.user, password)
    except (imaplib.IMAP4.error, UnicodeError) as error:
        raise MailboxFailed(
            f"{who} refuses the login of {inert(mailbox.user, 80)}: {_said(error)}; give the "
            "password again with `noc-console contact mailbox`."
        ) from error
    kind, told = session.select(f'"{mailbox.folder}"')
    if kind != "OK":
        said = inert(told[0] if isinstance(told[0], bytes) else b"", 160)
        raise MailboxFailed(f"{who} has no folder {inert(mailbox.folder, 80)}: {said}.")


def _unreachable(who: str, error: Exception) -> MailboxFailed:
    if isinstance(error, ssl.SSLCertVerificationError):
        why = f"shows a certificate that is not valid: {inert(error.verify_message, 120)}"
        return MailboxFailed(f"{who} {why}; the password was not sent.")
    if isinstance(error, TimeoutError | socket.timeout):
        return MailboxFailed(f"{who} did not answer within {TIMEOUT_S:.0f} s.")
    if isinstance(error, OSError) and error.strerror:
        return MailboxFailed(f"{who} cannot be reached: {inert(error.strerror, 120)}.")
    return MailboxFailed(f"{who} did not go on: {_said(error)}.")


def _said(error: Exception) -> str:
    first = error.args[0] if error.args else ""
    return inert(first if isinstance(first, bytes) else str(first), 160).rstrip(".")
