"""One send of a notice: what is true at the time it goes, beside the notice itself. Pure."""

from dataclasses import dataclass
from datetime import datetime

from noc_console.notices.channels.channel import Form, Limits
from noc_console.notices.notice import Notice, PlannedSend, Send

WHOLE = Limits(form=Form.MARKDOWN, has_title=True)
"""Of a channel that takes whatever there is to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One send, for one language, one zone and one kind of channel.

    `language` and `zone` are the reader's; empty means the notice's own. `at` is when it goes:
    what is left until the start is counted from it.
    """

    send: Send
    at: datetime
    reference: str = ""
    mark: str = ""
    """The notice's own mark, the same in all its postings; empty in a preview."""
    language: str = ""
    zone: str = ""
    limits: Limits = WHOLE
    servers: tuple[str, ...] = ()
    """The names of the servers it is about."""
    is_first: bool = False
    """Whether customers hear of it for the first time: then short notice is admitted."""
    words: str = ""
    """What a person has to say with this send: the update, why it was cancelled, what was wrong."""
    before: Notice | None = None
    """What customers were told last, where this send takes it back or changes it."""
    ended_at: datetime | None = None
    """When the work was really over."""
    link: str = ""
    """Where the whole text can be read, for channels with few characters."""
    shows_gaps: bool = False
    """Whether what is missing shows as a gap, for who composes it; customers never see one."""
    planned: PlannedSend | None = None
    """A title and text that a person wrote for this send instead of the template's."""
