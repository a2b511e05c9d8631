"""A notice as it is worded for one send, one language and one kind of channel. Pure.

The template made it; a channel posts it. The three long forms say the same.
"""

import re
from dataclasses import dataclass
from datetime import datetime

_MARK = re.compile(r"[a-z0-9][a-z0-9-]{0,47}")


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What one notice is, for a page that sorts notices into current, planned and past.

    `notice` is the notice's mark, the same for all its postings, of a-z, 0-9 and dashes. `state`
    is the word readers see, such as "planned", "under way", "investigating" or "done".
    """

    notice: str
    is_planned: bool
    state: str
    starts_at: datetime
    ends_at: datetime | None = None
    """None: nobody knows yet."""
    is_over: bool = False
    zone: str = "UTC"

    def __post_init__(self) -> None:
        """Refuse a mark that could be no file's name: pages are called by it."""
        if not _MARK.fullmatch(self.notice):
            raise ValueError("a notice's mark is 1 to 48 of a-z, 0-9 and dashes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What is posted. `title` and `summary` are single lines of plain text.

    `summary` is for channels with few characters: it says all that matters and fits their limits.
    `html` is a fragment that was cleaned: no script, no style, no form, only safe links.
    `reference` is the same for each try of one posting and different for each posting, such as
    `n42-week-before-3`: by it a channel finds what went out before.
    """

    title: str
    summary: str
    markdown: str
    html: str
    plain: str
    reference: str
    about: About | None = None
