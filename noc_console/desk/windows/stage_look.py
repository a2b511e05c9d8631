"""How the stages of a window look: a shape, a word and a colour each."""

from PySide6.QtGui import QColor

from noc_console.desk.context import Colours
from noc_console.health.verdict import Verdict
from noc_console.incidents.windows.window import Stage

SHAPES = {
    Stage.PLANNED: "○",
    Stage.RUNNING: "□",
    Stage.OVERRUN: "◆",
    Stage.OVER: "✓",
    Stage.CANCELLED: "✕",
}


def stage_words(stage: Stage) -> str:
    """Give the shape and the word."""
    return f"{SHAPES[stage]}  {stage.value}"


def stage_colour(stage: Stage, colours: Colours) -> QColor:
    """Give the colour in which a stage is drawn."""
    if stage is Stage.OVERRUN:
        return colours.look.colours[Verdict.CUT_OFF]
    if stage is Stage.RUNNING:
        return colours.look.colours[Verdict.IN_MAINTENANCE]
    if stage is Stage.PLANNED:
        return QColor(colours.graph_colours.accent)
    return colours.look.faint
