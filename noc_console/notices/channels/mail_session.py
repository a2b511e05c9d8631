"""Hands in many mails over one session (RFC 5321), each noted just before its last dot.

Until the dot nothing has gone, so a connection lost before it costs nothing: the mail goes again,
once, over a new session. Lost after it, the mail is in doubt: it may have arrived, and is not sent
again. A server that offers pipelining (RFC 2920) gets sender, recipient and DATA in one packet.
Blocks: for a worker's thread.
"""

import re
import smtplib
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
) -> None:
    """Send mails one after the other; `told` gets what came of each before the next is begun.

    The first mail is taken from `mails` only when the session stands, each other one when the one
    before it is over; what was not told was not handed over. `told` and `before_handing_over` are
    called in turns by this thread: what the first is given may be written with what the second
    writes. `should_stop` is asked before each mail.

    Raises:
        SendFailed: the session cannot be had, or was lost; the mails not told are safe to send.
            Also after a mail that is in doubt.
        Exception: whatever `before_handing_over` or `told` raise ends the session at once.
    """
    queue = iter(mails)
    left: Outgoing | None = None
    is_first_session = True
    while is_first_session or left is not None:
        is_first_session = False
        with _session(server, password, tell) as session:
            left = _send_over(session, queue, left, before_handing_over, told, should_stop)


def _send_over(
    session: "MailSession",
    queue: Iterator[Outgoing],
    left: Outgoing | None,
    before_handing_over: BeforeHandingOver,
    told: Callable[[MailResult], None],
    should_stop: Callable[[], bool],
) -> Outgoing | None:
    """Send over one session; gives the mail before whose dot it was lost, to go over another.

    Raises:
        SendFailed: it was lost before anything could be done.
    """
    has_sent = False
    while not should_stop():
        mail = left or next(queue, None)
        if mail is None:
            return None
        left = None
        try:
            result = session.send(mail, before_handing_over)
        except SessionLost:
            if not has_sent:  # a new session would fare no better
                raise
            return mail
        has_sent = True
        if result is not None:
            told(result)
            if result.state is MailState.IN_DOUBT:  # one fault must not cost more than one mail
                raise SessionLost(result.words)
        if session.is_over:  # the next mail, if there is one, needs another
            return next(queue, None)
    return None


class SessionLost(SendFailed):
    """The connection ended, or the server would not go on, before a mail's last dot."""


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
        self.is_over = False
        """Whether no more mails can go over it."""

    def send(self, mail: Outgoing, before_handing_over: BeforeHandingOver) -> MailResult | None:
        """Hand one mail in; gives what came of it, or None when it was kept back.

        Raises:
            SessionLost: nothing was handed over, and nothing more can go over this session.
        """
        if _is_beyond_ascii(mail) and not self._smtp.has_extn("smtputf8"):
            return MailResult(
                mailing_id=mail.mailing_id,
                state=MailState.BOUNCED,
                status=_NOT_ASCII,
                words=f"{self._server.host} takes no address with letters beyond ASCII.",
            )
        try:
            refusal = self._offer(mail)
        except (smtplib.SMTPException, OSError) as error:
            raise self._lost("recipient", error) from error
        if refusal is not None:
            return self._refused(mail, refusal, "the recipient")
        try:
            self._smtp.send(_dotted(mail.content))
        except (smtplib.SMTPException, OSError) as error:
            raise self._lost("message", error) from error
        try:
            before_handing_over(mail.mailing_id)
        except NotHandedOver:
            self._end()  # the server waits for the dot: to end here is the only way not to send
            return None
        except BaseException:
            self._end()
            raise
        return self._finish(mail)

    def _offer(self, mail: Outgoing) -> _Reply | None:
        """Say from whom and to whom; gives the reply that refuses this recipient, if one does."""
        words = self._words(mail)
        replies = self._ask_at_once(words) if self._pipelines else self._ask_in_turn(words)
        if not replies[0].is_yes:
            raise self._sender_refused(replies[0])
        for reply in replies[1:]:
            if reply.code == _CLOSING:
                raise smtplib.SMTPServerDisconnected(reply.words)
            if not reply.is_yes:
                self._take_back(is_in_message=replies[-1].is_yes)
                return reply
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

    def _ask_at_once(self, words: tuple[bytes, ...]) -> list[_Reply]:
        self._smtp.send(b"".join(words))
        return [_Reply(*self._smtp.getreply()) for _ in words]

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

    def _finish(self, mail: Outgoing) -> MailResult:
        """Send the dot and give what the server says of it, if it says anything."""
        sock = self._smtp.sock
        usual_s = sock.gettimeout() if sock else None
        try:
            if sock is not None:
                sock.settimeout(AFTER_DOT_S)
            self._smtp.send(b".\r\n")
            reply = _Reply(*self._smtp.getreply())
            if sock is not None:
                sock.settimeout(usual_s)
        except (smtplib.SMTPException, OSError) as error:
            self._end()
            why = failure_of("message", self._server, error).sentence.rstrip(".")
            return MailResult(
                mailing_id=mail.mailing_id,
                state=MailState.IN_DOUBT,
                words=f"{why}, after it had the whole mail: nobody knows whether it arrived.",
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
            return error
        failure = failure_of(step, self._server, error)
        return SessionLost(failure.sentence, pause_s=failure.pause_s)

    def _end(self) -> None:
        """Close without a word: inside a message every word would be part of it."""
        self.is_over = True
        self._smtp.close()


def _is_beyond_ascii(mail: Outgoing) -> bool:
    return not (mail.recipient.isascii() and mail.return_path.isascii())


def _dotted(content: bytes) -> bytes:
    """Give a mail as it is sent: dots at the start of a line doubled, a line end at its end."""
    if b"\n." in content or content.startswith(b"."):
        content = _AT_LINE_START.sub(b"..", content)
    return content if content.endswith(b"\r\n") else content + b"\r\n"
