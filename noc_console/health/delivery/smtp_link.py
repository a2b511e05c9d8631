"""A session with a mail server (RFC 5321): connected, encrypted and logged in, step by step.

Whatever goes wrong becomes a `SendFailed` with the step that failed. Blocks: for a worker's thread.
"""

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from noc_console.fleet.inert import inert
from noc_console.health.delivery.mail_server import MailServer, Security
from noc_console.health.delivery.sending import SendFailed, SendStep, Tell

TIMEOUT_S = 20.0
LOGIN_PAUSE_S = 900.0
"""A login that is refused again and again gets an account locked."""

_REFUSED_FOR_GOOD = 500
REPLY_LENGTH = 200


@contextmanager
def logged_in(server: MailServer, password: str, tell: Tell) -> Iterator[smtplib.SMTP]:
    """Give a session that may hand in mail; it is ended politely afterwards.

    Raises:
        SendFailed: with the step that failed, in one sentence; nothing was handed in.
    """
    with _connected(server, tell) as connection:
        _protect(connection, server, tell)
        _log_in(connection, server, password, tell)
        yield connection


@contextmanager
def _connected(server: MailServer, tell: Tell) -> Iterator[smtplib.SMTP]:
    with step("connect", server, tell):
        options: dict[str, Any] = {"timeout": TIMEOUT_S, "local_hostname": _own_name()}
        if server.security is Security.TLS:
            options["context"] = ssl.create_default_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, **options)
        else:
            connection = smtplib.SMTP(server.host, server.port, **options)
        if connection.sock is not None:  # a hundred small packets must not wait for one another
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.ehlo_or_helo_if_needed()
    tell(good("connect", f"{server.host} port {server.port} answers"))
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
        tell(good("encryption", f"encrypted {how}"))
        return
    with step("encryption", server, tell):
        connection.starttls(context=ssl.create_default_context())
        connection.ehlo()
    version = getattr(connection.sock, "version", lambda: "TLS")()
    tell(good("encryption", f"encrypted with {version}; the certificate is valid"))


def _log_in(connection: smtplib.SMTP, server: MailServer, password: str, tell: Tell) -> None:
    if not server.user:
        tell(good("login", "none is set"))
        return
    with step("login", server, tell):
        connection.login(server.user, password)
    tell(good("login", f"{server.host} accepts {inert(server.user, 80)}"))


def expect(answer: tuple[int, bytes]) -> bytes:
    """Give what a reply says, where it says yes."""
    code, reply = answer
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, reply)
    return reply


def good(name: str, sentence: str) -> SendStep:
    """Give a step that went well."""
    return SendStep(name=name, ok=True, sentence=sentence)


@contextmanager
def step(name: str, server: MailServer, tell: Tell) -> Iterator[None]:
    """Turn whatever goes wrong in a step into its sentence."""
    try:
        yield
    except (smtplib.SMTPException, OSError) as error:
        failure = failure_of(name, server, error)
        tell(SendStep(name=name, ok=False, sentence=failure.sentence))
        raise failure from error


def failure_of(name: str, server: MailServer, error: Exception) -> SendFailed:
    """Give the sentence of what went wrong in a step."""
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
    reply = f"{error.smtp_code} {inert(said, REPLY_LENGTH)}".rstrip(". ")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return SendFailed(
            f"{who} refuses the login: {reply}; give the password again under Who is told.",
            pause_s=LOGIN_PAUSE_S,
        )
    is_final = error.smtp_code >= _REFUSED_FOR_GOOD and name in {"recipient", "message"}
    return SendFailed(f"{who} refuses the {name}: {reply}.", is_final=is_final)
