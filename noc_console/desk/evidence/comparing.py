"""Two exhibits compared: the marked one or the one before, and the one chosen. GUI thread only."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from noc_console.desk.evidence.evidence_reader import EvidenceReader
from noc_console.desk.evidence.evidence_words import clock
from noc_console.fleet.inert import inert
from noc_console.incidents.evidence.evidence import Exhibit


class Comparing(QObject):
    """Remembers which exhibit is marked; `show` is given a tab's title and what changed."""

    def __init__(
        self,
        window: QObject,
        reader: EvidenceReader,
        current: Callable[[], Exhibit | None],
        everything: Callable[[], Sequence[Exhibit]],
        say: Callable[[str], object],
        show: Callable[[str, str], object],
    ) -> None:
        """Have none marked."""
        super().__init__(window)
        self._say = say
        self._reader = reader
        self._current = current
        self._everything = everything
        self._show = show
        self._marked: Exhibit | None = None

    def forget(self) -> None:
        """Another recording is shown: none of its exhibits is marked."""
        self._marked = None

    def mark(self) -> None:
        """Mark the current exhibit: others are compared with it."""
        self._marked = self._current()
        if self._marked is None:
            self._say("Choose an exhibit first.")
            return
        title = inert(self._marked.title)
        self._say(f"Marked: {title} of {clock(self._marked.at)}. Choose another and press D.")

    def compare(self) -> None:
        """Show what changed since the marked exhibit, or the one before of the same kind."""
        after = self._current()
        if after is None:
            self._say("Choose an exhibit first.")
            return
        before = self._marked if self._marked not in {None, after} else self._before(after)
        if before is None:
            self._say("There is none before it of its kind; mark one with M and choose another.")
            return
        if before.number > after.number:
            before, after = after, before
        title = f"&What changed, {clock(before.at)} to {clock(after.at)}"
        self._reader.difference(before, after, lambda text: self._show(title, text))

    def _before(self, after: Exhibit) -> Exhibit | None:
        older = [
            one
            for one in self._everything()
            if one.collector == after.collector and one.number < after.number
        ]
        return older[-1] if older else None
