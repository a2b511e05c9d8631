"""A DNS server: whether it answers for a name (RFC 1035)."""

import asyncio
import socket

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.rcode

from noc_console.fleet.checks import Place
from noc_console.telemetry.outside.talk import WrongAnswer

TRIES = 3
TRY_S = 3.0
"""A lost datagram is no failure: we ask again."""


async def ask_name_server(place: Place) -> str:
    """Ask for the addresses of a name; gives them as text.

    Over UDP, and over TCP when the answer is cut. A server that only says whom else to ask does
    not answer for the name; one that has it without an address does.

    Raises:
        WrongAnswer: it refuses, fails, does not have the name, or sends us elsewhere.
        TimeoutError: it says nothing.
        OSError: it cannot be reached.
    """
    try:
        question = dns.message.make_query(place.path, "A")
    except dns.exception.DNSException as error:
        raise WrongAnswer(f"The name to ask for is none: {error}; edit the check.") from error
    found = await asyncio.get_running_loop().getaddrinfo(
        place.host, place.port, type=socket.SOCK_DGRAM
    )
    address = str(found[0][4][0])
    answer = await _ask(question, address, place.port)
    if answer.rcode() != dns.rcode.NOERROR:
        raise WrongAnswer(f"It answered {dns.rcode.to_text(answer.rcode())} for {place.path}.")
    if not answer.answer and not answer.flags & dns.flags.AA:
        raise WrongAnswer(f"It does not answer for {place.path}; it names other servers.")
    return " ".join(item.to_text() for records in answer.answer for item in records)


async def _ask(question: dns.message.Message, address: str, port: int) -> dns.message.Message:
    for _ in range(TRIES):
        try:
            answer, _over_tcp = await dns.asyncquery.udp_with_fallback(
                question, address, TRY_S, port, ignore_unexpected=True
            )
        except dns.exception.Timeout:
            continue
        except dns.exception.DNSException as error:
            raise WrongAnswer("It answered with no DNS reply.") from error
        return answer
    raise TimeoutError
