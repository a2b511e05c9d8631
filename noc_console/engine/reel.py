"""One loop of the flight recorder on one server: opened, asked, read, given up, opened again.

Owned by the conductor's thread; opening and closing happen on workers. What a collector gives is
handed on while it arrives, so that a server that dies half-way leaves half.
"""

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from noc_console.errors import ConsoleError
from noc_console.incidents.evidence.collecting import LoopReader, Mark, Marked
from noc_console.incidents.evidence.collectors import Collector, ask_line, loop_script
from noc_console.incidents.evidence.evidence import Ending

READY_WITHIN_S = 20.0
AGAIN_AFTER_S = 20.0
GRACE_S = 4.0
"""What a collector may take beyond its deadline before the loop is given up as hung."""

PART_EVERY_S = 1.0
"""How often what has arrived of an unfinished collector is handed on."""

_NO_FORK = re.compile(rb"cannot fork|fork: retry|fork: resource|resource temporarily unavailable")
_STOPPED = frozenset({124, 137, 143})
"""What timeout(1) and a kill leave as the exit status."""


class Shell(Protocol):
    """A shell that reads lines: `links.stream.Stream` or `links.local_shell.LocalShell`."""

    def send(self, line: bytes) -> bool:
        """Send a line without waiting; false when it is not taken."""

    def close(self) -> None:
        """End it."""


Opener = Callable[[bytes, Callable[[bytes], None], Callable[[object], None]], Shell]
"""Start a shell with a script; on a worker. Raises LinkFailure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """What one collector gave, so far or in the end."""

    collector: Collector
    number: int
    at: datetime
    took_s: float
    ending: Ending
    exit_status: int | None
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The reel's ways to the outside."""

    submit: Callable[[Callable[[], None]], None]
    """Have a worker do something."""
    post: Callable[[Callable[[], None]], None]
    """Have something done on the conductor's thread; from any thread."""
    clock: Callable[[], float]
    keep: Callable[[Take], None]
    absent: Callable[[Collector, str], None]
    failed: Callable[[str], None]
    """A loop could not be opened, and why."""
    number: Callable[[], int]


@dataclass(slots=True)
class _Asked:
    collector: Collector
    at: datetime
    asked_s: float
    told_s: float
    number: int | None = None
    content: bytes = b""
    told_bytes: int = 0
    status: int | None = None
    is_over: bool = False


