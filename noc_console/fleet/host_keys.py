"""Host keys a person accepted: who, when, for which address; older keys are kept as replaced.

A key is known by its address and port, the way SSH itself knows it, not by a server's name.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from noc_console.errors import ConsoleError
from noc_console.store.changes import bump
from noc_console.store.schema.servers import host_key, server
from noc_console.store.store import Store


class InvalidHostKey(ConsoleError):
    """A line that is no public key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedKey:
    """One accepted key. `line` is its OpenSSH form, `ssh-ed25519 AAAA...`."""

    address: str
    port: int
    line: str
    fingerprint: str
    accepted_by: str
    accepted_at: datetime


def fingerprint_of(key_line: str) -> str:
    """Give `SHA256:...` of a public key in OpenSSH form, as `ssh-keygen -l` shows it (RFC 4253).

    Raises:
        InvalidHostKey: it is no public key.
    """
    parts = key_line.split()
    try:
        blob = base64.b64decode(parts[1], validate=True)
    except (IndexError, binascii.Error) as error:
        raise InvalidHostKey(
            "That is no public key; give it as one line, such as `ssh-ed25519 AAAA...`."
        ) from error
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode("ascii").rstrip("=")
    return f"SHA256:{digest}"


def list_keys(store: Store, address: str, port: int) -> list[AcceptedKey]:
    """Give the keys accepted for an address and port that were not replaced."""
    with store.read() as connection:
        rows = connection.execute(
            sa.select(host_key).where(
                host_key.c.address == address.lower(),
                host_key.c.port == port,
                host_key.c.replaced_at.is_(None),
            )
        ).all()
    return [
        AcceptedKey(
            address=row.address,
            port=row.port,
            line=f"{row.algorithm} {row.key}",
            fingerprint=row.fingerprint,
            accepted_by=row.accepted_by,
            accepted_at=row.accepted_at,
        )
        for row in rows
    ]


def accept_key(
    store: Store, *, address: str, port: int, key_line: str, accepted_by: str, now: datetime
) -> None:
    """Accept a key beside those there are, because a person said so.

    Raises:
        InvalidHostKey: it is no public key.
    """
    with store.write() as connection:
        _insert(connection, address, port, key_line, accepted_by, now)
        bump(connection, "host_key")


def replace_key(
    store: Store, *, address: str, port: int, key_line: str, accepted_by: str, now: datetime
) -> None:
    """Accept a key instead of all those accepted before for this address, which stay on record.

    Raises:
        InvalidHostKey: it is no public key; nothing was replaced.
    """
    with store.write() as connection:
        connection.execute(
            sa.update(host_key)
            .where(
                host_key.c.address == address.lower(),
                host_key.c.port == port,
                host_key.c.replaced_at.is_(None),
            )
            .values(replaced_at=now)
        )
        _insert(connection, address, port, key_line, accepted_by, now)
        bump(connection, "host_key")


def same_key_as(store: Store, fingerprint: str, address: str, port: int) -> tuple[str, ...]:
    """Name the other servers for which this same key was accepted, by name."""
    with store.read() as connection:
        rows = connection.execute(
            sa.select(server.c.name)
            .join(
                host_key,
                sa.and_(
                    sa.func.lower(server.c.address) == host_key.c.address,
                    server.c.port == host_key.c.port,
                ),
            )
            .where(
                host_key.c.fingerprint == fingerprint,
                host_key.c.replaced_at.is_(None),
                server.c.deleted_at.is_(None),
                sa.not_(sa.and_(host_key.c.address == address.lower(), host_key.c.port == port)),
            )
            .distinct()
            .order_by(server.c.name)
        )
        return tuple(rows.scalars())


def _insert(
    connection: sa.Connection,
    address: str,
    port: int,
    key_line: str,
    accepted_by: str,
    now: datetime,
) -> None:
    fingerprint = fingerprint_of(key_line)
    algorithm, key = key_line.split()[:2]
    connection.execute(
        sa.insert(host_key).values(
            address=address.lower(),
            port=port,
            algorithm=algorithm,
            key=key,
            fingerprint=fingerprint,
            accepted_by=accepted_by,
            accepted_at=now,
        )
    )
