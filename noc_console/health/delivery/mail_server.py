"""The mail server that takes our messages: the same for all recipients, kept as a setting."""

from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.store.settings import get_setting, put_setting
from noc_console.store.store import Store

SETTING = "delivery.mail_server"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_LENGTH = 253


class InvalidMailServer(ConsoleError):
    """A mail server cannot be described so; the sentence says what may be."""


class NoMailServer(ConsoleError):
    """Nobody said which mail server takes our messages."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "No mail server is set, so no e-mail can go; set one under Who is told, or with "
            "`noc-console recipient mail-server`."
        )


class Security(Enum):
    """How the way to the mail server is protected."""

    STARTTLS = "starttls"
    """Encrypted after STARTTLS (RFC 3207); a server that offers none gets nothing."""
    TLS = "tls"
    """Encrypted from the start (RFC 8314)."""
    NONE = "none"


USUAL_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed in. `secret` says where the engine finds the password, if it logs in."""

    host: str
    port: int = 587
    security: Security = Security.STARTTLS
    sender: str
    user: str = ""
    secret: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            InvalidMailServer: with what may be.
        """
        if not self.host or len(self.host) > _LENGTH or inert(self.host) != self.host:
            raise InvalidMailServer("Give the mail server's name or address.")
        if " " in self.host:
            raise InvalidMailServer("A mail server's name holds no spaces.")
        if not 1 <= self.port <= 65535:
            raise InvalidMailServer("A port lies between 1 and 65535.")
        local, at, domain = self.sender.partition("@")
        if not (local and at and domain) or not self.sender.isprintable() or " " in self.sender:
            raise InvalidMailServer(
                f"{self.sender!r} is no e-mail address; give the one our messages come from."
            )
        if self.user and not self.secret:
            raise InvalidMailServer("A login needs a password; give it, or leave the user out.")
        if self.user and self.security is Security.NONE and self.host not in _LOOPBACK:
            raise InvalidMailServer(
                "A password is sent only over an encrypted connection; choose starttls or tls."
            )

    @property
    def text(self) -> str:
        """Who it is, in a few words."""
        login = f", as {self.user}" if self.user else ""
        return f"{self.host} port {self.port} ({self.security.value}{login}), from {self.sender}"


def read_mail_server(store: Store) -> MailServer | None:
    """Give the mail server, or None when none is set."""
    found = get_setting(store, SETTING, None)
    if not isinstance(found, dict):
        return None
    return MailServer(**{**found, "security": Security(found["security"])})


def put_mail_server(store: Store, server: MailServer) -> None:
    """Set the mail server for everybody."""
    put_setting(store, SETTING, as_json(server))


def as_json(server: MailServer) -> dict[str, Any]:
    """Give a mail server as JSON values; the reference to the secret is no secret."""
    return asdict(server) | {"security": server.security.value}
