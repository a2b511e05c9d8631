"""Servers from an OpenSSH client config (ssh_config(5)).

A server is a Host word without wildcards; what holds for it is what `ssh` would find. Reads the
config, the system's if it is given, and what they include, and nothing else.
"""

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from noc_console.fleet.importing.config_files import ConfigFiles, ConfigLine, ReadText
from noc_console.fleet.importing.config_settings import (
    HostBlocks,
    HostSettings,
    expand,
    hops_of,
    is_plain,
    matches,
)
from noc_console.fleet.importing.preview import (
    MAX_SERVERS,
    FileNotRead,
    FileServer,
    FleetFile,
    Line,
    file_server,
)
from noc_console.fleet.importing.proxies import Hop, NotUnderstood
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Authentication, InvalidServer

MAX_HOPS = 10
_REFUSED_BY_SSH = re.compile(r"^-|[\s'`\"$\\;&<>|(){},\x00-\x1f\x7f]")
"""What valid_hostname() of OpenSSH's ssh.c refuses, and a comma."""


def read_openssh(
    path: Path, read_text: ReadText, ssh_folder: Path, system_config: Path | None = None
) -> FleetFile:
    """Give the servers of a config; includes are relative to `ssh_folder`, as in ~/.ssh/config, and
    else to the config's own folder: it may be a copy from another computer.

    What `system_config` says holds too, where the config itself says nothing; its own hosts are no
    servers.

    Raises:
        FileNotRead: it cannot be read, or names more servers than any fleet has.
    """
    is_copy = path.parent.resolve() != ssh_folder.resolve()
    files = ConfigFiles(
        ssh_folder=ssh_folder, read_text=read_text, beside=path.parent if is_copy else None
    )
    files.read(path)
    system = ConfigFiles(ssh_folder=path.parent, read_text=read_text)
    if system_config is not None:
        system.ssh_folder = system_config.parent
        with contextlib.suppress(OSError, FileNotRead):  # ssh goes on without one, too
            system.read(system_config)
    blocks = HostBlocks([*files.lines, *system.lines])
    config = _Config(blocks)
    config.take_hosts([line for line in files.lines if line.keyword == "host"])
    servers = tuple(config.servers())
    strange = [*files.strange, *system.strange, *blocks.strange, *config.strange]
    order = {file: place for place, file in enumerate(dict.fromkeys(files.names + system.names))}
    strange.sort(key=lambda line: (order[line.file], line.number))
    return FleetFile(servers=servers, not_understood=tuple(strange))


@dataclass(slots=True)
class _Host:
    """One server of the config: its first name, the others on the same line, what holds for it."""

    name: str
    settings: HostSettings
    aliases: tuple[str, ...]
    line: ConfigLine


