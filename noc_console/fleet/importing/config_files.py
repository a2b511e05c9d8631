"""Reads an OpenSSH client config and what it includes, as lines that know their Host blocks.

Reads files within bounds and nothing else; what the lines mean is `openssh`'s.
"""

import glob
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from noc_console.fleet.importing.config_words import OpenQuote, split_keyword, split_words
from noc_console.fleet.importing.preview import FileNotRead, Line
from noc_console.fleet.importing.secret_words import HIDDEN, is_secret, without_secrets

MAX_FILES = 500
MAX_DEPTH = 16
"""As in OpenSSH's readconf.c."""

ReadText = Callable[[Path], str]
"""Gives the text of a file; raises OSError or FileNotRead."""

Patterns = tuple[str, ...]
"""The words of one Host line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigLine:
    """One line: `rest` is all after the keyword in `text`, `words` the same without quotes.

    `blocks` are the Host lines it stands under; each of them must match.
    """

    file: str
    number: int
    text: str
    keyword: str
    rest: str
    words: tuple[str, ...]
    blocks: tuple[Patterns, ...]

    def strange(self, why: str) -> Line:
        """Give this line as one that is not understood."""
        is_all_secret = is_secret(self.keyword)
        text = f"{self.keyword} {HIDDEN}" if is_all_secret else without_secrets(self.text)
        return Line(file=self.file, number=self.number, text=text, why=why)


@dataclass(slots=True)
class ConfigFiles:
    """What was read: the lines in the order in which ssh takes them, and those left out."""

    ssh_folder: Path
    read_text: ReadText
    beside: Path | None = None
    """Where to look for what is not in `ssh_folder`: beside a config that was copied from another
    computer. ssh itself would not.
    """
    lines: list[ConfigLine] = field(default_factory=list)
    strange: list[Line] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    """The files in the order in which they were read."""

    def read(self, path: Path) -> None:
        """Read the config itself.

        Raises:
            FileNotRead: it cannot be read.
        """
        self._add(path, self.read_text(path), (), (path,))

    def _add(
        self, path: Path, text: str, outer: tuple[Patterns, ...], stack: tuple[Path, ...]
    ) -> None:
        blocks: tuple[Patterns, ...] | None = outer
        for line in self._split(path, text, outer):
            if line.keyword == "host":
                blocks = (*outer, line.words)
                self.lines.append(replace(line, blocks=outer))
            elif line.keyword == "match":
                blocks = self._match(line, outer)
            elif blocks is None:
                continue  # under a Match that is told as not understood
            elif line.keyword == "include":
                self._include(replace(line, blocks=blocks), stack)
            else:
                self.lines.append(replace(line, blocks=blocks))

    def _split(self, path: Path, text: str, outer: tuple[Patterns, ...]) -> Iterator[ConfigLine]:
        name = str(path)
        self.names.append(name)
        for number, raw in enumerate(text.split("\n"), 1):
            stripped = raw.strip(" \t\r\f\v")
            if not stripped or stripped.startswith("#"):
                continue
            keyword, rest = split_keyword(stripped)
            try:
                words = split_words(rest)
            except OpenQuote:
                words = ()
            line = ConfigLine(
                file=name,
                number=number,
                text=stripped,
                keyword=keyword,
                rest=rest,
                words=words,
                blocks=outer,
            )
            if "\N{REPLACEMENT CHARACTER}" in stripped or "\0" in stripped:
                self.strange.append(line.strange("It is not text in UTF-8."))
            elif not words:
                self.strange.append(line.strange("Nothing stands after it, or a quote is open."))
            else:
                yield line

    def _match(self, line: ConfigLine, outer: tuple[Patterns, ...]) -> tuple[Patterns, ...] | None:
        if [word.lower() for word in line.words] == ["all"]:
            return outer
        self.strange.append(
            line.strange(
                "Match is not understood; the lines below it, up to the next Host, are left out."
            )
        )
        return None

    def _include(self, line: ConfigLine, stack: tuple[Path, ...]) -> None:
        for word in line.words:
            for path in self._named(word, line):
                self._include_file(path, line, stack)

    def _named(self, word: str, line: ConfigLine) -> list[Path]:
        try:
            path = Path(word).expanduser()
        except RuntimeError:
            self.strange.append(line.strange(f"There is no home folder for {word}."))
            return []
        named = _matching(self.ssh_folder / path)
        if path.is_absolute() or self.beside is None or any(one.exists() for one in named):
            return named
        named = _matching(self.beside / path)
        if not named:
            where = f"{self.ssh_folder} or {self.beside}"
            self.strange.append(line.strange(f"No file is called so in {where}."))
        return named

    def _include_file(self, path: Path, line: ConfigLine, stack: tuple[Path, ...]) -> None:
        why = ""
        text = ""
        if path in stack or len(stack) > MAX_DEPTH:
            why = f"{path} includes itself."
        elif len(self.names) > MAX_FILES:
            why = f"More than {MAX_FILES} files are included; the rest is left out."
        else:
            try:
                text = self.read_text(path)
            except OSError as error:
                why = f"{path} cannot be read: {error.strerror or 'no such file'}."
            except FileNotRead as failure:
                why = failure.sentence
        if why:
            self.strange.append(line.strange(why))
        else:
            self._add(path, text, line.blocks, (*stack, path))


def _matching(path: Path) -> list[Path]:
    """Give the files of a pattern; of what is none, itself."""
    if not glob.has_magic(str(path)):
        return [path]
    # Not Path.glob: it would take `**` for all folders below, which glob(7) does not.
    return [Path(name) for name in sorted(glob.glob(str(path)))]  # noqa: PTH207
