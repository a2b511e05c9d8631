"""Knows names that hold secrets, and takes values away from them. Pure: no I/O, no clock.

An import keeps no secret: what a file says under such a name is told as a line not understood, and
the line is shown without the value.
"""

import re

HIDDEN = "•••"
WHY = "Secrets are not kept from files; enter it in the server's dialog, and the keyring holds it."

_SECRET = (
    r"(?:pass(?:word|wort|wd|phrase|code)?|pwd|pw|kennwort|secret|token|credentials?"
    r"|api_?key|private_?key)"
)
_NAME = re.compile(
    rf"(?:^|[^a-z]){_SECRET}(?:$|[^a-z])|pass(?:word|wd|phrase)|api_?key", re.IGNORECASE
)
_FILE = re.compile(r"(?:file|path|dir|name|prompt|length|policy)$", re.IGNORECASE)
_PAIR = re.compile(r"(?P<name>[\w.-]+)(?P<between>[\"']?\s*[=:]\s*)(?P<value>\S.*)", re.DOTALL)
_IN_ADDRESS = re.compile(r"(?P<before>://[^/\s:@]*:)[^/\s@]+(?=@)")


def is_secret(name: str) -> bool:
    """Whether a variable or a column of this name holds a secret, not the place of one."""
    return bool(_NAME.search(name)) and not _FILE.search(name)


def without_secrets(text: str) -> str:
    """Give a line in which all after a secret's name, or a password in a URL, is hidden."""
    text = _IN_ADDRESS.sub(rf"\g<before>{HIDDEN}", text)
    place = 0
    while (pair := _PAIR.search(text, place)) is not None:
        if is_secret(pair["name"]):
            return text[: pair.start("value")] + HIDDEN
        place = pair.start("value")
    return text
