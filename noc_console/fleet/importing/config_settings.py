"""What an OpenSSH client config says about one host, as ssh_config(5) and `ssh -G` have it. Pure.

The first value of a setting wins; identity and certificate files add up; whichever of ProxyJump and
ProxyCommand comes first puts the other out of effect.
"""

import fnmatch
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from noc_console.fleet.importing.config_files import ConfigLine, Patterns
from noc_console.fleet.importing.preview import Line
from noc_console.fleet.importing.proxies import (
    Hop,
    NotUnderstood,
    parse_proxy_command,
    parse_proxy_jump,
)
from noc_console.fleet.importing.ssh_keywords import NOT_USED, asks_nothing

_ONE_WORD = frozenset({"hostname", "port", "user", "identityfile", "certificatefile"})
_PROXIES = frozenset({"proxyjump", "proxycommand"})


@dataclass(frozen=True, slots=True, kw_only=True)
class HostSettings:
    """What holds for one host. Empty, or port 0: the config does not say.

    `has_address` is whether a HostName was given; without one `hostname` is the host itself.
    `proxy_jump` and `proxy_command` are as written; at most one is there.
    """

    hostname: str
    has_address: bool
    port: int = 0
    user: str = ""
    identity_files: tuple[str, ...] = ()
    certificate_files: tuple[str, ...] = ()
    proxy_jump: str = ""
    proxy_command: str = ""


@dataclass(slots=True)
class _Block:
    """Lines that stand together under the same Host lines."""

    blocks: tuple[Patterns, ...]
    lines: list[ConfigLine] = field(default_factory=list)


class HostBlocks:
    """The lines of a config, to be asked what holds for a host."""

    def __init__(self, lines: Iterable[ConfigLine]) -> None:
        """Keep the lines in blocks, found by name where a Host line has only plain names."""
        self.strange: list[Line] = []
        self._blocks: list[_Block] = []
        self._by_name: dict[str, list[int]] = {}
        self._for_any: list[int] = []
        ignored: tuple[str, ...] = ()
        for line in lines:
            if line.keyword == "ignoreunknown":
                ignored += tuple(",".join(line.words).lower().split(","))
            elif line.keyword != "host" and self._is_understood(line, ignored):
                self._place(line)

    def settings_of(self, host: str) -> HostSettings:
        """Give what holds for a host of this name."""
        texts: dict[str, str] = {}
        lists: dict[str, dict[str, None]] = {"identityfile": {}, "certificatefile": {}}
        for place in sorted((*self._by_name.get(host, ()), *self._for_any)):
            block = self._blocks[place]
            if not all(matches(host, patterns) for patterns in block.blocks):
                continue
            for line in block.lines:
                if line.keyword in lists:
                    lists[line.keyword][line.words[0]] = None
                elif line.keyword in _PROXIES:
                    texts.setdefault("proxy", f"{line.keyword} {line.rest}")
                else:
                    texts.setdefault(line.keyword, line.words[0])
        return _settings(host, texts, lists)

    def _place(self, line: ConfigLine) -> None:
        if not self._blocks or self._blocks[-1].blocks != line.blocks:
            place = len(self._blocks)
            self._blocks.append(_Block(blocks=line.blocks))
            names = _plain_names(line.blocks)
            for name in names:
                self._by_name.setdefault(name, []).append(place)
            if not names:
                self._for_any.append(place)
        self._blocks[-1].lines.append(line)

    def _is_understood(self, line: ConfigLine, ignored: Sequence[str]) -> bool:
        """Whether the line says something used here; tell it if that is not clear."""
        keyword = line.keyword
        if keyword in _ONE_WORD:
            why = _why_not(line)
        elif keyword in _PROXIES:
            return True  # told where a server is reached that way
        elif asks_nothing(keyword, line.words[0]) or any(
            _pattern(one).match(keyword) for one in ignored
        ):
            return False
        else:
            why = NOT_USED.get(keyword, "OpenSSH has no such keyword.")
        if why:
            self.strange.append(line.strange(why))
        return not why


def _why_not(line: ConfigLine) -> str:
    word = line.words[0]
    if len(line.words) > 1:
        return "There is more than one word; put quotes around it."
    if not word:
        return "Nothing stands between the quotes."
    if line.keyword == "port" and not (
        word.isascii() and word.isdigit() and len(word) < 6 and 1 <= int(word) <= 65535
    ):
        return "The port is no number from 1 to 65535."
    return ""


def matches(host: str, patterns: Patterns) -> bool:
    """Whether a Host line holds for a host: any pattern, and none that is negated."""
    found = False
    for pattern in patterns:
        if pattern.startswith("!"):
            if _pattern(pattern[1:]).match(host):
                return False
        elif not found:
            found = _pattern(pattern).match(host) is not None
    return found


@lru_cache(maxsize=4096)
def _pattern(pattern: str) -> re.Pattern[str]:
    # fnmatch never backtracks; in a Host line only `*` and `?` are special, so `[` is not.
    return re.compile(fnmatch.translate(pattern.replace("[", "[[]")))


def is_plain(pattern: str) -> bool:
    """Whether a word of a Host line names one host."""
    return not (set(pattern) & set("*?") or pattern.startswith("!"))


def _plain_names(blocks: tuple[Patterns, ...]) -> tuple[str, ...]:
    for patterns in reversed(blocks):
        if all(is_plain(pattern) for pattern in patterns):
            return tuple(dict.fromkeys(patterns))
    return ()


def _settings(host: str, texts: dict[str, str], lists: dict[str, dict[str, None]]) -> HostSettings:
    port = int(texts.get("port", "0"))
    hostname = expand(texts["hostname"], {"h": host}) if "hostname" in texts else host
    hostname = hostname.lower()
    keyword, _, proxy = texts.get("proxy", "").partition(" ")
    is_jump = keyword == "proxyjump"
    if proxy.strip().lower() == "none":
        proxy = ""
    return HostSettings(
        hostname=hostname,
        has_address="hostname" in texts,
        port=port,
        user=texts.get("user", ""),
        identity_files=tuple(lists["identityfile"]),
        certificate_files=tuple(lists["certificatefile"]),
        proxy_jump=proxy if is_jump else "",
        proxy_command="" if is_jump else proxy,
    )


def hops_of(settings: HostSettings, host: str) -> tuple[Hop, ...]:
    """Give the hops through which a host is reached, the nearest first, tokens filled in.

    Raises:
        NotUnderstood: by a way that cannot be followed.
    """
    if settings.proxy_jump:
        hops = parse_proxy_jump(settings.proxy_jump)
    elif settings.proxy_command:
        hops = parse_proxy_command(settings.proxy_command)
    else:
        return ()
    tokens = {"h": settings.hostname, "n": host, "p": str(settings.port or 22)}
    if settings.user:
        tokens["r"] = settings.user
    filled = tuple(
        replace(hop, host=expand(hop.host, tokens), user=expand(hop.user, tokens)) for hop in hops
    )
    if any("%" in f"{hop.host}{hop.user}" for hop in filled):
        raise NotUnderstood("The way to it holds a token that cannot be filled in.")
    return filled


def expand(text: str, tokens: dict[str, str]) -> str:
    """Fill in the tokens (ssh_config(5), TOKENS) that are known, and `%%`; leave the others."""
    known = {"%": "%", **tokens}
    return re.sub(r"%(.)", lambda found: known.get(found[1], found[0]), text)
