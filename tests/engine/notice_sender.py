"""Senders of notices on a test's store, whose clock and channels the test holds."""

from datetime import timedelta

from noc_console.engine.notice_work import NoticeWork
from noc_console.notices.notice import Send
from noc_console.notices.posting import Act
from noc_console.notices.posting_rows import postings_of
from tests.engine.running import wait_until
from tests.notices.outbox import START, Boards, Clock, Wording

WEEK = START - timedelta(days=7)
DAY = START - timedelta(days=1)
LONG_BEFORE = START - timedelta(days=20)


class Sender:
    """Senders of one store, with the far ends of its channels."""

    def __init__(self, store):
        self.store = store
        self.clock = Clock(LONG_BEFORE)
        self.boards = Boards()
        self.wording = Wording()
        self._works = []
        self.work = self.start()

    def start(self, plan_time=None):
        """Give another sender on the same store."""
        work = NoticeWork(
            self.store,
            wall=self.clock,
            plan_time=plan_time or self.clock,
            way_of=self.boards,
            renderer=self.wording,
            pause_s=lambda _tries: 60.0,
        )
        self._works.append(work)
        return work

    def go(self, work=None, *, at=None):
        """Let a sender do all that is due."""
        work = work or self.work
        self.clock.now = at or self.clock.now
        for _ in range(3):  # what one look begins may make the next have something to do
            work.look()
            wait_until(lambda: work.is_idle, every_s=0.01)

    def states(self, notice_id, channel=None):
        """Give each send's state, of one channel."""
        return {
            Send(one.send): one.state
            for one in postings_of(self.store, notice_id)
            if one.act is Act.POST and channel in {None, one.channel_name}
        }

    def close(self):
        for work in self._works:
            work.close()
