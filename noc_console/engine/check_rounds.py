"""When each server's outside checks are asked again."""

from collections.abc import Callable

from noc_console.engine.picture import Picture
from noc_console.fleet.server import OutsideCheck

EVERY_S = 30.0
EVERY_S_LOOKED_AT = 10.0


class CheckRound:
    """The outside checks of one server: they do not depend on its link."""

    def __init__(
        self, picture: Picture, submit: Callable[[int, OutsideCheck, str], None], first_s: float
    ) -> None:
        """Ask first at `first_s`, spread by the conductor so that a start is no volley."""
        self.picture = picture
        self.looked_at = False
        self.next_act_s = first_s if picture.server.checks else float("inf")
        self._submit = submit

    @property
    def server_id(self) -> int:
        """The server whose ports are asked."""
        return self.picture.server.id

    def act(self, now_s: float) -> None:
        """Ask each check once; a check still under way is not asked twice (the checker's rule)."""
        server = self.picture.server
        for check in server.checks:
            self._submit(server.id, check, server.address or "127.0.0.1")
        self.next_act_s = now_s + (EVERY_S_LOOKED_AT if self.looked_at else EVERY_S)
