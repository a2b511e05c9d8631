"""What kind of file a person wants to import, guessed from its name and its first lines. Pure."""

import re
from enum import Enum
from pathlib import PurePath

_HOST_LINE = re.compile(r"^\s*(Host|Match|Include)[\s=]", re.IGNORECASE | re.MULTILINE)
_SECTION_LINE = re.compile(r"^\s*\[[^\]]+\]\s*$", re.MULTILINE)


class FileKind(Enum):
    """The kinds of file that servers can be read from, by the words a person knows them by."""

    OPENSSH = "OpenSSH client config"
    ANSIBLE = "Ansible inventory"
    CSV = "CSV table"


_BY_SUFFIX = {
    ".csv": FileKind.CSV,
    ".tsv": FileKind.CSV,
    ".yml": FileKind.ANSIBLE,
    ".yaml": FileKind.ANSIBLE,
    ".ini": FileKind.ANSIBLE,
    ".json": FileKind.ANSIBLE,
}


def guess_kind(path: PurePath, head: str) -> FileKind:
    """Give the kind a file most likely is; `head` is the text of its beginning."""
    by_suffix = _BY_SUFFIX.get(path.suffix.lower())
    if by_suffix is not None:
        return by_suffix
    if _HOST_LINE.search(head):
        return FileKind.OPENSSH
    if _SECTION_LINE.search(head):
        return FileKind.ANSIBLE
    if head.lstrip().startswith("{"):
        return FileKind.ANSIBLE
    first = head.partition("\n")[0]
    if any(first.count(divider) > 1 for divider in ",;\t"):
        return FileKind.CSV
    return FileKind.OPENSSH if path.name == "config" else FileKind.ANSIBLE
