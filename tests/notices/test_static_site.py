"""The status page: the contract in a folder and on a real sshd, and what a visitor finds."""

import contextlib
import json
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.fleet.host_keys import accept_key
from noc_console.fleet.records import add_server
from noc_console.health.delivery.sending import tell_nobody
from noc_console.notices.channels.channel import Channel, ChannelKind, PostFailed, Way
from noc_console.notices.channels.static_site import Refreshed
from noc_console.notices.channels.status_entries import LATE, NoEntries, from_json
from noc_console.notices.channels.status_page import span_text
from noc_console.notices.channels.ways import way_of
from noc_console.store.store import Store
from tests.conftest import NOW
from tests.nginx import served
from tests.notices.channel_contract import AT, HOSTILE, Contract, Stand, nothing, text
from tests.sshd import Sshd


def channel(folder: Path, server: str = "", **more: str) -> Channel:
    """Give a status page in a folder."""
    settings = {"address": "https://status.example.com", "folder": str(folder), "server": server}
    return Channel(id=1, name="Status page", kind=ChannelKind.STATIC_SITE, settings=settings | more)


def count(folder: Path) -> int:
    """Give how many things were said on the page."""
    state = folder / "status.json"
    if not state.exists():
        return 0
    return sum(len(one.updates) for one in from_json(state.read_bytes()).entries)


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    """Give an sshd for all of these tests."""
    running = Sshd(
        tmp_path_factory.mktemp("sshd"), options={"Subsystem": "sftp internal-sftp"}
    ).start()
    yield running
    running.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the folder a web server would serve."""
    made = tmp_path / "page"
    made.mkdir()
    return made


def remote(store: Store, daemon: Sshd, folder: Path, clock: object = None) -> Way:
    """Give the way to the page over SFTP."""
    add_server(store, daemon.server("web1"), NOW)
    accept_key(
        store,
        address=daemon.address,
        port=daemon.port,
        key_line=daemon.host_key_line,
        accepted_by="anna",
        now=NOW,
    )
    return way_of(store, channel(folder, "web1"))


class TestStaticSite(Contract):
    """The contract."""

    @pytest.fixture(params=["folder", "sftp"])
    def stand(self, request: pytest.FixtureRequest, store: Store, folder: Path) -> Stand:
        """Give the page in a folder, and over SFTP."""
        if request.param == "sftp":
            way = remote(store, request.getfixturevalue("daemon"), folder)
        else:
            way = way_of(store, channel(folder))
        return Stand(
            way=way,
            wrong=way_of(store, channel(folder / "nowhere")),
            count=lambda: count(folder),
            shown=lambda: (folder / "index.html").read_text() + _notices(folder),
            secret=str(folder / "a-secret"),
        )


def _notices(folder: Path) -> str:
    return "".join(one.read_text() for one in sorted(folder.glob("notices/*.html")))


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Give a clock that stands at AT."""
    return Clock(AT)


def sections(folder: Path) -> dict[str, str]:
    """Give in which part each notice stands."""
    found = json.loads((folder / "status.json").read_bytes())
    return {one["notice"]: one["section"] for one in found["notices"]}


def test_a_notice_goes_from_planned_to_current_to_past_and_keeps_all_that_was_said(
    store, folder, clock
):
    way = way_of(store, channel(folder), clock)
    about = text().about
    assert about is not None
    assert about.ends_at is not None
    way.post(text("n42-week-before-1"), None, nothing)
    assert sections(folder) == {"n42": "planned"}

    clock.now = about.starts_at
    assert way.refresh().is_written
    assert sections(folder) == {"n42": "current"}
    assert "Planned work is under way" in (folder / "index.html").read_text()
    assert way.refresh() == Refreshed(is_written=False, next_at=about.ends_at + LATE)

    clock.now = about.ends_at
    done = replace(about, state="done", is_over=True)
    way.post(text("n42-done-1", title="Kernel update of web1: done", about=done), None, nothing)
    assert sections(folder) == {"n42": "past"}
    index = (folder / "index.html").read_text()
    assert "Everything works" in index
    assert "Kernel update of web1: done" in index
    page = (folder / "notices/n42.html").read_text()
    assert page.index('id="n42-done-1"') < page.index('id="n42-week-before-1"')


