"""A notice as it is worded for one send, one language and one kind of channel. Pure.

The template made it; a channel posts it. The three long forms say the same.
"""

from dataclasses import dataclass


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
