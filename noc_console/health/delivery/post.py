"""Sends one message the way its recipient has, with the secrets that needs. Blocks."""

from collections.abc import Callable
from datetime import datetime

from noc_console.health.delivery.chat import send_chat
from noc_console.health.delivery.credential import SecretMissing, look_up
from noc_console.health.delivery.mail_server import NoMailServer, read_mail_server
from noc_console.health.delivery.recipient import Recipient, Way
from noc_console.health.delivery.sending import SendFailed, SendStep, Tell
from noc_console.health.delivery.smtp import mail_of, send_mail
from noc_console.health.delivery.text import Message
from noc_console.store.store import Store


def post(
    store: Store,
    recipient: Recipient,
    message: Message,
    *,
    mark: str,
    at: datetime,
    tell: Tell,
    before_handing_over: Callable[[], None],
) -> str:
    """Send a message and give what came of it; `mark` is that of `smtp.mail_of`.

    Raises:
        SendFailed: it did not go, with one sentence.
        ConsoleError: the store does not answer, or `before_handing_over` stopped it.
    """
    if recipient.way is Way.CHAT:
        url = _secret(recipient.secret, f"address of {recipient.name}", tell)
        return send_chat(message, url, tell, before_handing_over)
    server = read_mail_server(store)
    if server is None:
        missing = NoMailServer()
        tell(SendStep(name="mail server", ok=False, sentence=missing.sentence))
        raise SendFailed(missing.sentence)
    password = _secret(server.secret, "mail server's password", tell) if server.user else ""
    mail = mail_of(
        message,
        sender=server.sender,
        recipient=recipient.address,
        name=recipient.name,
        mark=mark,
        at=at,
    )
    return send_mail(mail, server, password, tell, before_handing_over)


def _secret(reference: str, what: str, tell: Tell) -> str:
    try:
        found = look_up(reference, what=what)
    except SecretMissing as error:
        tell(SendStep(name="secret", ok=False, sentence=error.sentence))
        raise SendFailed(error.sentence) from error
    tell(SendStep(name="secret", ok=True, sentence=f"the {what} is there"))
    return found
