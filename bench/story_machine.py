"""The web server of the story: a real sshd on a made-up machine whose load does as it is told.

Its `/proc` is written anew each second, as a machine of four cores would tell it; its reboot is
that of `tests.engine.rebootable`: the sshd really goes and comes back as another boot.
"""

import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.engine.rebootable import Rebootable

CORES = 4
CULPRIT = "shop12"
_SCRIPT = "while True:\n    sum(range(100_000))\n"
_HERTZ = 100
_BOOTED_BEFORE_S = 90_000


class StoryMachine(Rebootable):
    """One server; `load` is what it is to show from now on."""

    def __init__(self, folder: Path) -> None:
        """Come up calm."""
        self.load = 0.6
        self._booted_s = time.time() - _BOOTED_BEFORE_S
        self._busy = 0.0
        super().__init__(folder)
        self._culprit = self._start_culprit()
        self._clock = threading.Thread(target=self._run, daemon=True)
        self._clock.start()

    def close(self) -> None:
        """Go down for good."""
        super().close()
        self._clock.join(10)
        self._end_culprit()

    def _start_culprit(self) -> "subprocess.Popen[bytes]":
        """Run what the evidence shall point at: a script of an account that never ends."""
        script = self.folder / "home" / CULPRIT / "public_html" / "cart.php"
        script.parent.mkdir(parents=True)
        script.write_text(_SCRIPT)
        process = subprocess.Popen([sys.executable, script], stdin=subprocess.DEVNULL)
        (self.proc / str(process.pid)).symlink_to(f"/proc/{process.pid}")
        return process

    def _end_culprit(self) -> None:
        self._culprit.kill()
        self._culprit.wait(10)

    def write_memory(self, used_percent: float) -> None:
        """Show so much of 8 GB in use."""
        total = 8_000_000
        free = int(total * (100 - used_percent) / 100)
        self._put("meminfo", f"MemTotal: {total} kB\nMemAvailable: {free} kB\n")

    def _boot(self) -> None:
        super()._boot()
        if self.boots > 1:
            self._end_culprit()
            self._booted_s = time.time()
            self.load = 0.4
        self._tell()

    def _run(self) -> None:
        while not self._ends.wait(1.0):
            self._busy += min(self.load, CORES)
            self._tell()

    def _tell(self) -> None:
        uptime_s = time.time() - self._booted_s
        busy = int(self._busy * _HERTZ) + 1
        idle = int(uptime_s * CORES * _HERTZ) + 1
        running = max(1, round(self.load))
        self._put("uptime", f"{uptime_s:.2f} {idle / _HERTZ:.2f}\n")
        self._put("loadavg", f"{self.load:.2f} {self.load * 0.8:.2f} 0.90 {running}/310 4711\n")
        cores = "".join(f"cpu{n} {busy // CORES} 0 0 {idle // CORES} 0 0 0 0\n" for n in range(4))
        self._put("stat", f"cpu {busy} 0 0 {idle} 0 0 0 0\n{cores}btime {int(self._booted_s)}\n")
        self.write_memory(min(95.0, 30.0 + 4 * self.load))

    def _put(self, name: str, text: str) -> None:
        part = self.proc / f"{name}.story"
        part.write_text(text)
        part.replace(self.proc / name)


class Climb:
    """Load that rises by a straight line, in steps of half a second, until it is stopped."""

    def __init__(self, machine: StoryMachine, climb_s: float, highest: float) -> None:
        """Begin to climb from the load of now."""
        self._machine = machine
        self._rate = (highest - machine.load) / climb_s
        self._highest = highest
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Leave the load where it is."""
        self._ends.set()
        self._thread.join(10)

    def _run(self) -> None:
        began_s, load = time.monotonic(), self._machine.load
        while not self._ends.wait(0.5):
            now = load + self._rate * (time.monotonic() - began_s)
            self._machine.load = min(now, self._highest)
