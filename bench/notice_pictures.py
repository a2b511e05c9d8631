"""Pictures of the story of notices: pages of the program, web pages, a mail as its reader sees it.

Web pages are drawn by a real Chromium, the mail by a real Thunderbird, where they are installed.
Without a folder nothing is drawn.
"""

import shutil
import subprocess
import tempfile
import time
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from bench.notice_stage import Stage
from tests.end_to_end.screen import Screen, screen, wait_for

SIZE = (1366, 768)
_DRAWN_WITHIN_S = 90.0
_RECEIVER = "anna@example.com"
_SETTLED_S = 3.0
_QUIET_READER = (
    'user_pref("mail.provider.suppress_dialog_on_startup", true);',
    'user_pref("mail.shell.checkDefaultClient", false);',
    'user_pref("mail.rights.version", 1);',
    'user_pref("mail.spotlight.firstRunDone", true);',
    'user_pref("mailnews.start_page.enabled", false);',
    'user_pref("datareporting.policy.dataSubmissionPolicyBypassNotification", true);',
    'user_pref("app.donation.eoy.version.viewed", 999);',
)


class Pictures:
    """Draws into a folder; `made` names what was drawn."""

    def __init__(self, out: Path | None) -> None:
        """Draw into `out`, or nothing at all."""
        self.made: list[str] = []
        self._out = out
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)

    def of_page(self, stage: Stage, page: str, name: str) -> None:
        """Draw a page of the program, as it stands at the program's time, light and dark."""
        if self._out is None:
            return
        for theme in ("light", "dark"):
            place = self._out / f"{name}-{theme}.png"
            size = "x".join(map(str, SIZE))
            stage.run(
                *("screenshot", "--page", page, "--size", size),
                *("--theme", theme, "--out", str(place)),
            )
            self.made.append(place.name)

    def of_screen(self, shown: Screen, name: str) -> None:
        """Draw a whole screen as it is."""
        if self._out is None or shutil.which("import") is None:
            return
        time.sleep(_SETTLED_S)  # what is drawn by other programs says not when it is whole
        place = self._out / f"{name}.png"
        subprocess.run(
            ["import", "-window", "root", place], env=shown.environment, check=True, timeout=60
        )
        self.made.append(place.name)

    def of_web(self, address: str, name: str) -> None:
        """Draw a web page in Chromium."""
        chromium = shutil.which("chromium")
        if self._out is None or chromium is None:
            return
        place = self._out / f"{name}.png"
        with tempfile.TemporaryDirectory(prefix="noc-web-") as profile:
            subprocess.run(
                [
                    *(chromium, "--headless=new", "--no-sandbox", "--disable-gpu"),
                    *("--hide-scrollbars", f"--user-data-dir={profile}"),
                    *(f"--window-size={SIZE[0]},{2 * SIZE[1]}", f"--screenshot={place}", address),
                ],
                capture_output=True,
                timeout=_DRAWN_WITHIN_S,
                check=False,
            )
        if place.exists():
            self.made.append(place.name)

    def of_mail(self, maildir: Path, name: str) -> None:
        """Draw the first mail with an invitation as it stands in the reader's program."""
        if self._out is None or not (shutil.which("thunderbird") and shutil.which("import")):
            return
        mail = _first_with_invitation(maildir)
        with tempfile.TemporaryDirectory(prefix="noc-mail-") as home, screen() as shown:
            place = Path(home) / "notice.eml"
            place.write_bytes(mail)
            (Path(home) / "user.js").write_text("\n".join(_QUIET_READER))
            reader = subprocess.Popen(
                ["thunderbird", "--no-remote", "--profile", home, place],
                env=shown.environment | {"HOME": home, "TZ": "Europe/Berlin"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            try:
                subject = str(message_from_bytes(mail, policy=default)["Subject"])
                wait_for(lambda: shown.window(subject[:20]), _DRAWN_WITHIN_S)
                shown.spread(subject[:20])
                self.of_screen(shown, f"{name}-in-thunderbird")
            finally:
                reader.terminate()
                reader.wait(30)


def _first_with_invitation(maildir: Path) -> bytes:
    for file in sorted(maildir.glob("new/*")):
        content = file.read_bytes()
        message = message_from_bytes(content, policy=default)
        kinds = [part.get_content_type() for part in message.walk()]
        if _RECEIVER in str(message["To"]) and "text/calendar" in kinds:
            return content
    raise AssertionError("no mail has an invitation")
