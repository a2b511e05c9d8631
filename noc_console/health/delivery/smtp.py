"""Hands one message to the mail server (RFC 5321), step by step. Blocks: for a worker's thread.

A message keeps its Message-ID through every try: where a reply was lost and it is sent again, as
RFC 5321 section 4.5.4.1 wants, mail programs can tell that it is the same.
"""

import smtplib
from collections.abc import Callable
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from noc_console.fleet.inert import inert
from noc_console.health.delivery.mail_server import MailServer
from noc_console.health.delivery.sending import Tell
from noc_console.health.delivery.smtp_link import REPLY_LENGTH, expect, good, logged_in, step
from noc_console.health.delivery.text import Message


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
    with logged_in(server, password, tell) as connection:
        return _hand_over(connection, mail, server, tell, before_handing_over)


def _hand_over(
    connection: smtplib.SMTP,
    mail: EmailMessage,
    server: MailServer,
    tell: Tell,
    before_handing_over: Callable[[], None],
) -> str:
    sender, recipient = (mail[name].addresses[0].addr_spec for name in ("From", "To"))
    with step("sender", server, tell):
        expect(connection.mail(sender))
    tell(good("sender", f"{server.host} takes mail from {inert(sender, 80)}"))
    with step("recipient", server, tell):
        expect(connection.rcpt(recipient))
    tell(good("recipient", f"{server.host} takes mail to {inert(recipient, 80)}"))
    content = mail.as_bytes()
    before_handing_over()
    with step("message", server, tell):
        reply = expect(connection.data(content))
    words = f"{server.host} took the message: {inert(reply, REPLY_LENGTH)}"
    tell(good("message", words))
    return words
