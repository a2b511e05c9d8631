"""An account whose posts are short, answer one another, go at once and are never changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from noc_console.notices.channels.account import Account
from noc_console.notices.channels.channel import BeforeHandingOver, Posted, PostFailed, Preview
from noc_console.notices.channels.checking import limits_of, setting_of
from noc_console.notices.channels.early import refuse_early
from noc_console.notices.channels.previewing import preview_of
from noc_console.notices.channels.short import short_posts
from noc_console.notices.channels.thread import Written, find_thread, whole, write_thread
from noc_console.notices.text import Text


class ThreadAccount(Account):
    """What such accounts have in common; what their place asks for is in the class of each."""

    place: ClassVar[str]
    knows_second: ClassVar[bool]
    """Whether the place refuses a post that says the same as another."""

    def newest(self) -> Sequence[Written]:
        """Give our newest posts, with their addresses whole."""
        raise NotImplementedError

    def write(
        self, words: str, chain: Sequence[Written], before: BeforeHandingOver, key: str
    ) -> Written:
        """Write one post."""
        raise NotImplementedError

    def find(self, reference: str) -> Posted | None:
        """Look through our newest posts."""
        return whole(find_thread(self.newest(), reference))

    def post(
        self, text: Text, at: datetime | None, before_handing_over: BeforeHandingOver
    ) -> Posted:
        """Post at once: such a place keeps nothing for later."""
        refuse_early(self._channel, at, self._now())
        return write_thread(
            self,
            self._posts(text),
            text.reference,
            before_handing_over,
            knows_second=self.knows_second,
        )

    def edit(self, posted: Posted, text: Text) -> Posted:  # noqa: ARG002
        """Refuse: a correction is a post of its own."""
        raise PostFailed(
            f"{self._channel.name}: {self.place} does not let us change a post; post a correction.",
            is_final=True,
        )

    def preview(self, text: Text) -> Preview:
        """Give the posts as they would be."""
        return preview_of(limits_of(self._channel), "", self._posts(text))

    def _posts(self, text: Text) -> tuple[str, ...]:
        full_text_at = setting_of(self._channel, "full_text_at")
        return short_posts(text, limits_of(self._channel), full_text_at)
