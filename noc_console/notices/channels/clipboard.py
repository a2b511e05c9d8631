"""A place without an interface: a person copies the text there and ticks it off with its link."""

from datetime import datetime
from typing import NoReturn

from noc_console.health.delivery.sending import SendStep, Tell
from noc_console.notices.channels.channel import (
    BeforeHandingOver,
    Channel,
    Posted,
    PostFailed,
    Preview,
)
from noc_console.notices.channels.checking import limits_of, setting_of
from noc_console.notices.channels.previewing import body_of, preview_of
from noc_console.notices.text import Text


class Clipboard:
    """One page where a person posts."""

    def __init__(self, channel: Channel) -> None:
        """Stand for this page."""
        self._channel = channel

    def test(self, tell: Tell) -> str:
        """Say that a person does it."""
        page = setting_of(self._channel, "page")
        tell(SendStep(name="person", ok=True, sentence=f"a person posts at {page}"))
        return "a person posts there"

    def find(self, reference: str) -> Posted | None:
        """Leave it to a person."""
        self._leave(reference)

    def post(
        self, text: Text, at: datetime | None, before_handing_over: BeforeHandingOver
    ) -> Posted:
        """Leave it to a person; nothing was handed over."""
        del at, before_handing_over
        self._leave(text.reference)

    def edit(self, posted: Posted, text: Text) -> Posted:
        """Leave it to a person."""
        del posted
        self._leave(text.reference)

    def delete(self, posted: Posted) -> None:
        """Leave it to a person."""
        self._leave(posted.remote_id)

    def preview(self, text: Text) -> Preview:
        """Give what a person copies."""
        limits = limits_of(self._channel)
        body = body_of(text, limits.form)
        return preview_of(limits, text.title, (body,))

    def _leave(self, reference: str) -> NoReturn:
        raise PostFailed(
            f"{self._channel.name} waits for a person: open {setting_of(self._channel, 'page')}, "
            f"post the text there, and tick it off with its link ({reference}).",
            is_final=True,
        )