class Reel:
    """One loop with the collectors it knows. `ask` it while it `is_idle`."""

    def __init__(self, chosen: Sequence[Collector], around: Around) -> None:
        """Stand closed."""
        self.chosen = tuple(chosen)
        self.cannot_fork_s = float("-inf")
        """When it was last seen that the server starts no process."""
        self.slow_s = float("-inf")
        """When a collector last took more than half of its time."""
        self.hung: dict[str, float] = {}
        """When collectors by name last made the loop hang."""
        self._around = around
        self._shell: Shell | None = None
        self._reader: LoopReader | None = None
        self._asked: _Asked | None = None
        self._generation = 0
        self._sequence = 0
        self._opening_since_s: float | None = None
        self._may_open_s = 0.0

    @property
    def is_idle(self) -> bool:
        """Whether it can be asked."""
        return (
            self._shell is not None
            and self._reader is not None
            and self._reader.is_ready
            and (self._asked is None)
        )

    @property
    def is_open(self) -> bool:
        """Whether there is a loop."""
        return self._shell is not None

    @property
    def is_closed(self) -> bool:
        """Whether there is no loop, and none is being opened."""
        return self._shell is None and self._opening_since_s is None

    def open_with(self, opener: Opener, now_s: float) -> None:
        """Have a worker start the loop, unless it was tried a moment ago."""
        if not self.is_closed or now_s < self._may_open_s:
            return
        self._generation += 1
        generation = self._generation
        nonce = secrets.token_hex(8)
        self._reader = LoopReader(nonce)
        self._opening_since_s = now_s
        self._may_open_s = now_s + AGAIN_AFTER_S
        script = loop_script(self.chosen, nonce)
        post = self._around.post

        def on_bytes(content: bytes) -> None:
            post(lambda: self._take(generation, content))

        def on_end(_failure: object) -> None:
            post(lambda: self._end(generation))

        def work() -> None:
            try:
                shell = opener(script, on_bytes, on_end)
            except ConsoleError as error:
                sentence = error.sentence
                post(lambda: self._fail(generation, sentence))
            else:
                post(lambda: self._opened(generation, shell))

        self._around.submit(work)

    def ask(self, collector: Collector, now_s: float, now: datetime) -> bool:
        """Ask for one collector; tell whether the loop took the line."""
        if not self.is_idle or self._shell is None:
            return False
        self._sequence += 1
        if not self._shell.send(ask_line(self._sequence, collector)):
            return False
        self._asked = _Asked(collector, now, now_s, now_s)
        return True

    def watch(self, now_s: float) -> None:
        """Hand on what has arrived, and give the loop up when it hangs."""
        asked = self._asked
        if asked is not None:
            if now_s - asked.asked_s > asked.collector.deadline_s + GRACE_S:
                self.hung[asked.collector.name] = now_s
                self.close(Ending.HUNG)
            elif now_s - asked.told_s >= PART_EVERY_S and len(asked.content) > asked.told_bytes:
                asked.told_s, asked.told_bytes = now_s, len(asked.content)
                self._keep(asked, Ending.ARRIVING)
        elif self._is_late(now_s):
            self.close(Ending.HUNG)

    def close(self, ending: Ending, *, may_open_s: float | None = None) -> None:
        """End the loop; what has arrived of an unfinished collector is kept."""
        self._generation += 1
        asked, self._asked = self._asked, None
        shell, self._shell = self._shell, None
        self._reader, self._opening_since_s = None, None
        if may_open_s is not None:
            self._may_open_s = may_open_s
        if asked is not None and (asked.content or ending is Ending.HUNG):
            self._keep(asked, ending)
        if shell is not None:
            self._around.submit(shell.close)

    def _is_late(self, now_s: float) -> bool:
        since_s = self._opening_since_s
        is_ready = self._reader is not None and self._reader.is_ready
        return since_s is not None and not is_ready and now_s - since_s > READY_WITHIN_S

    def _opened(self, generation: int, shell: Shell) -> None:
        if generation != self._generation:
            self._around.submit(shell.close)
            return
        self._shell = shell
        if self._reader is not None and self._reader.is_ready:
            self._opening_since_s = None

    def _fail(self, generation: int, sentence: str) -> None:
        if generation == self._generation:
            self._around.failed(sentence)
            self.close(Ending.LINK_LOST)

    def _end(self, generation: int) -> None:
        if generation == self._generation:
            self.close(Ending.LINK_LOST)

    def _take(self, generation: int, content: bytes) -> None:
        if generation != self._generation or self._reader is None:
            return
        try:
            steps = self._reader.feed(content)
        except ConsoleError:
            self.close(Ending.CUT)
            return
        if _NO_FORK.search(content.lower()) and len(content) < 2000:
            self.cannot_fork_s = self._around.clock()
        if self._reader.is_ready and self._shell is not None:
            self._opening_since_s = None
        for step in steps:
            if isinstance(step, bytes):
                self._take_content(step)
            else:
                self._take_mark(step)

    def _take_content(self, content: bytes) -> None:
        asked = self._asked
        if asked is not None and asked.number is not None and not asked.is_over:
            room = asked.collector.max_bytes - len(asked.content)
            asked.content += content[: max(0, room)]

    def _take_mark(self, told: Marked) -> None:
        asked = self._asked
        if asked is None or (told.mark is not Mark.STATUS and told.number != self._sequence):
            return
        if told.mark is Mark.ABSENT:
            self._asked = None
            self._around.absent(asked.collector, told.words or "not there")
        elif told.mark is Mark.BEGIN:
            asked.number = self._around.number()
        elif told.mark is Mark.STATUS:
            asked.status, asked.is_over = told.number, True
        elif told.mark is Mark.END:
            self._asked = None
            self._keep(asked, self._ending_of(asked))

    def _ending_of(self, asked: _Asked) -> Ending:
        took_s = self._around.clock() - asked.asked_s
        if took_s > asked.collector.deadline_s / 2:
            self.slow_s = self._around.clock()
        if asked.status is None:
            return Ending.CUT
        is_stopped = asked.status in _STOPPED and took_s >= asked.collector.deadline_s * 0.8
        return Ending.TIMED_OUT if is_stopped else Ending.WHOLE

    def _keep(self, asked: _Asked, ending: Ending) -> None:
        if asked.number is None:
            asked.number = self._around.number()
        self._around.keep(
            Take(
                collector=asked.collector,
                number=asked.number,
                at=asked.at,
                took_s=self._around.clock() - asked.asked_s,
                ending=ending,
                exit_status=asked.status,
                content=asked.content,
            )
        )
