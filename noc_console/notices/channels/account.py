"""What every way of posting with a login holds."""

from collections.abc import Callable
from datetime import UTC, datetime

from noc_console.notices.channels.channel import Channel


class Account:
    """A channel, where its secret is found, and the time. One thread owns it.

    The secret is asked for at each call and kept nowhere.
    """

    def __init__(
        self,
        channel: Channel,
        secret: Callable[[], tuple[str, ...]],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Take what `secret` gives as the kind of the channel has it."""
        self._channel = channel
        self._secret = secret
        self._now = now
