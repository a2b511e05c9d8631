"""The child that fills templates in, as its owner sees it: asked, waited for, killed when it must.

The child is not trusted: what it says is bounded and read as JSON, no more.
"""

import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO

import psutil

import noc_console
from noc_console.errors import ConsoleError

ANSWERS_WITHIN_S = 0.7
"""A request has so much time, unless the machine kept the child from running."""
NEVER_LONGER_S = 10.0
_STARTS_WITHIN_S = 60.0
_HARDLY_RAN_S = 0.2
_LOOK_AGAIN_S = 0.2
MOST_REQUEST = 8 * 2**20
_MOST_ANSWER = 4 * 2**20
_LENGTH = struct.Struct(">I")
FROZEN_WORD = "fill-in-templates"
"""With this word a frozen program becomes the child; see `packaging/frozen_start.py`."""


class TemplateFailed(ConsoleError):
    """A template that cannot be used; the sentence says which and why."""


class TemplateProcess:
    """One child, begun when it is first asked and again after it died. One thread at a time."""

    def __init__(self) -> None:
        """Prepare; nothing runs yet."""
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The child's process id; None where none runs."""
        return self._process.pid if self._process is not None else None

    def ask(self, request: dict[str, Any], name: str) -> dict[str, Any]:
        """Give the child's answer for a template; `name` is for the sentence.

        Raises:
            TemplateFailed: the template cannot be used, or ended the child.
        """
        told = json.dumps(request).encode()
        if len(told) > MOST_REQUEST:
            raise TemplateFailed(f"The template {name} and those it could include are too long.")
        process = self._started()
        watch = _Watch(process, ANSWERS_WITHIN_S)
        try:
            answer = _exchange(process, _LENGTH.pack(len(told)) + told)
        finally:
            watch.stop()
        if answer is None:
            raise TemplateFailed(f"The template {name} {self._why_ended()}; mend it.")
        if not isinstance(answer, dict) or "refused" in answer:
            why = answer.get("refused") if isinstance(answer, dict) else "it made no text"
            raise TemplateFailed(
                f"The template {name} cannot be used: {str(why)[:400].rstrip('.')}."
            )
        return answer

    def close(self) -> None:
        """End the child."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close(pipe)

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        self._process = subprocess.Popen(
            _child_words(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_surroundings(),
            start_new_session=True,
        )
        watch = _Watch(self._process, _STARTS_WITHIN_S)
        ready = _exchange(self._process, b"")
        watch.stop()
        if ready is None:
            self.close()
            raise TemplateFailed(
                "Templates cannot be filled in: the process for it did not start. Try again; if it"
                " stays so, the machine lacks memory."
            )
        return self._process

    def _why_ended(self) -> str:
        process = self._process
        code = process.wait() if process is not None else 0
        self.close()
        if code in {-signal.SIGKILL, -getattr(signal, "SIGPROF", 0)} and code:
            return "takes too long and was stopped"
        return "ended the process it was filled in by"


class _Watch:
    """Kills a process that does not answer in time; given more where the machine is to blame."""

    def __init__(self, process: "subprocess.Popen[bytes]", within_s: float) -> None:
        self._process = process
        self._is_done = threading.Event()
        self._ran_before_s = _ran_s(process.pid)
        self._last = time.monotonic() + max(within_s, NEVER_LONGER_S)
        self._thread = threading.Thread(target=self._look, args=(within_s,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Watch no more."""
        self._is_done.set()
        self._thread.join()

    def _look(self, within_s: float) -> None:
        wait_s = within_s
        while not self._is_done.wait(wait_s):
            wait_s = _LOOK_AGAIN_S
            ran_s = _ran_s(self._process.pid) - self._ran_before_s
            if ran_s > _HARDLY_RAN_S or time.monotonic() > self._last:
                self._process.kill()
                return


def _ran_s(pid: int) -> float:
    """How long a process had the processor, in seconds."""
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def _exchange(process: "subprocess.Popen[bytes]", request: bytes) -> Any:
    """Send a request and give the answer; None where the child ended or spoke nonsense."""
    if process.stdin is None or process.stdout is None:
        return None
    try:
        process.stdin.write(request)
        process.stdin.flush()
        head = process.stdout.read(_LENGTH.size)
        size = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else _MOST_ANSWER + 1
        return json.loads(process.stdout.read(size)) if size <= _MOST_ANSWER else None
    except (OSError, ValueError):
        return None


def _close(pipe: BinaryIO | Any) -> None:
    try:
        pipe.close()
    except OSError:  # what was still to be written has nobody to read it
        return


def _child_words() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, FROZEN_WORD]
    return [sys.executable, "-s", "-P", "-m", "noc_console.notices.template_child"]


def _surroundings() -> dict[str, str]:
    """Nothing of our own environment but what a program needs to start: no secret in it."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "PATH", "TMP") if name in os.environ}
    root = str(Path(noc_console.__file__).parents[1])
    return kept | {"PYTHONPATH": root, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
