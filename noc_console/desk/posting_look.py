"""How the state of a posting or of a mail looks, everywhere: a shape, its word, a colour. Pure."""

from PySide6.QtGui import QColor

from noc_console.desk.look import Look
from noc_console.health.verdict import Verdict
from noc_console.notices.posting import PostingState

SHAPES = {
    PostingState.QUEUED: "○",
    PostingState.SENDING: "◔",
    PostingState.COMMITTING: "◔",
    PostingState.SCHEDULED: "◷",
    PostingState.BY_HAND: "◆",
    PostingState.SENT: "✔",
    PostingState.IN_DOUBT: "◆",
    PostingState.DELAYED: "▲",
    PostingState.BOUNCED: "▲",
    PostingState.FAILED: "■",
    PostingState.SUPPRESSED: "–",
    PostingState.SUPERSEDED: "–",
    PostingState.MISSED: "■",
}
VERDICTS = {
    PostingState.FAILED: Verdict.DOWN,
    PostingState.MISSED: Verdict.DOWN,
    PostingState.IN_DOUBT: Verdict.CUT_OFF,
    PostingState.BY_HAND: Verdict.CUT_OFF,
    PostingState.DELAYED: Verdict.EARLY,
    PostingState.BOUNCED: Verdict.EARLY,
}
"""The verdict whose colour a state takes; none for what is well."""
_GONE = frozenset({PostingState.SUPPRESSED, PostingState.SUPERSEDED})


def state_text(state: PostingState) -> str:
    """Give a state with its shape."""
    return f"{SHAPES[state]}  {state.value}"


def state_colour(state: PostingState, look: Look) -> QColor | None:
    """Give the colour of a state; none for what is well."""
    if state in _GONE:
        return look.faint
    verdict = VERDICTS.get(state)
    return None if verdict is None else look.colours[verdict]
