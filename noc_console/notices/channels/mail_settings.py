"""What a channel of e-mail is set to: which mail server, who it is from, who it goes to.

A channel that names no mail server of its own uses the one that alarms go by.
"""

from noc_console.health.delivery.credential import look_up
from noc_console.health.delivery.mail_server import (
    USUAL_PORTS,
    InvalidMailServer,
    MailServer,
    NoMailServer,
    Security,
    read_mail_server,
)
from noc_console.notices.channels.channel import Channel, InvalidChannel
from noc_console.notices.channels.checking import setting_of
from noc_console.notices.channels.mail import MailIdentity
from noc_console.notices.contact import InvalidContact, check_address
from noc_console.store.store import Store

_AGAIN = "noc-console channel edit"
_ADDRESSES = ("sender", "reply_to", "bounces")


def mail_server_of(channel: Channel, shared: MailServer | None) -> MailServer:
    """Give the mail server a channel's mails are handed to; `shared` is the one of alarms.

    Raises:
        NoMailServer: neither is set.
        InvalidMailServer: the channel's own cannot be so.
    """
    host, sender = setting_of(channel, "host"), setting_of(channel, "sender")
    if not host:
        if shared is None:
            raise NoMailServer
        return shared
    security = Security(setting_of(channel, "security"))
    port = setting_of(channel, "port")
    user = setting_of(channel, "user")
    if port and not (port.isdecimal() and len(port) < 6):
        raise InvalidMailServer("A port lies between 1 and 65535.")
    if not sender:
        raise InvalidMailServer("A mail server of its own needs the sender of its mails too.")
    return MailServer(
        host=host,
        port=int(port) if port else USUAL_PORTS[security],
        security=security,
        sender=sender,
        user=user,
        secret=channel.secret if user else "",
    )


def identity_of(channel: Channel, server: MailServer) -> MailIdentity:
    """Give who a channel's mails are from."""
    return MailIdentity(
        sender=setting_of(channel, "sender") or server.sender,
        sender_name=setting_of(channel, "sender_name"),
        reply_to=setting_of(channel, "reply_to"),
        bounces=setting_of(channel, "bounces"),
        leave_at=setting_of(channel, "leave_at"),
    )


def read_server_of(store: Store, channel: Channel) -> tuple[MailServer, str]:
    """Give the mail server a channel's mails are handed to now, and the password it asks for.

    Raises:
        NoMailServer, InvalidMailServer: there is none, or it cannot be so.
        SecretMissing: the password is not where it should be.
    """
    server = mail_server_of(channel, read_mail_server(store))
    if not server.user:
        return server, ""
    return server, look_up(
        server.secret,
        what=f"password for {server.host}",
        again_with=_AGAIN if server.secret == channel.secret else "noc-console recipient",
    )


def groups_of(channel: Channel) -> tuple[str, ...]:
    """Give the groups of contacts a channel is for; empty means everybody concerned."""
    parts = setting_of(channel, "groups").split(",")
    return tuple(one.strip() for one in parts if one.strip())


def is_for_all(channel: Channel) -> bool:
    """Whether every contact hears of every notice, not only those it concerns."""
    return setting_of(channel, "for_all") == "yes"


def check_mail_channel(channel: Channel) -> None:
    """Refuse settings of e-mail that cannot be.

    Raises:
        InvalidChannel, InvalidMailServer: with what may be.
    """
    for name in _ADDRESSES:
        address = setting_of(channel, name)
        try:
            if address:
                check_address(address)
        except InvalidContact as error:
            raise InvalidChannel(f"{name}: {error.sentence}") from error
    leave_at = setting_of(channel, "leave_at")
    if leave_at and ("{mark}" not in leave_at or not leave_at.startswith("https://")):
        raise InvalidChannel(
            "leave_at is an https address with {mark} in it, such as "
            "https://www.example.com/leave?mark={mark}."
        )
    if setting_of(channel, "host"):
        mail_server_of(channel, None)
