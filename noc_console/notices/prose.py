"""What people type, as Markdown that can do no more than it should. Pure; imports nothing of ours.

Text arrives as it was written: accents, emoji, right-to-left letters, quotes. What is taken out has
no place in a text for customers: control characters and those that turn the direction of a line.
"""

import re
import unicodedata

_KEPT = frozenset("\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}\N{SOFT HYPHEN}\u200e\u200f\u061c")
"""Format characters that words and emoji need; U+061C, U+200E and U+200F only mark a direction."""
_TAGS = range(0xE0020, 0xE0080)
"""The letters of which the flags of countries within countries are made."""
_HARMFUL = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_LINE_ENDS = re.compile(r"\r\n?|[\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~$&#@^])|(?<=[A-Za-z])(:)(?=/)|(?i:(?<=www)(\.))")
_AT_START = re.compile(r"^([-+=]|\d+(?=[.)](?:\s|$)))")
_ADDRESS = re.compile(r"<(?:https?://|mailto:)[^<>\s\\]+>")
_NOT_IN_PROSE = re.compile(
    r"<|!(?=\[)|\||&(?=#?\w+;)|^#|^(?:`{3,}|~{3,})|^\[(?=[^\]]*\]:)|^=+\s*$|^[-_*\s]+$"
)
_ALONE = re.compile(r"https?://[^<>\s\\]+|[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_LIST_ITEM = re.compile(r"[-*+]\s|\d{1,3}[.)]\s")
_LIST_MARK = re.compile(r"(^|[^\n])\s*(?:\n|^)\s*(?:[-*+]|\d{1,3}[.)])\s+")
_DEEPEST = 4


def clean(text: str) -> str:
    """Give a text without what could harm a screen; its line ends are `\\n`."""
    lines = _LINE_ENDS.sub("\n", text).replace("\t", " ").split("\n")
    return "\n".join("".join(filter(_is_harmless, line)) for line in lines)


def one_line(text: object, most: int = 2000) -> str:
    """Give a text as one line; what is too much is cut with `…`."""
    line = " ".join(clean(str(text)).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def sentence(text: object) -> str:
    """Give a text, perhaps with a list in it, as one line that can be read aloud."""
    return one_line(_LIST_MARK.sub(_joined, clean(str(text))))


def as_written(text: object) -> str:
    """Give a text as one line of Markdown that shows it as it is: no mark-up, no link, no HTML."""
    line = _SPECIAL.sub(lambda found: f"\\{found[0]}", one_line(text))
    return _AT_START.sub(_escaped_start, line)


def address(text: object) -> str:
    """Give a web or mail address as Markdown that links to it, anything else as it is written."""
    line = one_line(text)
    return f"<{line}>" if _ALONE.fullmatch(line) else as_written(line)


def prose(text: object) -> str:
    """Give what a person typed as Markdown: paragraphs, lists, emphasis, links, and no more.

    No HTML, picture, heading, table, block of code or rule: it stays inside its own section,
    wherever it is shown.
    """
    lines = clean(str(text)).strip().split("\n")
    return "\n".join(_prose_line(line) for line in lines)


def _joined(found: re.Match[str]) -> str:
    before = found[1]
    return f"{before}{';' if before.isalnum() or before == ')' else ''} " if before else ""


def _prose_line(line: str) -> str:
    kept = line.strip()
    depth = min(len(line) - len(line.lstrip()), _DEEPEST) if _LIST_ITEM.match(kept) else 0
    parts, at = [], 0
    for address in _ADDRESS.finditer(kept):
        parts += [_NOT_IN_PROSE.sub(_escaped, kept[at : address.start()]), address[0]]
        at = address.end()
    return " " * depth + "".join([*parts, _NOT_IN_PROSE.sub(_escaped, kept[at:])])


def _escaped(found: re.Match[str]) -> str:
    return f"\\{found[0]}" if found[0].strip() else ""


def _escaped_start(found: re.Match[str]) -> str:
    """A number with a dot would begin a list: the dot is escaped, for a digit cannot be."""
    return f"{found[1]}\\" if found[1].isdigit() else f"\\{found[1]}"


def _is_harmless(letter: str) -> bool:
    if letter.isascii():
        return letter.isprintable()
    if letter in _KEPT or ord(letter) in _TAGS:
        return True
    return unicodedata.category(letter) not in _HARMFUL
