"""The headless program: open the store, take the lease, conduct until told to stop."""

import contextlib
import gc
import logging
import os
import signal
from datetime import UTC, datetime
from threading import Event as StopFlag
from threading import Thread, Timer
from types import FrameType

from noc_console.engine.conductor import Conductor
from noc_console.engine.lease import Lease
from noc_console.fleet.records import ensure_this_machine
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

log = logging.getLogger(__name__)


def run_engine(
    location: StoreLocation, *, run_for_s: float | None = None, with_parent: bool = False
) -> int:
    """Watch the fleet of a store until SIGTERM, Ctrl+C or `run_for_s` seconds have passed.

    With `with_parent` it also ends when standard input closes, so that a desk that is killed
    leaves no engine behind. Gives the exit status.

    Raises:
        ConsoleError: when the store cannot be used or another engine watches it.
    """
    stop = StopFlag()
    _stop_on_signals(stop)
    if with_parent:
        Thread(target=_stop_with_parent, args=(stop,), name="parent", daemon=True).start()
    store = open_store(location)
    try:
        lease = Lease(store)
        this_machine = ensure_this_machine(store, datetime.now(UTC))
        if run_for_s is not None:
            timer = Timer(run_for_s, stop.set)
            timer.daemon = True
            timer.start()
        log.info("Watching %s.", location)
        Conductor(store, lease, this_machine.id).run(stop)
        log.info("Stopped.")
    finally:
        store.close()
        gc.freeze()  # else Python's own end looks at each object once more, for half a second
    return 0


def _stop_on_signals(stop: StopFlag) -> None:
    def note(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature signal asks
        stop.set()

    signal.signal(signal.SIGTERM, note)
    signal.signal(signal.SIGINT, note)


def _stop_with_parent(stop: StopFlag) -> None:
    # not sys.stdin.read: Python aborts when a thread still holds that at its end
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    stop.set()