def test_trouble_stands_before_planned_work_and_the_page_says_so_first(store, folder, clock):
    way = way_of(store, channel(folder), clock)
    about = replace(text().about, starts_at=AT - timedelta(minutes=5))
    way.post(text("n1-start-1", about=replace(about, notice="n1")), None, nothing)
    trouble = replace(about, notice="n2", is_planned=False, state="investigating", ends_at=None)
    way.post(text("n2-first-word-1", title="Mail is slow", about=trouble), None, nothing)
    index = (folder / "index.html").read_text()

    assert "Something does not work" in index
    assert index.index("Mail is slow") < index.index("Kernel update of web1")


def test_what_is_planned_and_late_counts_as_over_some_hours_after_its_end(store, folder, clock):
    way = way_of(store, channel(folder), clock)
    way.post(text(), None, nothing)
    clock.now = AT + timedelta(days=7, hours=11)
    way.refresh()
    assert sections(folder) == {"n42": "current"}

    clock.now = AT + timedelta(days=7, hours=14)
    way.refresh()
    assert sections(folder) == {"n42": "past"}


def test_feeds_and_pages_hold_hostile_words_as_words(store, folder, clock):
    way = way_of(store, channel(folder, title="Acme & <b>Sons</b>"), clock)
    control = "bell\x07 and \ufffe"
    way.post(text(title=HOSTILE, summary=f"{HOSTILE} {control}"), None, nothing)

    atom = ET.fromstring((folder / "feed.atom").read_bytes())  # noqa: S314 - our own
    rss = ET.fromstring((folder / "feed.rss").read_bytes())  # noqa: S314 - our own
    name = "{http://www.w3.org/2005/Atom}"
    assert atom.findtext(f"{name}entry/{name}title") == HOSTILE
    assert atom.findtext(f"{name}title") == "Acme & <b>Sons</b>"
    assert rss.findtext("channel/item/title") == HOSTILE
    link = rss.findtext("channel/item/link")
    assert link == "https://status.example.com/notices/n42.html#n42-start-1"
    for path in ("index.html", "history.html", "notices/n42.html"):
        page = (folder / path).read_text()
        assert "<script>alert" not in page
        assert "<b>Sons" not in page
    assert json.loads((folder / "status.json").read_text())["notices"][0]["title"] == HOSTILE


def test_a_page_loads_nothing_from_elsewhere(store, folder, clock):
    way_of(store, channel(folder), clock).post(text(), None, nothing)
    page = (folder / "index.html").read_text()

    assert "default-src 'none'" in page
    assert "//" not in page.replace("http://www.w3.org", "").replace("<!DOCTYPE", "")


def test_times_are_told_in_the_notices_zone_with_its_offset_and_in_the_pages_language(
    store, folder, clock
):
    german = replace(channel(folder), language="de")
    way_of(store, german, clock).post(text(), None, nothing)

    page = (folder / "index.html").read_text()
    assert "Dienstag, 1. Dezember 2026, 11:00 bis 11:45 CET (UTC+01:00)" in page
    assert 'datetime="2026-12-01T10:00:00+00:00"' in page
    assert "45 Minuten" in page


def test_another_program_that_writes_is_waited_for_and_a_dead_one_is_not(store, folder, clock):
    way = way_of(store, channel(folder), clock)
    lock = folder / ".status.lock"
    lock.write_text(json.dumps({"host": "elsewhere", "pid": 1, "at": AT.isoformat()}))
    with pytest.raises(PostFailed) as failure:
        way.post(text(), None, nothing)
    assert failure.value.pause_s > 0
    assert not failure.value.is_in_doubt

    clock.now = AT + timedelta(minutes=5)
    way.post(text(), None, nothing)
    assert not lock.exists()


def test_what_was_broken_off_is_done_again_to_the_same_end(store, folder, clock, monkeypatch):
    way = way_of(store, channel(folder), clock)
    way.post(text("n1-start-1", about=replace(text().about, notice="n1")), None, nothing)
    whole = way_of(store, channel(folder), clock)
    from noc_console.notices.channels import page_folder

    real = page_folder.LocalFolder.write

    def broken(self, path, content):
        if path == "index.html":
            raise page_folder.FolderFailed("The disk is full.")
        real(self, path, content)

    monkeypatch.setattr(page_folder.LocalFolder, "write", broken)
    with pytest.raises(PostFailed, match="The disk is full"):
        way.post(text("n2-start-1", about=replace(text().about, notice="n2")), None, nothing)
    assert whole.find("n2-start-1") is None
    monkeypatch.undo()
    whole.post(text("n2-start-1", about=replace(text().about, notice="n2")), None, nothing)

    assert sections(folder) == {"n1": "planned", "n2": "planned"}
    assert count(folder) == 2


