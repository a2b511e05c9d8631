"""Services that greet: each function takes an open talk, gives the greeting, leaves politely.

Sources: SMTP RFC 5321 section 3.1, FTP RFC 959 section 5.4, POP3 RFC 1939 section 4, IMAP RFC 9051
section 7.1, SSH RFC 4253 section 4.2.
"""

import ipaddress

from noc_console.telemetry.outside.talk import Talk, WrongAnswer, said

MAX_GREETING_LINES = 100
"""More than any banner has."""


async def greet_smtp(talk: Talk) -> str:
    """Expect 220 and a welcome to EHLO; raises WrongAnswer."""
    greeting = _expect("220", await talk.reply())
    address = ipaddress.ip_address(talk.own_address.partition("%")[0])
    literal = f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"
    talk.send(f"EHLO {literal}\r\n".encode())
    _expect("250", await talk.reply())
    talk.send(b"QUIT\r\n")
    return greeting


async def greet_ftp(talk: Talk) -> str:
    """Expect 220; raises WrongAnswer."""
    greeting = _expect("220", await _ftp_reply(talk))
    talk.send(b"QUIT\r\n")
    return greeting


async def greet_pop3(talk: Talk) -> str:
    """Expect +OK; raises WrongAnswer."""
    greeting = _expect("+OK", await talk.line())
    talk.send(b"QUIT\r\n")
    return greeting


async def greet_imap(talk: Talk) -> str:
    """Expect OK or PREAUTH, and no BYE; raises WrongAnswer."""
    greeting = await talk.line()
    if not greeting.upper().startswith(("* OK", "* PREAUTH")):
        raise WrongAnswer(f"It answered {said(greeting)}, and “* OK” was expected.")
    talk.send(b"a LOGOUT\r\n")
    return greeting


async def greet_ssh(talk: Talk) -> str:
    """Expect SSH 2; raises WrongAnswer."""
    for _ in range(MAX_GREETING_LINES):
        line = await talk.line()
        if line.startswith("SSH-"):
            if line.startswith(("SSH-2.", "SSH-1.99-")):
                return line
            raise WrongAnswer(f"It speaks an SSH too old to use: {said(line)}.")
    raise WrongAnswer(f"It names no SSH version; it ends with {said(line)}.")


async def _ftp_reply(talk: Talk) -> str:
    """Give a reply's last line; between first and last, FTP lines need not have a code."""
    line = await talk.line()
    if not line[:3].isdigit() or line[3:4] != "-":
        return line
    code = line[:3]
    for _ in range(MAX_GREETING_LINES):
        line = await talk.line()
        if line.startswith(f"{code} "):
            return line
    raise WrongAnswer("It sends a greeting without an end.")


def _expect(start: str, line: str) -> str:
    if line.startswith(start):
        return line
    raise WrongAnswer(f"It answered {said(line)}, and {start} was expected.")
