"""Posts that answer one another: found, written one after the other, and taken up where it broke.

The first post holds the posting's reference and, of several, says `1/3` before it: by that a thread
that is not whole is known from one that is.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from noc_console.notices.channels.channel import BeforeHandingOver, Posted
from noc_console.notices.channels.short import holds_reference

_NUMBER = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A post that is there. `words` hold its addresses whole; `answers` is the id before it."""

    id: str
    words: str
    answers: str = ""
    link: str = ""


class Board(Protocol):
    """A place of short posts."""

    def newest(self) -> Sequence[Written]:
        """Give our own newest posts, in any order."""

    def write(
        self, words: str, chain: Sequence[Written], before: BeforeHandingOver, key: str
    ) -> Written:
        """Write a post that answers the last of `chain`; `key` is its own through every try."""


def find_thread(posts: Sequence[Written], reference: str) -> list[Written]:
    """Give the post with a reference and those that follow it, as far as they are there."""
    first = next((one for one in posts if holds_reference(one.words, reference)), None)
    if first is None:
        return []
    answers = {one.answers: one for one in posts if one.answers}
    chain = [first]
    while (following := answers.get(chain[-1].id)) is not None and following not in chain:
        chain.append(following)
    return chain


def whole(chain: Sequence[Written]) -> Posted | None:
    """Give what was posted, if all of it is there."""
    if not chain:
        return None
    found = _NUMBER.findall(chain[0].words)
    total = next((int(many) for one, many in found if one == "1" and int(many) > 1), 1)
    if len(chain) < total:
        return None
    ids = tuple(one.id for one in chain[:total])
    return Posted(remote_id=ids[0], link=chain[0].link, parts=ids if total > 1 else ())


def write_thread(
    board: Board,
    posts: Sequence[str],
    reference: str,
    before_handing_over: BeforeHandingOver,
    *,
    knows_second: bool,
) -> Posted:
    """Write what of a thread is not there yet; `before_handing_over` is called once.

    A single post is looked for only where the place does not know a second one by itself.

    Raises:
        PostFailed: some of it may be there; another call goes on from where it broke.
    """
    is_looked_for = len(posts) > 1 or not knows_second
    chain = find_thread(board.newest(), reference) if is_looked_for else []
    before = _once(before_handing_over)
    for number in range(len(chain), len(posts)):
        chain.append(board.write(posts[number], chain, before, f"{reference}-{number + 1}"))
    ids = tuple(one.id for one in chain)
    return Posted(remote_id=ids[0], link=chain[0].link, parts=ids if len(ids) > 1 else ())


def _once(act: BeforeHandingOver) -> Callable[[], None]:
    left = [act]

    def do() -> None:
        if left:
            left.pop()()

    return do
