"""Hands in many mails over one session (RFC 5321), each noted before it is handed over.

Until a mail's last dot nothing has gone, so a connection lost before it costs nothing: the mail
goes again, over a new session. Lost after it, the mail is in doubt: it may have arrived, and
is not sent again. Where a server offers pipelining (RFC 2920) it gets sender, recipient and DATA
at once, and works on them while it is written down that the mail goes; and the next mail is made
while it keeps this one.
Blocks: for a worker's thread.
"""

import re
import smtplib
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from noc_console.fleet.inert import inert
from noc_console.health.delivery.mail_server import MailServer
from noc_console.health.delivery.sending import SendFailed, Tell, tell_nobody
from noc_console.health.delivery.smtp_link import REPLY_LENGTH, failure_of, logged_in
from noc_console.notices.channels.mailing import (
    BeforeHandingOver,
    MailResult,
    MailState,
    NotHandedOver,
    Outgoing,
)

AFTER_DOT_S = 600.0
"""RFC 5321 section 4.5.3.2.6: to give up sooner makes mails arrive of which nobody knows."""
SENDER_PAUSE_S = 300.0
"""A sender that is refused is refused for all; a person must mend it."""

_STATUS = re.compile(rb"([245]\.\d{1,3}\.\d{1,3})\b")
_AT_LINE_START = re.compile(rb"(?m)^\.")
_CLOSING = 421
_NOT_ASCII = "5.6.7"
"""RFC 6531 section 3.5: the address needs SMTPUTF8, and the server has none."""


def send_mailings(
    server: MailServer,
    password: str,
    mails: Iterable[Outgoing],
    *,
    before_handing_over: BeforeHandingOver,
    told: Callable[[MailResult], None],
    tell: Tell = tell_nobody,
    should_stop: Callable[[], bool] = lambda: False,
    looks_ahead: bool = True,
) -> None:
    """Send mails one after the other; `told` gets what came of each before the next is begun.

    The first mail is taken from `mails` when the session stands. `looks_ahead` takes each other
    one while the server still works on the one before it: switch it off where `mails` takes its
    time, or what came of a mail is told late. What was not told was not handed over; of what
    `before_handing_over` noted is told, unless that or `told` raised. `told` and
    `before_handing_over` are called in turns by this thread: what the first is given may be
    written with what the second writes. `should_stop` is asked before each mail.

    Raises:
        SendFailed: the session cannot be had, or was lost; the mails not told are safe to send.
            Also after a mail that is in doubt.
        Exception: whatever `before_handing_over`, `told` or `mails` raise ends the session at once.
    """
    queue = _Queue(mails, should_stop)
    is_first_session = True
    while is_first_session or queue.next_one is not None:
        is_first_session = False
        with _session(server, password, tell) as session:
            session.looks_ahead = looks_ahead
            _send_over(session, queue, before_handing_over, told)


def _send_over(
    session: "MailSession",
    queue: "_Queue",
    before_handing_over: BeforeHandingOver,
    told: Callable[[MailResult], None],
) -> None:
    """Send over one session; a mail before whose dot it was lost stays the next one.

    Raises:
        SendFailed: it was lost before anything could be done.
    """
    has_sent = False
    while not session.is_over and (mail := queue.look()) is not None:
        try:
            result = session.send(mail, before_handing_over, queue)
        except SessionLost as lost:
            if lost.was_noted:
                told(_not_handed_over(mail, lost))
                queue.done()
            if not has_sent:  # a new session would fare no better
                raise
            break
        has_sent = True
        if result is None:
            continue
        told(result)
        if result.state is MailState.IN_DOUBT:  # one fault must not cost more than one mail
            raise SessionLost(result.words)
        queue.raise_trouble()
    if session.is_over:
        queue.look()  # the next mail, if there is one, needs another session


class _Queue:
    """The mails to come, of which one may have been taken ahead."""

    def __init__(self, mails: Iterable[Outgoing], should_stop: Callable[[], bool]) -> None:
        self._mails = iter(mails)
        self._should_stop = should_stop
        self._trouble: Exception | None = None
        self.next_one: Outgoing | None = None

    def look(self) -> Outgoing | None:
        """Give the next mail; it stays the next one until it is done with."""
        if self.next_one is None and not self._should_stop():
            self.next_one = next(self._mails, None)
        elif self._should_stop():
            self.next_one = None
        return self.next_one

    def done(self) -> None:
        """Go on to the mail after."""
        self.next_one = None

    def look_ahead(self) -> None:
        """Have the next mail made while one is being kept: trouble must not hide its outcome."""
        try:
            self.look()
        except Exception as trouble:  # noqa: BLE001 - raised again when that outcome was told
            self._trouble = trouble

    def raise_trouble(self) -> None:
        """Raise what was met while looking ahead."""
        if self._trouble is not None:
            trouble, self._trouble = self._trouble, None
            raise trouble


