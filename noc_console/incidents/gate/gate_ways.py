"""How a reboot or a restart is said to a server, and what sudo's answer means.

No I/O but the program's own files, no clock. What a person typed is sent as one quoted word.
"""

import shlex
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.incidents.gate.gate import ActKind, Snapshot
from noc_console.resource import resource

ANSWER_NOW = b"@noc-console answer-now"
"""The line after which a script's program reads the password from standard input."""

EXIT = "@noc-console exit"
"""The word after which a script tells how its command ended."""
_PATH = "PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class NoWay(ConsoleError):
    """A server has none of the programs we know to do it with."""


class Sudo(Enum):
    """How root's rights are had."""

    NOT_NEEDED = "not needed"
    FREE = "sudo -n"
    FED = "sudo -S"


class Ending(Enum):
    """What became of a command."""

    DONE = "done"
    CUT_OFF = "cut off"
    """The connection or the time ended before the command did: after a reboot that is usual."""
    ASKS = "a password is wanted"
    WRONG_ANSWER = "the password is wrong"
    NOT_ALLOWED = "not allowed"
    NO_SUDO = "no sudo"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command came to; `words` is the last inert line it said, `status` its exit code."""

    ending: Ending
    words: str = ""
    status: int | None = None


def words_for(kind: ActKind, look: Snapshot, service: str = "") -> tuple[str, ...]:
    """Give the command for a server, as words.

    Raises:
        NoWay: none of the known programs is there.
    """
    for way in _ways()[kind.value]:
        words = tuple(way["words"])
        fits = way.get("init") in {None, look.init} and words[0] in look.programs
        if fits:
            name = service.removesuffix(".service") if way.get("bare") else service
            return tuple(name if word == "{service}" else word for word in words)
    raise NoWay(
        "The server has none of the programs that this is done with (systemctl, shutdown, reboot, "
        "service, rc-service), or did not say so; do it at the server's own console."
    )


def act_script(words: Sequence[str], sudo: Sudo) -> bytes:
    """Give the script that runs the words as root and tells the exit code; sudo keeps no ticket."""
    command = shlex.join(words)
    if sudo is Sudo.NOT_NEEDED:
        line = f"{command} </dev/null 2>&1"
    elif sudo is Sudo.FREE:
        line = f"sudo -n {command} </dev/null 2>&1"
    else:
        line = f"printf '%s\\n' '{ANSWER_NOW.decode()}'; sudo -k -S -p '' {command} 2>&1"
    lines = ("{", "LC_ALL=C", _PATH, "export LC_ALL PATH", line)
    end = (f"printf '\\n{EXIT} %s\\n' \"$?\"", "exit 0", "}", "")
    return "\n".join((*lines, *end)).encode()


def read_said(output: bytes, secret: str = "") -> Said:
    """Give what the script's output means; the secret is in none of the words."""
    text = output.decode("utf-8", "replace")
    if secret:
        text = text.replace(secret, "…")
    said, mark, rest = text.rpartition(f"{EXIT} ")
    status = (
        int(rest.split()[0]) if mark and rest.split()[:1] and rest.split()[0].isdigit() else None
    )
    lines = [line for line in (said if mark else text).splitlines() if line.strip()]
    lines = [line for line in lines if ANSWER_NOW.decode() not in line]
    words = inert(lines[-1], 200) if lines else ""
    if status is None:
        return Said(ending=_of_sudo(lines) or Ending.CUT_OFF, words=words)
    if status == 0:
        return Said(ending=Ending.DONE, words=words, status=0)
    return Said(ending=_of_sudo(lines) or Ending.FAILED, words=words, status=status)


def _of_sudo(lines: Sequence[str]) -> Ending | None:
    """Give what sudo refused, by its own English words (sudo(8) under LC_ALL=C)."""
    text = "\n".join(lines).lower()
    for needle, ending in _SUDO_WORDS:
        if needle in text:
            return ending
    return None


_SUDO_WORDS = (
    ("incorrect password attempt", Ending.WRONG_ANSWER),
    ("sorry, try again", Ending.WRONG_ANSWER),
    ("no password was provided", Ending.WRONG_ANSWER),
    ("is not allowed to execute", Ending.NOT_ALLOWED),
    ("is not in the sudoers file", Ending.NOT_ALLOWED),
    ("may not run sudo", Ending.NOT_ALLOWED),
    ("you must have a tty", Ending.NOT_ALLOWED),
    ("a password is required", Ending.ASKS),
    ("a terminal is required", Ending.ASKS),
    ("sudo: not found", Ending.NO_SUDO),
    ("sudo: command not found", Ending.NO_SUDO),
)


def refusal(said: Said, *, server: str, user: str, words: Sequence[str], engine_host: str) -> str:
    """Give the sentence for a command that was not carried out, with what to do."""
    command = " ".join(words)
    allow = (
        f"allow it there with this line in /etc/sudoers.d/noc-console: "
        f"`{user} ALL=(root) NOPASSWD: {_full(words)}`"
    )
    sentences = {
        Ending.ASKS: (
            f"sudo on {server} wants a password of {user}; {allow}, or keep the password in the "
            f"keyring of the engine's user on {engine_host} with "
            f"`noc-console server sudo {shlex.quote(server)}`."
        ),
        Ending.WRONG_ANSWER: (
            f"sudo on {server} refused the password that the keyring on {engine_host} holds; keep "
            f"the right one with `noc-console server sudo {shlex.quote(server)}`, or {allow}."
        ),
        Ending.NOT_ALLOWED: f"{user} may not run `{command}` with sudo on {server}; {allow}.",
        Ending.NO_SUDO: (
            f"{user} is not root on {server} and there is no sudo; log in as root, or install sudo "
            f"there and {allow}."
        ),
    }
    usual = (
        f"`{command}` on {server} failed with exit code {said.status}"
        f"{f': {said.words}' if said.words else ''}; see its log there, then try again."
    )
    return inert(sentences.get(said.ending, usual), 700)


def _full(words: Sequence[str]) -> str:
    """Give the words as sudoers wants them, with the program's usual whole path (sudoers(5))."""
    return " ".join((_PLACES.get(words[0], words[0]), *words[1:]))


_PLACES = {
    "systemctl": "/usr/bin/systemctl",
    "shutdown": "/usr/sbin/shutdown",
    "reboot": "/usr/sbin/reboot",
    "service": "/usr/sbin/service",
    "rc-service": "/sbin/rc-service",
}


@cache
def _ways() -> dict[str, Any]:
    return tomllib.loads(resource("gate", "ways.toml").read_text("utf-8"))
