"""What both ways of sending share: a step told, and a failure that says whether to try again."""

from collections.abc import Callable
from dataclasses import dataclass

from noc_console.errors import ConsoleError


@dataclass(frozen=True, slots=True, kw_only=True)
class SendStep:
    """One step of sending and how it went."""

    name: str
    ok: bool
    sentence: str


Tell = Callable[[SendStep], None]


def tell_nobody(_step: SendStep) -> None:
    """Take a step and do nothing with it."""


class SendFailed(ConsoleError):
    """A message did not go. `is_final`: trying again will not help; `pause_s`: not before that."""

    def __init__(self, sentence: str, *, is_final: bool = False, pause_s: float = 0.0) -> None:
        """Say why, in one sentence."""
        super().__init__(sentence)
        self.is_final = is_final
        self.pause_s = pause_s
