"""A picture is drawn where there is no display, exactly as large as asked, with its figures."""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.store.heartbeat import register
from noc_console.store.history import History
from noc_console.store.journal import Reading
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store

SIGNATURE = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(autouse=True)
def no_display(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(StoreLocation.parse(str(tmp_path / "store")))
    yield opened
    opened.close()


@pytest.fixture
def web1(store: Store) -> Server:
    """A server that gave samples for a minute."""
    now = datetime.now(UTC)
    register(store, "host", 1, "0", now)
    server = add_server(store, Server(name="web1", address="10.0.0.1"), now)
    history = History(store)
    for age_s in range(60, 0, -5):
        at = now - timedelta(seconds=age_s)
        values = {"load1": 1.5, "load5": 1.0, "load15": 0.5, "cores": 2.0}
        at_ms = int(at.timestamp() * 1000)
        history.append([Reading(server_id=server.id, at_ms=at_ms, values=values)], at)
    return server


def size_of(path: Path) -> tuple[int, int]:
    """Give the size that the file's header tells (PNG specification, section 11.2.2)."""
    header = path.read_bytes()[:24]
    assert header.startswith(SIGNATURE)
    width, height = struct.unpack(">II", header[16:])
    return width, height


@pytest.mark.parametrize(
    ("page", "size"),
    [
        ("fleet", "1366x768"),
        ("server:web1", "1920x1080"),
        ("settings", "1001x701"),
        ("add-server", "1366x768"),
    ],
)
def test_a_page_is_drawn_exactly_as_large_as_asked(program, web1, tmp_path, page, size):
    out = tmp_path / "new" / "page.png"
    done = program("screenshot", "--page", page, "--size", size, "--out", str(out))

    assert (done.returncode, done.stderr) == (0, "")
    assert "x".join(str(side) for side in size_of(out)) == size


def test_both_themes_are_drawn_and_the_persons_own_choice_stays(program, web1, tmp_path):
    pictures = []
    for theme in ("dark", "light"):
        out = tmp_path / f"{theme}.png"
        done = program("screenshot", "--theme", theme, "--out", str(out))
        assert done.returncode == 0, done.stderr
        pictures.append(out.read_bytes())

    assert pictures[0] != pictures[1]
    assert not (tmp_path / "config").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--page", "weather"], "There is no page 'weather'; it is one of fleet,"),
        (["--page", "server:web2"], "web2"),
        (["--size", "300x200"], "The window cannot be as small as 300x200; it needs at least"),
    ],
)
def test_what_cannot_be_drawn_is_told_in_one_sentence(program, web1, tmp_path, words, sentence):
    out = tmp_path / "page.png"
    done = program("screenshot", *words, "--out", str(out))

    assert done.returncode == 1
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
    assert not out.exists()


def test_a_file_that_cannot_be_written_is_told(program, web1, tmp_path):
    (tmp_path / "file").write_text("in the way")
    done = program("screenshot", "--out", str(tmp_path / "file" / "page.png"))

    assert done.returncode == 1
    assert "cannot be written" in done.stderr


def test_a_store_that_cannot_be_opened_is_told(program, tmp_path):
    (tmp_path / "store").write_text("no folder")
    done = program("screenshot", "--out", str(tmp_path / "page.png"))

    assert done.returncode == 1
    assert done.stderr.startswith("A store is a folder, and ")


@pytest.mark.parametrize("size", ["big", "0x5", "99999x10", "10x"])
def test_a_size_that_is_none_is_a_usage_error(program, tmp_path, size):
    done = program("screenshot", "--size", size, "--out", str(tmp_path / "page.png"))

    assert done.returncode == 2