def test_a_visitor_never_gets_half_a_page_while_it_is_swapped(store, folder, daemon, tmp_path):
    way = remote(store, daemon, folder)
    way.post(text(), None, nothing)
    torn, reads, stop = [], [], threading.Event()

    def visit(address: str) -> None:
        with httpx.Client() as visitor:
            while not stop.wait(0.001):
                answer = visitor.get(address)
                reads.append(answer.status_code)
                if not answer.content.rstrip().endswith(b"</html>"):
                    torn.append(answer.content)

    with served(folder, tmp_path / "nginx") as address:
        visitor = threading.Thread(target=visit, args=(address,))
        visitor.start()
        for number in range(5):
            way.post(text(f"n42-update-{number}"), None, nothing)
        stop.set()
        visitor.join(60)

    assert torn == []
    assert set(reads) == {200}
    assert len(reads) > 5


def test_a_web_server_tells_each_file_for_what_it_is(store, folder, clock, tmp_path):
    way_of(store, channel(folder), clock).post(text(), None, nothing)
    wanted = {
        "": "text/html",
        "notices/n42.html": "text/html",
        "feed.atom": "application/atom+xml",
        "feed.rss": "application/rss+xml",
        "status.json": "application/json",
        "status.css": "text/css",
        "status.js": "javascript",
        "status.svg": "image/svg+xml",
    }
    with served(folder, tmp_path / "nginx") as address:
        told = {path: httpx.get(f"{address}/{path}").headers["content-type"] for path in wanted}

    assert [path for path, kind in wanted.items() if kind not in told[path]] == []


def test_a_changed_host_key_writes_nothing(store, folder, daemon):
    way = remote(store, daemon, folder)
    way.post(text(), None, nothing)
    from noc_console.fleet.host_keys import replace_key

    other = Sshd(folder.parent / "other")
    replace_key(
        store,
        address=daemon.address,
        port=daemon.port,
        key_line=other.host_key_line,
        accepted_by="anna",
        now=NOW,
    )
    with pytest.raises(PostFailed, match="CHANGED"):
        way.post(text("n42-update-1"), None, nothing)
    assert count(folder) == 1


def test_a_folder_that_may_not_be_written_is_found_by_the_test(store, folder):
    (folder / "status.json").write_text('{"format": 1, "surprise": []}')

    with pytest.raises(PostFailed, match="move it away"):
        way_of(store, channel(folder)).test(tell_nobody)


def test_a_page_that_names_files_elsewhere_is_none_of_ours(store, folder, clock):
    way = way_of(store, channel(folder), clock)
    way.post(text(), None, nothing)
    state = folder / "status.json"
    state.write_text(state.read_text().replace('"notice": "n42"', '"notice": "../../n42"'))

    with pytest.raises(PostFailed, match="move it away"):
        way.post(text("n43-start-1"), None, nothing)
    assert list(folder.parent.glob("n42*")) == []


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda one: json.dumps(one).encode()))
def test_whatever_lies_there_is_read_or_refused(content):
    with contextlib.suppress(NoEntries):
        from_json(content)


def test_what_a_person_sets_anew_is_on_every_page(store, folder, clock):
    way_of(store, channel(folder), clock).post(text(), None, nothing)
    way = way_of(store, channel(folder, support="Call +49 30 1234."), clock)

    assert way.refresh().is_written
    assert "Call +49 30 1234." in (folder / "notices/n42.html").read_text()


def test_old_notices_leave_the_first_page_and_stay_among_all(store, folder, clock):
    way = way_of(store, channel(folder, past_days="30"), clock)
    over = replace(text().about, is_over=True, starts_at=AT)
    way.post(text(about=over), None, nothing)
    clock.now = datetime(2027, 1, 30, tzinfo=UTC)
    way.post(text("n43-done-1", about=replace(over, notice="n43")), None, nothing)

    assert "notices/n42.html" not in (folder / "index.html").read_text()
    assert "notices/n42.html" in (folder / "history.html").read_text()


def test_a_span_over_a_change_of_clocks_names_both_clocks():
    start = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
    words = span_text(start, start + timedelta(hours=2), "Europe/Berlin", "en")

    assert words == (
        "Sunday, 25 October 2026, 01:30 CEST (UTC+02:00) to "
        "Sunday, 25 October 2026, 02:30 CET (UTC+01:00)"
    )
