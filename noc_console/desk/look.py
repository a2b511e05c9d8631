"""The few colours and shapes that pages need, by verdict."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QColor

from noc_console.health.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Shape and colour of each verdict; `faint` is for what is there but says little."""

    shapes: Mapping[Verdict, str]
    colours: Mapping[Verdict, QColor]
    faint: QColor

    def colour(self, verdict: Verdict) -> QColor | None:
        """Give a verdict's colour; none for what is well, which keeps the colour of text."""
        return None if verdict is Verdict.OK else self.colours[verdict]

    def worded(self, verdict: Verdict, words: str) -> str:
        """Give words with the verdict's shape before them."""
        return f"{self.shapes[verdict]}  {words}"
