"""A channel: where notices are posted, and what every way of posting can do.

Pure: no I/O, no clock.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol

from noc_console.errors import ConsoleError
from noc_console.health.delivery.sending import Tell
from noc_console.notices.text import Text

NAME_LENGTH = 80


class InvalidChannel(ConsoleError):
    """Something about a channel cannot be; the sentence says what may be."""


class ChannelKind(Enum):
    """What a channel is."""

    EMAIL = "email"
    WORDPRESS = "wordpress"
    STATIC_SITE = "static site"
    DISCOURSE = "discourse"
    WEBHOOK = "webhook"
    WHMCS = "whmcs"
    X = "x"
    FACEBOOK = "facebook"
    MASTODON = "mastodon"
    BLUESKY = "bluesky"
    LINKEDIN = "linkedin"
    CLIPBOARD = "clipboard"
    CHAT = "chat"


class Form(Enum):
    """Which form of a text a channel takes."""

    HTML = "html"
    MARKDOWN = "markdown"
    PLAIN = "plain"
    SHORT = "short"
    """The summary: what has no room for the whole text."""


class Counting(Enum):
    """How a channel counts a text's length."""

    CHARACTERS = "characters"
    WEIGHTED = "weighted characters"
    """As X does: wide scripts and emoji count two, an address 23."""
    GRAPHEMES = "graphemes"
    """As Bluesky does: what a reader sees as one sign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a channel's posts may be. A `most` of 0 sets no bound."""

    form: Form
    most: int = 0
    counting: Counting = Counting.CHARACTERS
    title_most: int = 0
    has_title: bool = False
    most_posts: int = 1
    """How many posts a text may be cut into, each an answer to the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One place where notices are posted. `id` is 0 until the store has given one.

    `secret` says where the engine finds the secret (`keyring:NAME`, `file:/path`, `env:NAME`); it
    is never the secret itself.
    """

    id: int = 0
    name: str
    kind: ChannelKind
    settings: Mapping[str, str] = field(default_factory=dict)
    secret: str = ""
    brand: str = ""
    """Only notices of this brand; empty: of every brand."""
    language: str = ""
    """The language its posts are in; empty: the notice's own."""
    is_paused: bool = False

    def __post_init__(self) -> None:
        """Refuse a name that cannot be.

        Raises:
            InvalidChannel: with what may be.
        """
        if not self.name.strip() or len(self.name) > NAME_LENGTH or not self.name.isprintable():
            raise InvalidChannel(f"Give a name of 1 to {NAME_LENGTH} printable characters.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A posting that is there: what the channel calls it, and where it can be seen.

    `parts` are the ids of all posts of a thread, the first one first; empty for one post.
    """

    remote_id: str
    link: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a channel would show. `counts` are the lengths of `posts` as the channel counts."""

    title: str
    posts: tuple[str, ...]
    form: Form
    counts: tuple[int, ...]
    most: int = 0
    warnings: tuple[str, ...] = ()


class PostFailed(ConsoleError):
    """A posting did not go, or nobody knows whether it did.

    `is_final`: trying again will not help. `pause_s`: not before that many seconds. `is_in_doubt`:
    the channel may have it; ask `find` before another try.
    """

    def __init__(
        self,
        sentence: str,
        *,
        is_final: bool = False,
        pause_s: float = 0.0,
        is_in_doubt: bool = False,
    ) -> None:
        """Say why, in one sentence."""
        super().__init__(sentence)
        self.is_final = is_final
        self.pause_s = pause_s
        self.is_in_doubt = is_in_doubt


class CannotAsk(PostFailed):
    """A channel that nobody can ask for a posting; only a person who looks there can say."""

    def __init__(self, sentence: str) -> None:
        """Say where to look."""
        super().__init__(sentence, is_final=True, is_in_doubt=True)


BeforeHandingOver = Callable[[], None]


class Way(Protocol):
    """How one channel is posted to. Blocks: for a worker's thread. Every method but `preview` may
    raise PostFailed.
    """

    def test(self, tell: Tell) -> str:
        """Prove login and rights without posting, step by step; gives what came of it."""

    def find(self, reference: str) -> Posted | None:
        """Give the posting with this reference if the channel has it; may raise CannotAsk."""

    def post(
        self, text: Text, at: datetime | None, before_handing_over: BeforeHandingOver
    ) -> Posted:
        """Post a text; with a time to come, where the channel publishes by itself, for that time.

        `before_handing_over` is called once, just before the request after which the channel may
        have it.
        """

    def edit(self, posted: Posted, text: Text) -> Posted:
        """Give a posting another text."""

    def delete(self, posted: Posted) -> None:
        """Take a posting away; one that is gone already is no failure."""

    def preview(self, text: Text) -> Preview:
        """Give what the channel would show. Sends nothing and needs no secret."""
