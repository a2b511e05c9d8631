"""The staff's chat or phones, through apprise: it says whether it went, and no more.

What is in doubt stays so: a chat cannot be asked, and says nothing about a message's address.
"""

from datetime import datetime

from noc_console.health.delivery.chat import InvalidChat, masked, send_chat
from noc_console.health.delivery.sending import SendFailed, SendStep, Tell, tell_nobody
from noc_console.health.delivery.text import Message
from noc_console.notices.channels.account import Account
from noc_console.notices.channels.channel import (
    BeforeHandingOver,
    CannotAsk,
    Posted,
    PostFailed,
    Preview,
)
from noc_console.notices.channels.checking import limits_of
from noc_console.notices.channels.early import refuse_early
from noc_console.notices.channels.previewing import preview_of
from noc_console.notices.text import Text


class Chat(Account):
    """One room or phone."""

    def test(self, tell: Tell) -> str:
        """Read the address; whether it is right shows only with a message."""
        try:
            shown = masked(self._secret()[0])
        except InvalidChat as error:
            raise PostFailed(error.sentence, is_final=True) from error
        tell(SendStep(name="address", ok=True, sentence=f"it is one of {shown}"))
        words = "not tried: a chat shows only by a message whether it takes one"
        tell(SendStep(name="login", ok=True, sentence=words))
        return "its address can be read; send a test notice to see one arrive"

    def find(self, reference: str) -> Posted | None:
        """Refuse: a chat cannot be asked."""
        raise CannotAsk(
            f"{self._channel.name} cannot be asked whether it has {reference}; look there."
        )

    def post(
        self, text: Text, at: datetime | None, before_handing_over: BeforeHandingOver
    ) -> Posted:
        """Send it."""
        refuse_early(self._channel, at, self._now())
        message = Message(subject=text.title, body=text.plain, alarm_ids=(), is_urgent=False)
        try:
            send_chat(message, self._secret()[0], tell_nobody, before_handing_over)
        except SendFailed as failure:
            raise PostFailed(
                failure.sentence, is_final=failure.is_final, pause_s=failure.pause_s
            ) from failure
        return Posted(remote_id=text.reference)

    def edit(self, posted: Posted, text: Text) -> Posted:  # noqa: ARG002
        """Refuse: what was said is said."""
        raise PostFailed(
            f"{self._channel.name} lets nothing be changed; say what is right in a new message.",
            is_final=True,
        )

    def delete(self, posted: Posted) -> None:  # noqa: ARG002
        """Refuse: what was said is said."""
        raise PostFailed(
            f"{self._channel.name} lets nothing be taken away; say what is right in a new message.",
            is_final=True,
        )

    def preview(self, text: Text) -> Preview:
        """Give the message as it would be."""
        return preview_of(limits_of(self._channel), text.title, (text.plain,))
