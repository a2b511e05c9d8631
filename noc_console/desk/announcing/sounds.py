"""The sound of an alarm, by how bad it is, played by whatever player this system has.

GUI thread only; nothing is waited for. One sound at a time: a worse one ends the one that plays.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from noc_console.health.verdict import Verdict
from noc_console.resource import resource

PLAYERS: tuple[tuple[str, ...], ...] = (
    ("pw-play",),
    ("paplay",),
    ("aplay", "--quiet"),
    ("afplay",),
)
"""PipeWire, PulseAudio, ALSA, macOS; the first that is there is used."""

_NO_PLAYER = "No player for sounds works here (pw-play, paplay or aplay):"
_FAILS_WITHIN_MS = 700

NOT_AGAIN_WITHIN_S = 8.0
"""The same sound, or a milder one, says nothing new so soon."""

_FILES = {Verdict.DOWN: "down.wav", Verdict.CUT_OFF: "cut-off.wav"}
_OTHERS = "early.wav"


def sound_file(verdict: Verdict) -> Path:
    """Give the sound of a verdict."""
    return resource("sounds", _FILES.get(verdict, _OTHERS))


class Sounds:
    """Plays sounds; close it at the end, so that no player outlives the window."""

    def __init__(
        self,
        find: Callable[[str], str | None] = shutil.which,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Look for a player."""
        self._clock = clock
        self._players: list[Sequence[str]] = [
            (path, *rest) for name, *rest in PLAYERS if (path := find(name)) is not None
        ]
        self._playing: subprocess.Popen[bytes] | None = None
        self._last: tuple[float, Verdict] | None = None

    @property
    def state(self) -> str:
        """What plays the sounds, as a sentence."""
        if self._players:
            return f"Sounds are played by {Path(self._players[0][0]).name}."
        if sys.platform == "win32":
            return "Sounds are played by Windows."
        return f"{_NO_PLAYER} the desktop’s beep is used."

    def play(self, verdict: Verdict) -> bool:
        """Play the sound of a verdict; tell whether it was worth playing so soon."""
        now_s = self._clock()
        if self._last is not None:
            last_s, last = self._last
            if now_s - last_s < NOT_AGAIN_WITHIN_S and verdict.urgency >= last.urgency:
                return False
        self._last = now_s, verdict
        self._begin(sound_file(verdict))
        return True

    def close(self) -> None:
        """End what plays."""
        if self._playing is not None and self._playing.poll() is None:
            self._playing.kill()
            self._playing.wait()
        self._playing = None

    def _begin(self, file: Path) -> None:
        self.close()
        if sys.platform == "win32":
            import winsound

            winsound.PlaySound(str(file), winsound.SND_FILENAME | winsound.SND_ASYNC)
            return
        if not self._players:
            QApplication.beep()
            return
        try:
            process = subprocess.Popen(
                [*self._players[0], str(file)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError:  # it was there a moment ago
            self._go_to_next(file)
            return
        self._playing = process
        QTimer.singleShot(_FAILS_WITHIN_MS, lambda: self._look_after(process, file))

    def _look_after(self, process: subprocess.Popen[bytes], file: Path) -> None:
        """A player may be there though what it plays through (PipeWire, PulseAudio) is not."""
        if process is self._playing and process.poll() not in {None, 0}:
            self._go_to_next(file)

    def _go_to_next(self, file: Path) -> None:
        self._players.pop(0)
        self._begin(file)
