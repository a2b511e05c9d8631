"""Hands one message to the mail server (RFC 5321), step by step. Blocks: for a worker's thread.

A message keeps its Message-ID through every try: where a reply was lost and it is sent again, as
RFC 5321 section 4.5.4.1 wants, mail programs can tell that it is the same.
"""

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from noc_console.fleet.inert import inert
from noc_console.health.delivery.mail_server import MailServer, Security
from noc_console.health.delivery.sending import SendFailed, SendStep, Tell
from noc_console.health.delivery.text import Message

TIMEOUT_S = 20.0
LOGIN_PAUSE_S = 900.0
"""A login that is refused again and again gets an account locked."""

_REFUSED_FOR_GOOD = 500
_REPLY_LENGTH = 200


def mail_of(
    message: Message, *, sender: str, recipient: str, name: str, mark: str, at: datetime
) -> EmailMessage:
    """Give the e-mail of a message. `mark` is its own for ever, such as the number of its delivery.

    No word of a stranger can add a header: the texts are one line each, and the library refuses
    line ends besides.
    """
    domain = sender.rpartition("@")[2]
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(display_name="noc-console", addr_spec=sender)
    mail["To"] = Address(display_name=inert(name, 80), addr_spec=recipient)
    mail["Subject"] = inert(message.subject)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<noc-console.{mark}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence note answers it
    if message.alarm_ids:
        mail["References"] = f"<noc-console.alarm.{message.alarm_ids[0]}@{domain}>"
    if message.is_urgent:
        mail["Importance"] = "high"
        mail["X-Priority"] = "1"
    mail.set_content(message.body)
    return mail


def send_mail(
    mail: EmailMessage,
    server: MailServer,
    password: str,
    tell: Tell,
    before_handing_over: Callable[[], None],
) -> str:
    """Hand a message in; gives what the server said. `before_handing_over` is called just before
    the message itself is sent.

    Raises:
        SendFailed: with the step that failed, in one sentence.
    """
    with _connected(server, tell) as connection:
        _protect(connection, server, tell)
        _log_in(connection, server, password, tell)
        return _hand_over(connection, mail, server, tell, before_handing_over)


@contextmanager
def _connected(server: MailServer, tell: Tell) -> Iterator[smtplib.SMTP]:
    with _step("connect", server, tell):
        options: dict[str, Any] = {"timeout": TIMEOUT_S, "local_hostname": _own_name()}
        if server.security is Security.TLS:
            options["context"] = ssl.create_default_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, **options)
        else:
            connection = smtplib.SMTP(server.host, server.port, **options)
        if connection.sock is not None:  # a hundred small packets must not wait for one another
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.ehlo_or_helo_if_needed()
    tell(_good("connect", f"{server.host} port {server.port} answers"))
    try:
        yield connection
    finally:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            connection.quit()
        connection.close()


def _own_name() -> str:
    """Give what we greet with, without asking a name server: in trouble that may take long."""
    name = socket.gethostname()
    return name if "." in name else "[127.0.0.1]"


def _protect(connection: smtplib.SMTP, server: MailServer, tell: Tell) -> None:
    if server.security is not Security.STARTTLS:
        how = "from the start" if server.security is Security.TLS else "not, as was chosen"
        tell(_good("encryption", f"encrypted {how}"))
        return
    with _step("encryption", server, tell):
        connection.starttls(context=ssl.create_default_context())
        connection.ehlo()
    version = getattr(connection.sock, "version", lambda: "TLS")()
    tell(_good("encryption", f"encrypted with {version}; the certificate is valid"))


def _log_in(connection: smtplib.SMTP, server: MailServer, password: str, tell: Tell) -> None:
    if not server.user:
        tell(_good("login", "none is set"))
        return
    with _step("login", server, tell):
        connection.login(server.user, password)
    tell(_good("login", f"{server.host} accepts {inert(server.user, 80)}"))


def _hand_over(
    connection: smtplib.SMTP,
    mail: EmailMessage,
    server: MailServer,
    tell: Tell,
    before_handing_over: Callable[[], None],
) -> str:
    sender, recipient = (mail[name].addresses[0].addr_spec for name in ("From", "To"))
    with _step("sender", server, tell):
        _expect(connection.mail(sender))
    tell(_good("sender", f"{server.host} takes mail from {inert(sender, 80)}"))
    with _step("recipient", server, tell):
        _expect(connection.rcpt(recipient))
    tell(_good("recipient", f"{server.host} takes mail to {inert(recipient, 80)}"))
    content = mail.as_bytes()
    before_handing_over()
    with _step("message", server, tell):
        reply = _expect(connection.data(content))
    words = f"{server.host} took the message: {inert(reply, _REPLY_LENGTH)}"
    tell(_good("message", words))
    return words


def _expect(answer: tuple[int, bytes]) -> bytes:
    code, reply = answer
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, reply)
    return reply


def _good(name: str, sentence: str) -> SendStep:
    return SendStep(name=name, ok=True, sentence=sentence)


@contextmanager
def _step(name: str, server: MailServer, tell: Tell) -> Iterator[None]:
    """Turn whatever goes wrong in a step into its sentence."""
    try:
        yield
    except (smtplib.SMTPException, OSError) as error:
        failure = _failure(name, server, error)
        tell(SendStep(name=name, ok=False, sentence=failure.sentence))
        raise failure from error


def _failure(name: str, server: MailServer, error: Exception) -> SendFailed:
    who = f"The mail server {server.host} port {server.port}"
    if isinstance(error, smtplib.SMTPResponseException):
        return _refusal(name, who, error)
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return SendFailed(f"{who} did not answer within {TIMEOUT_S:.0f} s ({name}).")
    match error:
        case smtplib.SMTPNotSupportedError():
            return SendFailed(
                f"{who} offers no {'STARTTLS' if name == 'encryption' else 'login'} there; look at "
                "the port and the security that are set."
            )
        case smtplib.SMTPServerDisconnected():
            return SendFailed(f"{who} closed the connection at the step “{name}”.")
        case ssl.SSLCertVerificationError():
            return SendFailed(
                f"{who} shows a certificate that is not valid: {inert(error.verify_message, 120)}; "
                "nothing was sent."
            )
        case OSError(strerror=str(why)):
            return SendFailed(f"{who} cannot be reached: {inert(why, 120)}.")
        case _:
            return SendFailed(
                f"{who} did not go on at the step “{name}”: {inert(str(error), 120)}."
            )


def _refusal(name: str, who: str, error: smtplib.SMTPResponseException) -> SendFailed:
    said = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error)
    reply = f"{error.smtp_code} {inert(said, _REPLY_LENGTH)}".rstrip(". ")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return SendFailed(
            f"{who} refuses the login: {reply}; give the password again under Who is told.",
            pause_s=LOGIN_PAUSE_S,
        )
    is_final = error.smtp_code >= _REFUSED_FOR_GOOD and name in {"recipient", "message"}
    return SendFailed(f"{who} refuses the {name}: {reply}.", is_final=is_final)
