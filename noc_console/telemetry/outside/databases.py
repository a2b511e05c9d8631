"""Database servers: whether they take a log-in, without logging in.

Sources: MySQL Client/Server Protocol, Connection Phase; PostgreSQL 15 manual, chapter 55 (Message
Formats) and appendix A (error codes).
"""

import struct
from contextlib import suppress

from noc_console.telemetry.outside.talk import NoAnswer, Talk, WrongAnswer, said

MAX_PACKET_BYTES = 16 * 1024
USER = "noc_console_check"
"""The user we name; it need not exist."""

_MYSQL_ERROR, _MYSQL_OTHER_METHOD = 0xFF, 0xFE
_MYSQL_FLAGS = 0x1 | 0x200 | 0x8000 | 0x80000
"""Long password, protocol 4.1, secure connection, authentication by plug-in."""

_NO_LOG_IN = ("28", "3D", "42")
"""Classes of refusals that a server at work gives: no such user, database or right."""


async def greet_mysql(talk: Talk) -> str:
    """Expect protocol 10; gives the server's version. Raises WrongAnswer.

    The log-in is carried through to its refusal: a server that sees greetings left without reply
    locks the asking host out after 100 of them (`max_connect_errors`).
    """
    number, greeting = await _mysql_packet(talk)
    if greeting[0] == _MYSQL_ERROR:
        raise WrongAnswer(f"It answered {_mysql_error(greeting)}.")
    if greeting[0] != 10 or b"\0" not in greeting:
        raise WrongAnswer(f"It answered {said(greeting)}, and no MySQL greeting.")
    _send_mysql(talk, number + 1, _mysql_log_in())
    with suppress(NoAnswer, WrongAnswer):
        number, reply = await _mysql_packet(talk)
        if reply[0] == _MYSQL_OTHER_METHOD:
            _send_mysql(talk, number + 1, b"")
            await _mysql_packet(talk)
    return greeting[1 : greeting.index(b"\0")].decode("utf-8", "replace")


async def greet_postgresql(talk: Talk) -> str:
    """Expect a question for a password, or a refusal by a server at work; raises WrongAnswer."""
    words = f"user\0{USER}\0database\0postgres\0\0".encode()
    talk.send(struct.pack("!ii", len(words) + 8, 3 << 16) + words)  # protocol 3.0
    kind = await talk.exactly(1)
    if kind == b"R":
        talk.send(b"X\0\0\0\4")
        return "ready for a log-in"
    if kind != b"E":
        raise WrongAnswer(f"It answered {said(kind)}, and no PostgreSQL reply.")
    (length,) = struct.unpack("!i", await talk.exactly(4))
    if not 4 < length <= MAX_PACKET_BYTES:
        raise WrongAnswer("It answered with no PostgreSQL reply.")
    fields = (await talk.exactly(length - 4)).decode("utf-8", "replace").split("\0")
    code = next((field[1:] for field in fields if field.startswith("C")), "")
    message = next((field[1:] for field in fields if field.startswith("M")), "")
    if not code.startswith(_NO_LOG_IN):
        raise WrongAnswer(f"It answered {said(message)} (code {said(code)}).")
    return message


async def _mysql_packet(talk: Talk) -> tuple[int, bytes]:
    head = await talk.exactly(4)
    length = int.from_bytes(head[:3], "little")
    if not 0 < length <= MAX_PACKET_BYTES:
        raise WrongAnswer(f"It answered {said(head)}, and no MySQL greeting.")
    return head[3], await talk.exactly(length)


def _send_mysql(talk: Talk, number: int, packet: bytes) -> None:
    talk.send(len(packet).to_bytes(3, "little") + bytes([number % 256]) + packet)


def _mysql_log_in() -> bytes:
    utf8 = 33
    head = struct.pack("<IIB23x", _MYSQL_FLAGS, MAX_PACKET_BYTES, utf8)
    no_password = b"\0"
    return head + USER.encode() + b"\0" + no_password + b"mysql_native_password\0"


def _mysql_error(packet: bytes) -> str:
    """Give an error packet's text: after the code, without the marker and state when there."""
    text = packet[9:] if packet[3:4] == b"#" else packet[3:]
    return said(text)
