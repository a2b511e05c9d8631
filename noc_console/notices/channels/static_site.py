"""A status page of static files, on a server of the fleet or in a folder of this machine.

What was posted is in the page's own `status.json`. A posting reads it, adds itself, and writes what
changes, `status.json` last: broken off at any moment and done again, it comes to the same.
One program at a time writes: a lock file says who.
"""

import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import psutil

from noc_console.errors import ConsoleError
from noc_console.health.delivery.sending import SendStep, Tell
from noc_console.notices.channels.channel import (
    BeforeHandingOver,
    Channel,
    Posted,
    PostFailed,
    Preview,
)
from noc_console.notices.channels.checking import limits_of, setting_of
from noc_console.notices.channels.early import refuse_early
from noc_console.notices.channels.page_folder import PageFolder
from noc_console.notices.channels.previewing import preview_of
from noc_console.notices.channels.status_entries import (
    Entry,
    Standing,
    find_update,
    from_json,
    with_text,
    without,
)
from noc_console.notices.channels.status_page import PageLook, link_of, look_mark, page_files
from noc_console.notices.text import Text

_STATE = "status.json"
_LOCK = ".status.lock"
_TRIAL = ".status.test"
_MOST_BYTES = 8 * 1024 * 1024
_LOCK_ENDS = timedelta(seconds=90)
_PAUSE_S = 5.0

Opened = Callable[[], AbstractContextManager[PageFolder]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """What came of a look at a page: whether it was written, and when it must be by time alone."""

    is_written: bool
    next_at: datetime | None


class StaticSite:
    """One status page."""

    def __init__(
        self,
        channel: Channel,
        opened: Opened,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Post into the folder that `opened` gives."""
        self._channel = channel
        self._opened = opened
        self._now = now
        zone = setting_of(channel, "zone")
        self._look = PageLook(
            title=setting_of(channel, "title"),
            address=setting_of(channel, "address").rstrip("/"),
            support=setting_of(channel, "support"),
            language=channel.language or "en",
            zone=zone or "UTC",
            past_days=int(setting_of(channel, "past_days")),
        )

    def test(self, tell: Tell) -> str:
        """Prove that the folder can be reached and written, without changing the page."""
        with self._folder() as folder:
            tell(SendStep(name="folder", ok=True, sentence="the folder can be reached"))
            count = len(self._read(folder).entries)
            words = f"the page holds {count} notices" if count else "the page is empty"
            tell(SendStep(name="page", ok=True, sentence=words))
            folder.write(_TRIAL, b"")
            folder.remove(_TRIAL)
            folder.make_folder("notices")
            folder.write(f"notices/{_TRIAL}", b"")
            folder.remove(f"notices/{_TRIAL}")
            tell(SendStep(name="rights", ok=True, sentence="files can be swapped in there"))
        return f"the page at {self._look.address} can be written"

    def find(self, reference: str) -> Posted | None:
        """Look into the page's `status.json`."""
        with self._folder() as folder:
            return self._posted(self._read(folder).entries, reference)

    def post(
        self, text: Text, at: datetime | None, before_handing_over: BeforeHandingOver
    ) -> Posted:
        """Put it on the page; what is there with its reference already is replaced."""
        refuse_early(self._channel, at, self._now())
        return self._put(text, before_handing_over)

    def edit(self, posted: Posted, text: Text) -> Posted:
        """Give what was said another text; it keeps its place, its time and its address."""
        return self._put(replace(text, reference=posted.remote_id), lambda: None)

    def delete(self, posted: Posted) -> None:
        """Take what was said off the page; a notice of which nothing is left goes with it."""
        with self._folder() as folder, self._locked(folder):
            before = self._read(folder)
            found = find_update(before.entries, posted.remote_id)
            if found is None:
                return
            notice = found[0].about.notice
            after = without(before.entries, posted.remote_id)
            self._write(folder, before, after, {notice})
            if all(one.about.notice != notice for one in after):
                folder.remove(f"notices/{notice}.html")

    def refresh(self) -> Refreshed:
        """Write the page anew if a notice moved to another part of it by time alone, or if what
        was set of it changed.

        Raises:
            PostFailed: the page cannot be had now.
        """
        with self._folder() as folder:
            before = self._read(folder)
            now = self._now()
            is_old = bool(before.look) and before.look != look_mark(self._look)
            is_due = is_old or bool(before.moved(now))
            if is_due:
                with self._locked(folder):
                    before = self._read(folder)
                    self._write(folder, before, before.entries, set())
        moves = [at for one in before.entries if (at := one.moves_at(now)) is not None]
        return Refreshed(is_written=is_due, next_at=min(moves, default=None))

    def preview(self, text: Text) -> Preview:
        """Give what the page would say."""
        return preview_of(limits_of(self._channel), text.title, (text.html,))

    def _put(self, text: Text, before_handing_over: BeforeHandingOver) -> Posted:
        with self._folder() as folder, self._locked(folder):
            before = self._read(folder)
            entries = with_text(before.entries, text, self._now())
            before_handing_over()
            notice = text.about.notice if text.about else text.reference
            self._write(folder, before, entries, {notice})
        posted = self._posted(entries, text.reference)
        if posted is None:
            raise PostFailed(
                f"{self._channel.name} holds more than it can; take old notices off the page.",
                is_final=True,
            )
        return posted

    def _read(self, folder: PageFolder) -> Standing:
        content = folder.read(_STATE, _MOST_BYTES)
        return Standing() if content is None else from_json(content)

    def _write(
        self, folder: PageFolder, before: Standing, entries: tuple[Entry, ...], notices: set[str]
    ) -> None:
        """Write what changed: over a long way each file takes its time."""
        now = self._now()
        only = notices | before.moved(now) if before.look == look_mark(self._look) else None
        folder.make_folder("notices")
        for path, content in page_files(entries, self._look, now, only).items():
            folder.write(path, content)

    def _posted(self, entries: tuple[Entry, ...], reference: str) -> Posted | None:
        found = find_update(entries, reference)
        if found is None:
            return None
        return Posted(remote_id=reference, link=link_of(self._look, *found))

    @contextmanager
    def _folder(self) -> Iterator[PageFolder]:
        """Give the folder; whatever fails in it can be tried again without harm."""
        try:
            with self._opened() as folder:
                yield folder
        except PostFailed:
            raise
        except ConsoleError as error:
            raise PostFailed(f"{self._channel.name}: {error.sentence}") from error

    @contextmanager
    def _locked(self, folder: PageFolder) -> Iterator[None]:
        now = self._now()
        ours = {"host": socket.gethostname(), "pid": os.getpid(), "at": now.isoformat()}
        mark = json.dumps(ours).encode()
        if not folder.create(_LOCK, mark):
            is_left = _is_left(folder.read(_LOCK, 1000), now)
            if is_left:
                folder.remove(_LOCK)
            if not is_left or not folder.create(_LOCK, mark):
                raise PostFailed(
                    f"Another program writes {self._channel.name} just now; it is tried again.",
                    pause_s=_PAUSE_S,
                )
        try:
            yield
        finally:
            folder.remove(_LOCK)


def _is_left(content: bytes | None, now: datetime) -> bool:
    """Whether whoever made a lock is gone: a process of this machine that ended, or long ago."""
    if content is None:
        return True
    try:
        found = json.loads(content)
        made = datetime.fromisoformat(found["at"])
        if found["host"] == socket.gethostname() and not psutil.pid_exists(int(found["pid"])):
            return True
        return not -_LOCK_ENDS < now - made < _LOCK_ENDS
    except (ValueError, KeyError, TypeError):
        return True
