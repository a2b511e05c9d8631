"""Where a notice is told for the story of notices: every place real that can be had here.

A WordPress with MariaDB and nginx, an sshd whose folder an nginx serves, a Postfix that takes the
mails; Bluesky and Discourse are fakes written from their documentation (`tests/notices/fakes`).
The program runs as it is, each time as a process of its own, on a clock that is set ahead.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.nginx import served
from tests.notices.fakes import fake_bluesky, fake_discourse
from tests.postfix import PASSWORD, USER, Postfix
from tests.sshd import Sshd
from tests.wordpress import WordPressSite, wordpress

_BUG = "met a bug of its own"
_ROOT = Path(__file__).parents[1]
_PATIENCE_S = 120.0
CONTACTS = """email;name;customer;language;zone
anna@example.com;Anna Müller;"Müller, Söhne & Co.";de;Europe/Berlin
birch@example.com;"Birch ""The Baker"" 🥐";Birch Bakery;en;America/New_York
layla@example.com;مطعم الياسمين;Jasmine;en;Asia/Dubai
away@example.com;Away;Somebody else;en;
"""
SITES = ("mueller.example=Müller, Söhne & Co.", "birch.example=Birch Bakery", "j.example=Jasmine")
CONCERNED = 3
SOCIAL, FORUM, NEWS, PAGE, MAIL = "Bluesky", "Forum", "News", "Status page", "Mail"
CHANNELS = (PAGE, NEWS, MAIL, FORUM, SOCIAL)


class StoryBroke(RuntimeError):
    """A step of the story did not come to be."""


class Stage:
    """The places and the program's store. `ahead` is how far its clock is set ahead."""

    def __init__(self, folder: Path) -> None:
        """Prepare; `open` starts everything."""
        self.folder = folder
        self.ahead = timedelta()
        self._started = ExitStack()
        self.wordpress: WordPressSite
        self.postfix: Postfix
        self.page_url = ""

    def open(self) -> None:
        """Start every place."""
        keep = self._started.enter_context
        self.wordpress = keep(wordpress())
        pages = self.folder / "pages"
        pages.mkdir()
        self.sshd = Sshd(self.folder / "sshd", options={"Subsystem": "sftp internal-sftp"}).start()
        self._started.callback(self.sshd.stop)
        self.page_url = keep(served(pages, self.folder / "nginx"))
        self.postfix = Postfix()
        self._started.callback(self.postfix.remove)
        self.postfix.start()
        self.bluesky, self.discourse = fake_bluesky.FakeBluesky(), fake_discourse.FakeDiscourse()
        self._started.callback(self.bluesky.close)
        self._started.callback(self.discourse.close)

    def close(self) -> None:
        """End what was started."""
        self._started.close()

    @property
    def now(self) -> datetime:
        """The time the program has."""
        return datetime.now(UTC) + self.ahead

    def go_to(self, at: datetime) -> None:
        """Set the program's clock ahead to a moment."""
        self.ahead = timedelta(seconds=round((at - datetime.now(UTC)).total_seconds()) + 1)

    def environment(self, who: str = "anna") -> dict[str, str]:
        """Give the program's environment: store, secrets, who is at the keyboard."""
        for name in ("home", "config", "state"):
            (self.folder / name).mkdir(exist_ok=True)
        return {
            **os.environ,
            "HOME": str(self.folder / "home"),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_STATE_HOME": str(self.folder / "state"),
            "NOC_CONSOLE_STORE": str(self.folder / "store"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "QT_QPA_PLATFORM": "offscreen",
            "TZ": "Europe/Berlin",
            "LOGNAME": who,
            "SSL_CERT_FILE": str(self.postfix.certificate),
            "STORY_WORDPRESS": self.wordpress.passwords[self.wordpress.editor],
            "STORY_MAIL": PASSWORD,
            "STORY_BLUESKY": fake_bluesky.PASSWORD,
            "STORY_FORUM": fake_discourse.KEY,
        }

    def run(self, *words: str, who: str = "anna", may_exit: tuple[int, ...] = (0,)) -> str:
        """Run one command as somebody; gives what it printed.

        Raises:
            StoryBroke: it ended with another status.
        """
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "bench.set_ahead",
                str(round(self.ahead.total_seconds())),
                *words,
            ],
            cwd=_ROOT,
            env=self.environment(who),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if done.returncode not in may_exit or _BUG in done.stderr:
            said = f"{done.stderr.strip()} {done.stdout.strip()}"
            raise StoryBroke(f"noc-console {' '.join(words)}: {done.returncode} {said}")
        return done.stdout

    def json(self, *words: str, **more: Any) -> Any:
        """Run one command; gives its JSON."""
        return json.loads(self.run(*words, "--json", **more))

    def wait(self, what: str, condition: Callable[[], Any]) -> Any:
        """Give the first true value of a condition."""
        ends_s = time.monotonic() + _PATIENCE_S
        while time.monotonic() < ends_s:
            if found := condition():
                return found
            time.sleep(0.2)
        raise StoryBroke(f"{what} did not come to be")

    def set_up(self) -> None:
        """Enter servers, contacts, ways to support, the mail server and every channel."""
        shown = ("--trust", _fingerprint(self.sshd.host_key.with_suffix(".pub")))
        reach = ("--host", self.sshd.address, "--port", str(self.sshd.port))
        login = ("--user", self.sshd.server().user, "--key", str(self.sshd.key))
        self.run("server", "add", "status1", *reach, *login, *shown)
        sites = [word for site in SITES for word in ("--site", site)]
        self.run("server", "add", "web-07", "--host", "192.0.2.7", "--group", "web", *sites)
        table = self.folder / "clients.csv"
        table.write_text(CONTACTS, encoding="utf-8")
        self.run("contact", "import", str(table), "--yes")
        self.run("notice", "support", "phone:+49 30 1234567", f"page:{self.page_url}")
        relay = ("--host", self.postfix.host, "--port", str(self.postfix.port), "--user", USER)
        password = ("--password-from", "env:STORY_MAIL")
        self.run("recipient", "mail-server", *relay, "--from", "noc@example.com", *password)
        for name, kind, secret, settings in self._channels():
            sets = [word for one in settings.items() for word in ("--set", "=".join(one))]
            self.run("channel", "add", name, kind, *sets, *secret)

    def _channels(self) -> list[tuple[str, str, tuple[str, ...], dict[str, str]]]:
        pages = str(self.folder / "pages")
        full = f"{self.page_url}/notices/{{notice}}.html"
        page = {"address": self.page_url, "server": "status1", "folder": pages}
        page |= {"title": "Example Hosting", "zone": "Europe/Berlin"}
        news = {"address": self.wordpress.url, "user": self.wordpress.editor}
        news |= {"categories": str(self.wordpress.category)}
        mail = {"sender_name": "Example Hosting", "reply_to": "support@example.com"}
        mail |= {"bounces": "bounces@example.com"}
        forum = {"address": self.discourse.url, "category": fake_discourse.CATEGORY}
        social = {"address": self.bluesky.url, "user": fake_bluesky.HANDLE, "full_text_at": full}

        def kept(name: str) -> tuple[str, str]:
            return ("--secret-from", f"env:{name}")

        return [
            (PAGE, "static-site", (), page),
            (NEWS, "wordpress", kept("STORY_WORDPRESS"), news),
            (MAIL, "email", (), mail),
            (FORUM, "discourse", kept("STORY_FORUM"), forum),
            (SOCIAL, "bluesky", kept("STORY_BLUESKY"), social),
        ]


def _fingerprint(public_key: Path) -> str:
    return subprocess.check_output(["ssh-keygen", "-lf", public_key], text=True).split()[1]
