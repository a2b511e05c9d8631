"""A real screen with a window manager, and a person's hands on keyboard and mouse."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Found = TypeVar("Found")
SIZE = "1366x768x24"
EVERY_WINDOW = ("search", "--onlyvisible", "--name", ".+")


def wait_for(look: Callable[[], Found], seconds: float = 60.0, *, every_s: float = 0.1) -> Found:
    """Look until there is something, and give it."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"it did not happen within {seconds} s"
        time.sleep(every_s)
    return found


class Screen:
    """One X display of our own."""

    def __init__(self, display: str) -> None:
        self.environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        self.environment.pop("WAYLAND_DISPLAY", None)

    @property
    def has_window_manager(self) -> bool:
        """Whether the window manager has begun to work (EWMH: it tells the number of desktops)."""
        return self._do("get_num_desktops").strip() not in {"", "0"}

    def window(self, title: str) -> str:
        """Give the id of the visible window with that title (a regular expression), or nothing."""
        found = self._do("search", "--onlyvisible", "--name", title)
        return found.split("\n")[0]

    def focus(self, title: str) -> None:
        """Wait for a window and give it the keyboard."""
        try:
            wait_for(lambda: self._is_focused(title))
        except AssertionError as error:
            seen = [self._do("getwindowname", one) for one in self._do(*EVERY_WINDOW).split()]
            raise AssertionError(f"{title} has no keyboard; on the screen: {seen}") from error

    def _is_focused(self, title: str) -> bool:
        """Ask for the keyboard again and again: the window manager may not know the window yet."""
        window = self.window(title)
        if window and self._do("getwindowfocus").strip() == window:
            return True
        if window:
            self._do("windowactivate", window)
        return False

    def spread(self, title: str) -> None:
        """Wait for a window and make it as large as the screen."""
        window = wait_for(lambda: self.window(title))
        self._do("windowmove", window, "0", "0", "windowsize", window, "100%", "100%")

    def press(self, *keys: str) -> None:
        """Press keys one after another, such as `ctrl+k`."""
        self._do("key", "--delay", "50", *keys)

    def type(self, text: str, *, key_s: float = 0.01) -> None:
        """Type a text, so many seconds a key (xdotool waits half of its delay)."""
        self._do("type", "--delay", str(round(key_s * 2000)), text)

    def click(self, title: str, x: int, y: int) -> None:
        """Click into a window."""
        window = wait_for(lambda: self.window(title))
        self._do("mousemove", "--window", window, str(x), str(y), "click", "1")

    def _do(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        return done.stdout


@contextmanager
def screen() -> Iterator[Screen]:
    """Start the display and its window manager, and end both."""
    told, say = os.pipe()
    server = subprocess.Popen(
        # Without -noreset it ends who connects just when its last client leaves.
        ["Xvfb", "-displayfd", str(say), "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset"],
        pass_fds=[say],
        stderr=subprocess.DEVNULL,
    )
    os.close(say)
    try:
        with os.fdopen(told) as number:
            shown = Screen(f":{number.readline().strip()}")
        windows = subprocess.Popen(
            ["openbox"],
            env=shown.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(lambda: shown.has_window_manager)
            yield shown
        finally:
            windows.terminate()
            windows.wait(10)
    finally:
        server.terminate()
        server.wait(10)
