"""Lines of sshd as tests write them, and the head of an answer of LOG-01."""

from datetime import UTC, datetime

from tests.audit.judged import around, judged

NOW = datetime(2026, 11, 28, 2, tzinfo=UTC)
HOME, HOTEL = "203.0.113.7", "198.51.100.9"
KEY, OTHER_KEY = "SHA256:" + "a" * 43, "SHA256:" + "b" * 43
GUESSED = "guessed password "
HEAD = (
    "CLOCK\t2026-11-28T02:00:00+0000\tEtc/UTC\n"
    "LOG\t/var/log/auth.log\tOct 29 00:00:01 web01 sshd[1]: x\n"
    "POWER\troot\troot\nPOWER\tann\tadmin\n"
)


def line(at, message, pid=1):
    """Give a line of sshd."""
    return f"{at:%b %e %H:%M:%S} web01 sshd[{pid}]: {message}"


def accepted(at, user="ann", address=HOME, *, by="publickey", key=KEY, port=4022, pid=1):
    """Give the line of a login."""
    tail = f": ED25519 {key}" if by == "publickey" else ""
    return line(at, f"Accepted {by} for {user} from {address} port {port} ssh2{tail}", pid)


def refused(at, user="ann", address=HOME, times=1):
    """Give the line of passwords that were refused."""
    text = f"Failed password for {user} from {address} port 4022 ssh2"
    return line(at, text if times == 1 else f"message repeated {times} times: [ {text}]")


def at(day, hour=9, minute=0, month=11):
    """Give a time of 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def guessed(output, *, before=(), now=NOW):
    """Give the accounts of guessed passwords that LOG-01 tells of, with their networks."""
    told = judged("LOG-01", output, surroundings=around(now=now, earlier={"LOG-01": before}))
    bad = [one.item for one in told.findings if one.result.needs_decision]
    return [one.removeprefix(GUESSED) for one in bad if one.startswith(GUESSED)]