class SessionLost(SendFailed):
    """The connection ended, or the server would not go on, before a mail's last dot.

    `was_noted`: it was noted already that the mail is handed over, which did not come to be.
    """

    was_noted = False


@contextmanager
def _session(server: MailServer, password: str, tell: Tell) -> Iterator["MailSession"]:
    with logged_in(server, password, tell) as connection:
        yield MailSession(connection, server)


@dataclass(frozen=True, slots=True)
class _Reply:
    code: int
    text: bytes

    @property
    def is_yes(self) -> bool:
        return 200 <= self.code < 400

    @property
    def status(self) -> str:
        found = _STATUS.match(self.text)
        return found[1].decode() if found else ""

    @property
    def words(self) -> str:
        return f"{self.code} {inert(self.text, REPLY_LENGTH)}".rstrip(". ")


class MailSession:
    """A session that is logged in. One thread owns it."""

    def __init__(self, connection: smtplib.SMTP, server: MailServer) -> None:
        """Take over a connection; whoever opened it closes it."""
        self._smtp = connection
        self._server = server
        self._pipelines = connection.has_extn("pipelining")
        self._reports = connection.has_extn("dsn")
        self._takes_any_letter = connection.has_extn("smtputf8")
        self._was_noted = False
        self.looks_ahead = True
        self.is_over = False
        """Whether no more mails can go over it."""

    def send(
        self, mail: Outgoing, before_handing_over: BeforeHandingOver, queue: "_Queue"
    ) -> MailResult | None:
        """Hand one mail in; gives what came of it, or None when it was kept back.

        Raises:
            SessionLost: nothing was handed over, and nothing more can go over this session.
        """
        if not self._can_take(mail):
            queue.done()
            return MailResult(
                mailing_id=mail.mailing_id,
                state=MailState.BOUNCED,
                status=_NOT_ASCII,
                words=f"{self._server.host} takes no address with letters beyond ASCII.",
            )
        self._was_noted = False
        try:
            refusal = self._offer(mail, before_handing_over)
        except NotHandedOver:
            queue.done()
            self._end()  # the server may wait for the mail: to end is the only way not to send
            return None
        except (smtplib.SMTPException, OSError, SessionLost) as error:
            raise self._lost("recipient", error) from error
        except BaseException:
            self._end()
            raise
        queue.done()
        if refusal is not None:
            return self._refused(mail, refusal, "the recipient")
        return self._finish(mail, queue)

    def _can_take(self, mail: Outgoing) -> bool:
        return self._takes_any_letter or not _is_beyond_ascii(mail)

    def _offer(self, mail: Outgoing, before_handing_over: BeforeHandingOver) -> _Reply | None:
        """Say from whom and to whom, and note that it goes; gives the reply that refuses it."""
        if self._pipelines:
            self._smtp.send(b"".join(self._words(mail)))
            before_handing_over(mail.mailing_id)  # meanwhile the server works on the words
            self._was_noted = True
            replies = [self._reply_at_once() for _ in range(3)]
        else:
            replies = self._ask_in_turn(self._words(mail))
        if not replies[0].is_yes:
            raise self._sender_refused(replies[0])
        for reply in replies[1:]:
            if reply.code == _CLOSING:
                raise smtplib.SMTPServerDisconnected(reply.words)
            if not reply.is_yes:
                self._take_back(is_in_message=replies[-1].is_yes)
                return reply
        if not self._was_noted:
            before_handing_over(mail.mailing_id)
        return None

    def _words(self, mail: Outgoing) -> tuple[bytes, ...]:
        sender, recipient = f"MAIL FROM:<{mail.return_path}>", f"RCPT TO:<{mail.recipient}>"
        if self._smtp.has_extn("size"):
            sender += f" SIZE={len(mail.content)}"
        if _is_beyond_ascii(mail):
            sender += " SMTPUTF8 BODY=8BITMIME"
        if self._reports:  # RFC 3461: a report names our mark, and brings no more than the header
            sender += f" RET=HDRS ENVID={mail.mark}"
            recipient += " NOTIFY=FAILURE,DELAY"
        return tuple(f"{word}\r\n".encode() for word in (sender, recipient, "DATA"))

    def _reply_at_once(self) -> _Reply:
        """Give one of several replies. A server that sends each by itself holds the next until we
        say that we have this one (RFC 896), which the kernel puts off for 40 ms (RFC 1122
        section 4.2.3.2): it is told not to.
        """
        if sys.platform == "linux" and self._smtp.sock is not None:
            self._smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        return _Reply(*self._smtp.getreply())

    def _ask_in_turn(self, words: tuple[bytes, ...]) -> list[_Reply]:
        replies: list[_Reply] = []
        for word in words:
            self._smtp.send(word)
            replies.append(_Reply(*self._smtp.getreply()))
            if not replies[-1].is_yes:
                break
        return replies

    def _take_back(self, *, is_in_message: bool) -> None:
        """Go on to the next mail after a recipient was refused.

        RFC 2920 section 3.1: where DATA was taken all the same, a single dot ends it; without a
        recipient it goes to nobody.
        """
        if is_in_message:
            self._smtp.send(b".\r\n")
            self._smtp.getreply()
        self._smtp.rset()

    def _finish(self, mail: Outgoing, queue: "_Queue") -> MailResult:
        """Send the mail with its dot, and give what the server says of it, if it says anything."""
        sock = self._smtp.sock
        usual_s = sock.gettimeout() if sock else None
        try:
            self._smtp.send(_dotted(mail.content))
            if self.looks_ahead:
                queue.look_ahead()
            if sock is not None:
                sock.settimeout(AFTER_DOT_S)
            reply = _Reply(*self._smtp.getreply())
            if sock is not None:
                sock.settimeout(usual_s)
        except (smtplib.SMTPException, OSError) as error:
            self._end()
            why = failure_of("message", self._server, error).sentence.rstrip(".")
            return MailResult(
                mailing_id=mail.mailing_id,
                state=MailState.IN_DOUBT,
                words=f"{why}, when the mail was on its way: nobody knows whether it arrived.",
            )
        if not reply.is_yes:
            return self._refused(mail, reply, "the mail")
        return MailResult(
            mailing_id=mail.mailing_id,
            state=MailState.SENT,
            code=reply.code,
            status=reply.status,
            words=f"{self._server.host} took it: {inert(reply.text, REPLY_LENGTH)}",
        )

    def _refused(self, mail: Outgoing, reply: _Reply, what: str) -> MailResult:
        """Give what a refusal comes to; a server that closes ends the session."""
        self.is_over = self.is_over or reply.code == _CLOSING
        is_final = reply.code >= 500
        return MailResult(
            mailing_id=mail.mailing_id,
            state=MailState.BOUNCED if is_final else MailState.DELAYED,
            code=reply.code,
            status=reply.status,
            words=(
                f"{self._server.host} {'refuses' if is_final else 'does not take'} {what}"
                f"{'' if is_final else ' now'}: {reply.words}."
            ),
        )

    def _sender_refused(self, reply: _Reply) -> SessionLost:
        self._end()
        is_passing = reply.code < 500
        return SessionLost(
            f"The mail server {self._server.host} port {self._server.port} refuses the sender: "
            f"{reply.words}.",
            pause_s=0.0 if is_passing else SENDER_PAUSE_S,
        )

    def _lost(self, step: str, error: Exception) -> SessionLost:
        self._end()
        if isinstance(error, SessionLost):
            lost = error
        else:
            failure = failure_of(step, self._server, error)
            lost = SessionLost(failure.sentence, pause_s=failure.pause_s)
        lost.was_noted = self._was_noted
        return lost

    def _end(self) -> None:
        """Close without a word: inside a message every word would be part of it."""
        self.is_over = True
        self._smtp.close()


def _not_handed_over(mail: Outgoing, lost: SessionLost) -> MailResult:
    return MailResult(
        mailing_id=mail.mailing_id,
        state=MailState.DELAYED,
        words=f"Nothing was handed over: {lost.sentence}",
    )


def _is_beyond_ascii(mail: Outgoing) -> bool:
    return not (mail.recipient.isascii() and mail.return_path.isascii())


def _dotted(content: bytes) -> bytes:
    """Give a mail as it is sent: dots at the start of a line doubled, its last dot at its end."""
    if b"\n." in content or content.startswith(b"."):
        content = _AT_LINE_START.sub(b"..", content)
    return content + (b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n")
