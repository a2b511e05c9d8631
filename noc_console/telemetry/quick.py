"""Frames to samples for one server: quickly those laid out as the ones before. Pure.

What looks different in any way, or holds a figure that asks for a decision (a counter that went
back, a reboot), is read by `parse`, which knows every case. A layout is followed only where it
gave the same as `parse` did for the frame it was learnt from.
"""

from datetime import datetime

from noc_console.telemetry.follower import LAYOUTS_SHARED, Follower, follower
from noc_console.telemetry.frame import Frame
from noc_console.telemetry.layout import Groups, Unlike, layout_of
from noc_console.telemetry.parse import read_sample
from noc_console.telemetry.reading import Counters
from noc_console.telemetry.sample import Missing, Sample

MOST_TRIES = 12
"""A server whose frames are never alike is not learnt any further."""

MOST_FOLLOWED = 4
"""Ways in which one server's frames are laid out: usually two, each sixth frame tells more."""

_OF_THE_LAYOUT = {Missing.NOT_ON_THIS_SERVER, Missing.NOT_IN_THIS_TICK}
"""Why a value is missing for as long as frames look alike."""


class SampleReader:
    """Reads the frames of one server in order, from one connection on."""

    def __init__(self, server_id: int) -> None:
        """Begin before the first frame."""
        self._server_id = server_id
        self.before: Counters | None = None
        """The counters of the frame read last."""
        self._followers: tuple[Follower, ...] = ()
        self._tries = MOST_TRIES

    def quick(self, content: bytes, sequence: int, at: datetime) -> Sample | None:
        """Give the sample of bytes that are the whole frame of this sequence and look as before.

        Where they are anything else it gives None and remembers nothing of them.
        """
        fitting = self._fitting(content)
        if fitting is None or self.before is None:
            return None
        one, groups = fitting
        if not groups[0] == b"%d" % sequence == groups[-1]:
            return None
        found = one.read(groups, self.before, self._server_id, at)
        if found is None:
            return None
        sample, self.before = found
        self._tries = MOST_TRIES
        return sample

    def read(self, frame: Frame, at: datetime) -> Sample:
        """Give what a frame tells, and learn how it is laid out.

        Raises:
            OutputNotUnderstood: the frame does not even tell the uptime.
        """
        before = self.before
        sample, self.before = read_sample(frame, before, self._server_id, at)
        is_steady = not sample.rebooted and _OF_THE_LAYOUT.issuperset(sample.missing.values())
        if before is not None and is_steady and frame.text and self._tries:
            self._tries -= 1
            self._learn(frame.text, before, (sample, self.before))
        return sample

    def _fitting(self, content: bytes) -> tuple[Follower, Groups] | None:
        """Give who follows a frame's layout, with what is in its groups; None: nobody."""
        for one in self._followers:
            groups = one.groups_of(content)
            if groups is not None:
                return one, groups
        return None

    def _learn(self, text: str, before: Counters, understood: tuple[Sample, Counters]) -> None:
        content, words = text.encode(), len(text.split())
        if self._fitting(content) is not None:
            return  # it is known, but something in it asked for a decision
        found = _usual.get(words)  # most servers look like one that was learnt before
        if found is None or not _gives(found, content, before, understood):
            found = _follower_of(text, understood[0])
            if found is None or not _gives(found, content, before, understood):
                return
            if len(_usual) < LAYOUTS_SHARED or words in _usual:
                _usual[words] = found
        self._followers = (found, *self._followers)[:MOST_FOLLOWED]


_usual: dict[int, Follower] = {}
"""Of each number of words the follower learnt last: to learn a layout costs as much as reading ten
frames, and to find that one fits as much as reading one.
"""


def _follower_of(text: str, sample: Sample) -> Follower | None:
    try:
        return follower(layout_of(text), (*sample.values,), (*sample.missing.items(),))
    except Unlike:
        return None


def _gives(
    one: Follower, content: bytes, before: Counters, understood: tuple[Sample, Counters]
) -> bool:
    """Whether it understands a frame as the whole parser did."""
    sample, _ = understood
    groups = one.groups_of(content) if one.has_order(sample) else None
    if groups is None:
        return False
    return one.read(groups, before, sample.server_id, sample.at) == understood
