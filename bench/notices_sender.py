"""A sender of notices in a process of its own, which the bench ends as it likes.

`python -m bench.notices_sender STORE` sends what is due until no mail waits. On standard output it
tells `begun` when it looks for the first time, and its largest memory in kB at its end.
"""

import resource
import sys
import time
from contextlib import closing

import sqlalchemy as sa

from noc_console.engine.notice_work import NoticeWork
from noc_console.notices.posting import OPEN
from noc_console.store.location import StoreLocation
from noc_console.store.schema.notices import mailing
from noc_console.store.store import Store, open_store


def main() -> None:
    """Send until nothing waits."""
    with closing(open_store(StoreLocation.parse(sys.argv[1]))) as store:
        work = NoticeWork(store, pause_s=lambda _tries: 0.2)
        print("begun", flush=True)
        while waits(store):
            work.turn()
            time.sleep(0.25)
        work.close()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, flush=True)


def waits(store: Store) -> bool:
    """Whether any mail is to be sent yet, or none was written down so far."""
    open_states = [state.value for state in OPEN]
    waiting = sa.select(mailing.c.id).where(mailing.c.state.in_(open_states)).limit(1)
    with store.read() as connection:
        if connection.execute(waiting).first() is not None:
            return True
        return connection.execute(sa.select(mailing.c.id).limit(1)).first() is None


if __name__ == "__main__":
    main()
