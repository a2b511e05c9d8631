"""A few words with a port: lines and bytes, all bounded, what goes wrong named."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from ssl import SSLContext, SSLObject

from cryptography import x509

from noc_console.errors import ConsoleError
from noc_console.fleet.checks import Place
from noc_console.fleet.inert import inert

MAX_LINE_BYTES = 4096
MAX_LINES = 50
SECOND_ADDRESS_AFTER_S = 0.25
"""How long a name's first address may take before the next is tried beside it (RFC 8305)."""


class WrongAnswer(ConsoleError):
    """Something answers, and not as the check expects."""


class NoAnswer(ConsoleError):
    """The connection opens, and nothing comes."""


class Talk:
    """An open connection of one check."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk over an open connection."""
        self._reader = reader
        self._writer = writer

    @property
    def own_address(self) -> str:
        """Our own IP address, as the other side may see it."""
        return str(self._writer.get_extra_info("sockname")[0])

    @property
    def certificate_expires_at(self) -> datetime | None:
        """When the certificate shown expires; None without TLS."""
        return expiry_of(self._writer.get_extra_info("ssl_object"))

    def send(self, words: bytes) -> None:
        """Send; a few bytes never have to wait."""
        self._writer.write(words)

    async def line(self) -> str:
        """Give the next line, inert.

        Raises:
            NoAnswer: the connection ends instead.
            WrongAnswer: the line has no end.
        """
        try:
            line = await self._reader.readuntil(b"\n")
        except asyncio.IncompleteReadError as error:
            if not error.partial:
                raise NoAnswer("It closed the connection without a word.") from None
            line = error.partial
        except asyncio.LimitOverrunError:
            raise WrongAnswer("It sends a line without an end.") from None
        return inert(line)

    async def exactly(self, count: int) -> bytes:
        """Give the next bytes.

        Raises:
            NoAnswer: nothing comes before the connection ends.
            WrongAnswer: fewer come.
        """
        try:
            return await self._reader.readexactly(count)
        except asyncio.IncompleteReadError as error:
            if not error.partial:
                raise NoAnswer("It closed the connection without a word.") from None
            raise WrongAnswer(f"It answered {said(error.partial)} and closed.") from None

    async def reply(self) -> str:
        """Give the last line of a reply whose other lines have a dash after the code (RFC 5321).

        Raises:
            NoAnswer, WrongAnswer: as `line`, or too many lines.
        """
        for _ in range(MAX_LINES):
            line = await self.line()
            if not line[:3].isdigit() or line[3:4] != "-":
                return line
        raise WrongAnswer("It sends a reply without an end.")


@asynccontextmanager
async def talk_to(place: Place, tls: SSLContext | None = None) -> AsyncIterator[Talk]:
    """Open a connection, and drop it at the end; raises OSError when it cannot be opened."""
    reader, writer = await asyncio.open_connection(
        place.host,
        place.port,
        limit=MAX_LINE_BYTES,
        ssl=tls,
        happy_eyeballs_delay=SECOND_ADDRESS_AFTER_S,
    )
    try:
        yield Talk(reader, writer)
    finally:
        writer.transport.abort()  # close() would wait for the other side to say good-bye
        with suppress(OSError):
            await writer.wait_closed()


def said(words: str | bytes) -> str:
    """Give a stranger's words in quotation marks, inert and short."""
    return f"“{inert(words, 120)}”"


def expiry_of(tls: SSLObject | None) -> datetime | None:
    """Give when the other side's certificate expires; None where it shows none we can read."""
    shown = tls.getpeercert(binary_form=True) if tls else None
    if not shown:
        return None
    try:
        return x509.load_der_x509_certificate(shown).not_valid_after_utc
    except ValueError:
        return None
