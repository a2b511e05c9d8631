"""How a server is reached through others, as OpenSSH writes it. Pure: no I/O, no clock.

`ProxyJump` as in ssh_config(5); of the many shapes of `ProxyCommand` only `ssh -W`, which is what
people wrote before ProxyJump; and the arguments of ssh that Ansible inventories hold.
"""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from noc_console.fleet.importing.ssh_keywords import asks_nothing

_HOP = re.compile(
    r"(?:(?P<user>[^/]+)@)?(?:\[(?P<ip>[^\[\]/@]+)\]|(?P<host>[^:\[\]/@]+))(?::(?P<port>\d*))?"
)
_SETTING = re.compile(r"\s*=\s*|\s+")
_OUR_END = ("%h:%p", "[%h]:%p")
_FLAGS = frozenset("46AaCfGgKkMNnqsTtVvXxYy")
_MEANT = frozenset("Jlpio")
"""The letters of ssh(1) that say how a server is reached; the others with an argument follow."""
_WITH_VALUE = frozenset("BbcDEeFIiJLlmOopQRSWw")


class NotUnderstood(ValueError):
    """A way to a server that cannot be followed; the text says why, as a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One server to go through. Without a user or a port (0) its own settings count."""

    host: str
    user: str = ""
    port: int = 0

    @property
    def text(self) -> str:
        """`user@host:port`, as ProxyJump has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        user = f"{self.user}@" if self.user else ""
        return f"{user}{host}:{self.port}" if self.port else f"{user}{host}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SshWords:
    """What arguments of ssh say: `None` where they say nothing. `strange` is not understood."""

    hops: tuple[Hop, ...] | None = None
    user: str = ""
    port: int = 0
    key_file: str = ""
    strange: tuple[str, ...] = ()


def parse_proxy_jump(text: str) -> tuple[Hop, ...]:
    """Give the servers to go through, the nearest first; none for `none`.

    Raises:
        NotUnderstood: it is written in no way that ssh takes.
    """
    text = text.strip()
    if text.lower() == "none":
        return ()
    return tuple(_hop(part) for part in text.split(","))


def parse_proxy_command(text: str) -> tuple[Hop, ...]:
    """Give the servers that `ssh -W %h:%p ... host` goes through; none for `none`.

    Raises:
        NotUnderstood: the command does anything else.
    """
    if text.strip().lower() == "none":
        return ()
    try:
        words = shlex.split(text)
    except ValueError:
        words = []
    if words[:1] == ["exec"]:
        words = words[1:]
    if not words or words[0].rpartition("/")[2] != "ssh":
        raise NotUnderstood("Of ProxyCommand only `ssh -W %h:%p host` is understood.")
    options, rest = _options(words[1:])
    ends = [value for letter, value in options if letter == "W"]
    if len(ends) != 1 or ends[0] not in _OUR_END or len(rest) != 1:
        raise NotUnderstood("Of ProxyCommand only `ssh -W %h:%p host` is understood.")
    meant = _meant([(letter, value) for letter, value in options if letter != "W"])
    if meant.strange or meant.key_file:
        raise NotUnderstood("This ProxyCommand has options that cannot be followed.")
    hop = _hop(rest[0])
    last = Hop(host=hop.host, user=hop.user or meant.user, port=hop.port or meant.port)
    return (*(meant.hops or ()), last)


def parse_ssh_words(text: str) -> SshWords:
    """Give what a string of ssh arguments says about how a server is reached.

    Raises:
        NotUnderstood: a quote is left open, or a way through others cannot be followed.
    """
    try:
        words = shlex.split(text)
    except ValueError:
        raise NotUnderstood("A quote is opened and not closed.") from None
    options, rest = _options(words)
    found = _meant(options)
    if rest:
        return replace(found, strange=(*found.strange, *rest))
    return found


def _hop(text: str) -> Hop:
    text = text.strip()
    plain = text[len("ssh://") :].rstrip("/") if text.lower().startswith("ssh://") else text
    found = _HOP.fullmatch(plain)
    host = (found["ip"] or found["host"] or "").strip() if found else ""
    if found is None or not host or re.search(r"\s", plain):
        raise NotUnderstood(f"{text!r} is no server to jump through; write user@host:port.")
    port = int(found["port"]) if found["port"] and len(found["port"]) < 6 else 0
    if found["port"] and not 1 <= port <= 65535:
        raise NotUnderstood(f"{text!r} has no port from 1 to 65535.")
    return Hop(host=host, user=found["user"] or "", port=port)


def _options(words: Sequence[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """Split as getopt(3) does: `-Jgate`, `-J gate` and `-qJ gate` are the same."""
    options: list[tuple[str, str]] = []
    rest: list[str] = []
    left = iter(words)
    for word in left:
        if word.startswith("-") and len(word) > 1 and word != "--":
            options += _letters(word[1:], left)
        elif word != "--":
            rest.append(word)
    return options, rest


def _letters(word: str, left: Iterator[str]) -> Iterator[tuple[str, str]]:
    while word:
        letter, word = word[0], word[1:]
        if letter in _WITH_VALUE:
            yield letter, word or next(left, "")
            return
        yield letter, ""


@dataclass(slots=True)
class _Meant:
    """What the options say so far; the first word on a thing counts, as in ssh."""

    hops: tuple[Hop, ...] | None = None
    texts: dict[str, str] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)

    def take(self, name: str, value: str) -> None:
        """Take one setting, by its name in ssh_config(5)."""
        if name == "proxyjump":
            self.hops = parse_proxy_jump(value) if self.hops is None else self.hops
        elif name == "proxycommand":
            self.hops = parse_proxy_command(value) if self.hops is None else self.hops
        elif name in {"user", "port", "identityfile"}:
            self.texts.setdefault(name, value)
        elif not asks_nothing(name, value):
            self.strange.append(f"-o {name}={value}")


def _meant(options: Sequence[tuple[str, str]]) -> SshWords:
    meant = _Meant()
    names = {"J": "proxyjump", "l": "user", "p": "port", "i": "identityfile"}
    for letter, value in options:
        if letter == "o":
            name, _, setting = _SETTING.sub("=", value.strip(), count=1).partition("=")
            meant.take(name.lower(), setting)
        elif letter in _MEANT:
            meant.take(names[letter], value)
        elif letter not in _FLAGS and letter not in "cmS":
            meant.strange.append(f"-{letter} {value}".strip())
    port = meant.texts.get("port", "0")
    if not port.isascii() or not port.isdigit() or len(port) > 5 or int(port) > 65535:
        raise NotUnderstood(f"{port!r} is no port from 1 to 65535.")
    return SshWords(
        hops=meant.hops,
        user=meant.texts.get("user", ""),
        port=int(port),
        key_file=meant.texts.get("identityfile", ""),
        strange=tuple(meant.strange),
    )