class _Config:
    """The hosts of one config, and the jump servers they need."""

    def __init__(self, blocks: HostBlocks) -> None:
        self.strange: list[Line] = []
        self._blocks = blocks
        self._hosts: dict[str, _Host] = {}
        self._by_word: dict[str, _Host] = {}
        self._jump_servers: dict[str, FileServer] = {}

    def take_hosts(self, lines: list[ConfigLine]) -> None:
        """Take each Host word without wildcards as a server, or as another name of one."""
        for line in lines:
            on_this_line: list[_Host] = []
            for word in dict.fromkeys(line.words):
                if self._is_new_server(word, line):
                    self._take(word, line, on_this_line)
            if len(self._hosts) > MAX_SERVERS:
                file = inert(line.file)
                raise FileNotRead(
                    f"{file} names more than {MAX_SERVERS} servers; split it into parts."
                )

    def _is_new_server(self, word: str, line: ConfigLine) -> bool:
        if not is_plain(word) or word in self._by_word:
            return False
        if _REFUSED_BY_SSH.search(word) or not word:
            self.strange.append(line.strange(f"ssh takes {word!r} for no host name."))
            return False
        reached = all(matches(word, patterns) for patterns in (*line.blocks, line.words))
        if not reached:
            self.strange.append(line.strange(f"{word} never comes to this line."))
        return reached

    def _take(self, word: str, line: ConfigLine, on_this_line: list[_Host]) -> None:
        settings = self._blocks.settings_of(word)
        for host in on_this_line:
            if settings.has_address and host.settings == settings:
                host.aliases = (*host.aliases, word)
                self._by_word[word] = host
                return
        host = _Host(name=word, settings=settings, aliases=(), line=line)
        on_this_line.append(host)
        self._hosts[word] = self._by_word[word] = host

    def servers(self) -> Iterator[FileServer]:
        """Give the servers in the order of the file, and after them those only jumped through."""
        for host in self._hosts.values():
            server = self._server(host)
            if server is not None:
                yield server
        yield from self._jump_servers.values()

    def _server(self, host: _Host) -> FileServer | None:
        refused = ""
        jumps: tuple[str, ...] = ()
        try:
            jumps = self._through(host.name, host.settings, (host.name,))
        except NotUnderstood as failure:
            refused = str(failure)
        notes = [f"It is also called {alias}." for alias in host.aliases]
        try:
            return _file_server(
                host.name,
                host.settings,
                jumps=jumps if host.settings.proxy_jump or host.settings.proxy_command else None,
                aliases=host.aliases,
                notes=notes,
                refused=refused,
            )
        except InvalidServer as failure:
            self.strange.append(host.line.strange(failure.sentence))
            return None

    def _through(self, host: str, settings: HostSettings, way: tuple[str, ...]) -> tuple[str, ...]:
        """Give the names of the servers to go through, those before the first hop included.

        Only the first hop's own ProxyJump counts: ssh gives each later one the hops before it.
        """
        hops = hops_of(settings, host)
        if not hops:
            return ()
        if len(way) > MAX_HOPS:
            raise NotUnderstood(f"It is reached through more than {MAX_HOPS} servers.")
        names = tuple(self._name_of(hop, way[0]) for hop in hops)
        first = self._by_word.get(hops[0].host)
        first_name = first.name if first else hops[0].host
        if first_name in way or way[0] in names:
            raise NotUnderstood("It is reached through itself.")
        first_settings = self._blocks.settings_of(hops[0].host)
        return (*self._through(hops[0].host, first_settings, (*way, first_name)), *names)

    def _name_of(self, hop: Hop, wanted_by: str) -> str:
        """Give the name of the server that a hop is; if it is none of the file's, make it one."""
        settings = self._blocks.settings_of(hop.host)
        host = self._by_word.get(hop.host)
        own = (settings.user, settings.port or 22)
        meant = (hop.user or settings.user, hop.port or settings.port or 22)
        if host is not None and meant == own:
            return host.name
        name = hop.host
        there = self._jump_servers.get(name)
        if host is not None or (there and (there.server.user, there.server.port) != meant):
            name = hop.text
        if name not in self._jump_servers:
            told = HostSettings(
                hostname=settings.hostname,
                has_address=True,
                port=meant[1],
                user=meant[0],
                identity_files=settings.identity_files,
                certificate_files=settings.certificate_files,
            )
            try:
                self._jump_servers[name] = _file_server(
                    name, told, jumps=None, notes=[f"{wanted_by} is reached through it."]
                )
            except InvalidServer as failure:
                raise NotUnderstood(f"Its jump server cannot be kept: {failure}") from None
        return name


def _file_server(
    name: str,
    settings: HostSettings,
    *,
    jumps: tuple[str, ...] | None,
    aliases: tuple[str, ...] = (),
    notes: list[str],
    refused: str = "",
) -> FileServer:
    spoken: dict[str, Any] = {}
    if settings.has_address:
        spoken["address"] = settings.hostname
    if settings.port:
        spoken["port"] = settings.port
    if settings.user:
        spoken["user"] = settings.user
    if jumps is not None:
        spoken["jumps"] = jumps
    tokens = {"h": settings.hostname, "n": name, "p": str(settings.port or 22)}
    if settings.user:
        tokens["r"] = settings.user
    notes = notes + _files(spoken, "key_file", settings.identity_files, tokens)
    notes += _files(spoken, "certificate_file", settings.certificate_files, tokens)
    assumed: dict[str, Any] = {"address": settings.hostname}
    if "key_file" in spoken:
        assumed["authentication"] = Authentication.KEY_FILE
    return file_server(name, spoken, assumed=assumed, aliases=aliases, notes=notes, refused=refused)


def _files(
    spoken: dict[str, Any], field: str, files: tuple[str, ...], tokens: Mapping[str, str]
) -> list[str]:
    """Take the first file; give a note for each that is left out."""
    notes = []
    for file in files:
        if file.lower() == "none":
            continue
        path = _path(file, tokens)
        if "%" in path.replace("%%", "") or "${" in path:
            notes.append(f"{file} depends on where ssh runs and is left out.")
        elif field not in spoken:
            spoken[field] = path.replace("%%", "%")
        else:
            notes.append(f"{file} is left out: a server has one {field.replace('_', ' ')}.")
    return notes


def _path(file: str, tokens: Mapping[str, str]) -> str:
    path = re.sub(r"^(%d|\$\{HOME\})(?=/)", "~", file)
    return expand(path, {**tokens, "%": "%%"})
