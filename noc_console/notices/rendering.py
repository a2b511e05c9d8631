"""Words a notice for one send: its template, filled in within bounds, as Markdown, HTML and text.

Templates are not trusted: they run in a sandbox in a child process that is killed when it takes
more than its share of time or memory, and what comes back is cleaned here.
"""

from types import TracebackType
from typing import Self

from noc_console.notices.notice import Notice
from noc_console.notices.telling import Telling
from noc_console.notices.text import Text


class Renderer:
    """Words notices. Any thread may use it, one at a time gets its turn; close it at the end."""

    def render(self, notice: Notice, telling: Telling) -> Text:
        """Give a notice's text for one send.

        Raises:
            TemplateFailed: the template cannot be used; the sentence says which and why.
        """
        raise NotImplementedError

    def close(self) -> None:
        """End the child."""

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()
