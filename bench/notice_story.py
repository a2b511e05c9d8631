"""A notice of planned work, from the empty page to done: `python -m bench.notice_story`.

One person composes it in the real window, by keys; a second one approves it; every send goes at its
time over every channel of `bench.notice_stage`; the work is postponed before it begins and extended
while it goes on; then the whole ledger is written out. Nothing is called but the program. `--out`
keeps the ledger and pictures. Exit status 1 when a step does not come to be.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.notice_pictures import Pictures
from bench.notice_stage import CHANNELS, MAIL, NEWS, Stage, StoryBroke
from tests.end_to_end.screen import Screen, screen

ZONE = "Europe/Berlin"
MINUTES, LONGER = 30, 30
POSTPONED_BY = timedelta(days=2)
_WEEK, _DAY = timedelta(days=7), timedelta(days=1)
_ENDS_WITHIN_S = 5.0
_HOURS_BEFORE = timedelta(hours=20)
_WORDPRESS_IS_ASKED = timedelta(minutes=2)


@dataclass(slots=True)
class NoticeStory:
    """One telling. `told` has the ledger and what else came of it."""

    folder: Path
    pictures: Pictures
    told: dict[str, Any] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    _stage: Stage = field(init=False)
    _began_s: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        """Prepare the stage."""
        self._stage = Stage(self.folder)

    def say(self, words: str) -> None:
        """Note a step with the seconds since the story began, and the program's time."""
        at = self._stage.now.astimezone(ZoneInfo(ZONE))
        line = f"{time.monotonic() - self._began_s:6.1f} s  {at:%a %Y-%m-%d %H:%M %Z}  {words}"
        self.steps.append(line)
        print(line, flush=True)

    def tell(self) -> None:
        """Go through it from the empty page to the ledger.

        Raises:
            StoryBroke: a step did not come to be.
        """
        stage = self._stage
        try:
            stage.open()
            self.say("WordPress, sshd, nginx, Postfix and the fakes of Bluesky and Discourse run")
            stage.set_up()
            for channel in CHANNELS:
                stage.run("channel", "test", channel)
            self.say(f"channels, contacts and servers are entered; {len(CHANNELS)} channels proven")
            start = self._first_start()
            self._compose(start)
            self._approve()
            start = self._before(start)
            self._under_way(start)
            self._prove()
        finally:
            stage.close()

    def _first_start(self) -> datetime:
        """Give 02:00 by the wall, in nine days and a bit."""
        day = datetime.now(ZoneInfo(ZONE)) + timedelta(days=10)
        return day.replace(hour=2, minute=0, second=0, microsecond=0).astimezone(UTC)

    def _compose(self, start: datetime) -> None:
        """Compose it in the window, by keys alone; the store is looked at for what came of each."""
        stage = self._stage
        with screen() as shown, self._window(shown):
            shown.press("ctrl+8")
            shown.focus("^Notices – noc-console$")
            began_s = time.monotonic()
            shown.press("Insert")
            stage.wait("a draft", lambda: stage.json("notice", "list")["notices"])
            shown.press("ctrl+b")
            shown.type("Secur")
            shown.press("Return")
            self._wait_for("title", lambda title: title.startswith("Security updates"))
            shown.press("F8")
            shown.type(f"{start.astimezone(ZoneInfo(ZONE)):%a %Y-%m-%d %H:%M}")
            self._wait_for("start", bool)
            shown.press("F8")
            shown.type("web-07")
            self._wait_for("servers", lambda names: names == ["web-07"])
            stage.wait("seven lit lamps", self._is_complete)
            self.told["composed_s"] = time.monotonic() - began_s
            self.say(f"composed by keys in {self.told['composed_s']:.1f} s; seven lamps are lit")
            self.pictures.of_screen(shown, "composer-in-its-window")
            shown.press("ctrl+Return")
            stage.wait("a frozen version", self._is_frozen)
        self.pictures.of_page(stage, "notice:1", "composer")
        self.pictures.of_page(stage, "notice:1/plan", "plan")
        self.told["preview"] = stage.run("notice", "preview", "1", "--channel", MAIL)
        self.say("previewed; frozen, and waiting for a second person")

    @contextmanager
    def _window(self, shown: Screen) -> Any:
        stage = self._stage
        environment = stage.environment() | {
            name: shown.environment[name] for name in ("DISPLAY", "QT_QPA_PLATFORM")
        }
        with (self.folder / "desk.log").open("wb") as log:
            desk = subprocess.Popen(
                [sys.executable, "-m", "noc_console", "desk"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            shown.focus("^Fleet – noc-console$")
            yield
            self._stage.wait("the end of the window", lambda: _is_left(shown, desk))
        finally:
            if desk.poll() is None:
                desk.kill()
                desk.wait(30)

    def _wait_for(self, name: str, is_right: Any) -> None:
        def look() -> bool:
            return bool(is_right(self._stage.json("notice", "show", "1")[name]))

        self._stage.wait(f"the {name} in the draft", look)

    def _is_complete(self) -> bool:
        told = self._stage.json("notice", "check", "1", may_exit=(0, 1))
        return bool(told["is_complete"])

    def _is_frozen(self) -> bool:
        return bool(self._stage.json("notice", "ledger", "1", may_exit=(0, 1))["versions"])

    def _approve(self) -> None:
        told = self._stage.json("notice", "approve", "1", who="ben")
        if not told["is_approved"]:
            raise StoryBroke("a second person could not approve it")
        self.say(f"approved by ben, {told['planned']} postings planned")

    def _before(self, start: datetime) -> datetime:
        """Send a week and a day before, postpone, and a day before again; gives the new start."""
        stage = self._stage
        stage.run("notice", "send-due")  # what WordPress publishes by itself is handed over now
        self.say("WordPress was handed its posts for later")
        self._send("a week before", start - _WEEK)
        stage.go_to(start - _DAY - timedelta(hours=1))
        self.pictures.of_page(stage, "sending", "outbox")
        self._send("a day before", start - _DAY)
        stage.go_to(start - _HOURS_BEFORE)
        later = start + POSTPONED_BY
        wall = f"{later.astimezone(ZoneInfo(ZONE)):%Y-%m-%dT%H:%M}"
        why = "A part for the repair arrives late."
        stage.run("notice", "postpone", "1", "--to", wall, "--why", why)
        self._send("the new date, to all who were told the old one", stage.now)
        self._send("a day before the new start", later - _DAY)
        return later

    def _under_way(self, start: datetime) -> None:
        """Send the start, an update, the extension and the end."""
        stage = self._stage
        self._send("the start", start)
        stage.go_to(start + timedelta(minutes=15))
        stage.run("notice", "update", "1", "The new system starts; checks go on.")
        self._send("an update", stage.now)
        stage.go_to(start + timedelta(minutes=25))
        why = ("--why", "The check of the file systems takes longer.")
        stage.run("notice", "extend", "1", "--minutes", str(LONGER), *why)
        self._send("the later end", stage.now)
        self.pictures.of_web(f"{stage.page_url}/index.html", "status-page")
        stage.go_to(start + timedelta(minutes=50))
        stage.run("notice", "resolve", "1", "Thank you for your patience.")
        self._send("that it is done", stage.now)

    def _send(self, what: str, at: datetime) -> None:
        """Have what is due at a time sent; WordPress publishes what it was handed by itself."""
        stage = self._stage
        if at > stage.now:
            stage.go_to(at)
        postings = self._postings_after_sending()
        if any(one["channel"] == NEWS for one in self._waiting(postings)):
            stage.wordpress.let_time_pass_until(at)
            stage.go_to(stage.now + _WORDPRESS_IS_ASKED)
            postings = self._postings_after_sending()
        if waiting := self._waiting(postings):
            left = [f"{one['channel']} {one['send']} {one['words']}" for one in waiting]
            raise StoryBroke(f"{what} did not go: {left}")
        went = sum(one["state"] == "sent" for one in postings)
        self.say(f"{what}: sent everywhere ({went} postings so far)")

    def _postings_after_sending(self) -> list[dict[str, Any]]:
        """Have what is due sent, and give every posting as it is then."""
        self._stage.run("notice", "send-due", may_exit=(0, 1))
        found: list[dict[str, Any]] = self._stage.json("notice", "ledger", "1")["postings"]
        return found

    def _waiting(self, postings: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Give the postings whose time has come and that are not over."""
        now = self._stage.now
        return [
            one
            for one in postings
            if one["next"] is not None
            and datetime.fromisoformat(one["publishes"] or one["due"]) <= now
        ]

    def _prove(self) -> None:
        stage = self._stage
        for form in ("html", "pdf", "csv"):
            place = str(self.folder / f"ledger.{form}")
            stage.run("notice", "ledger", "1", "--out", place)
        self.told["ledger"] = stage.json("notice", "ledger", "1")
        self.told["mails"] = stage.postfix.mails()
        self.told["topics"] = list(stage.discourse.topics.values())
        self.told["posts"] = list(stage.bluesky.records.values())
        self.told["news"] = stage.wordpress.query(
            "SELECT post_title FROM wp_posts WHERE post_type = 'post' AND post_status = 'publish'"
        )
        whole = "whole" if self.told["ledger"]["is_whole"] else "NOT WHOLE"
        self.say(f"the ledger is written as HTML, PDF and CSV; its chain is {whole}")
        self.pictures.of_page(stage, "ledger:1", "ledger")
        self.pictures.of_page(stage, "sending", "outbox-after")
        links = {one["channel"]: one["link"] for one in self.told["ledger"]["postings"]}
        self.pictures.of_web(links[NEWS], "wordpress")
        self.pictures.of_web(f"{stage.page_url}/index.html", "status-page-after")
        self.pictures.of_mail(stage.postfix.maildir("box"), "mail")
        if self.pictures.made:
            self.say(f"pictures: {', '.join(self.pictures.made)}")


def _is_left(shown: Screen, desk: "subprocess.Popen[bytes]") -> bool:
    """Leave the window by its keys; what still stands before it takes the first of them."""
    shown.press("Escape", "ctrl+q")
    try:
        desk.wait(_ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        return False
    return True


def main(words: Sequence[str] | None = None) -> int:
    """Tell the story; gives the exit status."""
    parser = argparse.ArgumentParser(prog="bench.notice_story", description=__doc__)
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="keep ledger and pictures here")
    arguments = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="noc-notice-") as folder:
        story = NoticeStory(folder=Path(folder), pictures=Pictures(arguments.out))
        try:
            story.tell()
        except StoryBroke as broke:
            print(f"The story broke: {broke}", file=sys.stderr)
            return 1
        finally:
            if arguments.out is not None:
                _keep(story, arguments.out)
    return 0


def _keep(story: NoticeStory, out: Path) -> None:
    (out / "story.txt").write_text("\n".join(story.steps) + "\n", encoding="utf-8")
    for made in story.folder.glob("ledger.*"):
        (out / made.name).write_bytes(made.read_bytes())


if __name__ == "__main__":
    sys.exit(main())
