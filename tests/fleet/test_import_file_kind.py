"""The kind of a file is guessed; a person may choose another."""

from pathlib import Path, PurePath

import pytest

from noc_console.fleet.importing.file_kind import FileKind, guess_kind
from noc_console.fleet.importing.preview import FileNotRead
from noc_console.fleet.importing.read import read_servers


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("fleet.csv", "Host web1\n", FileKind.CSV),
        ("hosts.YAML", "", FileKind.ANSIBLE),
        ("config", "", FileKind.OPENSSH),
        ("servers.txt", "# ours\nhost web1\n  Port 22\n", FileKind.OPENSSH),
        ("config.work", "Host=web*\n", FileKind.OPENSSH),
        ("hosts", "web0\n[web]\nweb[01:10].example\n", FileKind.ANSIBLE),
        ("list", "name;address;user\nweb1;10.0.0.1;ops\n", FileKind.CSV),
        ("hosts", "web1\nweb2\n", FileKind.ANSIBLE),
    ],
)
def test_a_file_is_known_by_its_name_or_its_first_lines(
    name: str, head: str, kind: FileKind
) -> None:
    assert guess_kind(PurePath(name), head) is kind


@pytest.mark.parametrize("kind", [None, *FileKind])
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, kind: FileKind | None) -> None:
    path = tmp_path / "archive"
    path.write_bytes(bytes(range(256)) * 20)

    with pytest.raises(FileNotRead, match="is no text file; choose"):
        read_servers(path, kind)
