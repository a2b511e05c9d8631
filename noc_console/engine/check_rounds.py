"""When each server's outside checks are asked again."""

import random
from collections.abc import Callable

from noc_console.engine.picture import Picture
from noc_console.fleet.server import OutsideCheck, ServerKind

EVERY_S = 30.0
EVERY_S_LOOKED_AT = 10.0
CONFIRM_AFTER_S = 5.0
_SPREAD = 0.1
"""Rounds wander by a tenth, so that those which began together do not stay together."""


class CheckRound:
    """The outside checks of one server: they do not depend on its link."""

    def __init__(
        self,
        picture: Picture,
        submit: Callable[[int, OutsideCheck, str], None],
        first_s: float,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Ask first at `first_s`; `chance` gives figures in [0, 1)."""
        self.picture = picture
        self.looked_at = False
        self.next_act_s = first_s if picture.server.checks else float("inf")
        self._submit = submit
        self._chance = chance

    @property
    def label(self) -> str:
        """What the log calls it."""
        return f"{self.picture.server.name}: outside checks"

    def act(self, now_s: float) -> None:
        """Ask each check once; a check still under way is not asked twice (the checker's rule)."""
        server = self.picture.server
        is_here = server.kind is ServerKind.THIS_MACHINE
        for check in server.checks:
            self._submit(server.id, check, "127.0.0.1" if is_here else server.address)
        every_s = EVERY_S_LOOKED_AT if self.looked_at else EVERY_S
        self.next_act_s = now_s + every_s * (1 - _SPREAD + 2 * _SPREAD * self._chance())

    def confirm(self, now_s: float) -> None:
        """Ask once more soon after a check failed: one look is no proof, and a round is long."""
        self.next_act_s = min(self.next_act_s, now_s + CONFIRM_AFTER_S)

    def ask_soon(self, now_s: float) -> None:
        """Ask now: a person asked, or what is to be checked changed."""
        self.next_act_s = now_s if self.picture.server.checks else float("inf")
