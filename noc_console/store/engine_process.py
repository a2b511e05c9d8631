"""Whether an engine's process still runs: known only of engines of this machine.

A heartbeat tells of a killed engine only when its lease has run out; on its own machine one need
not wait for that.
"""

import os
import socket
from typing import Protocol

_COMMAND = "engine"
"""A word of each engine's command line; a process that has it not took over the number."""


class Started(Protocol):
    """What was noted of an engine when it started."""

    @property
    def host(self) -> str:
        """The machine it was started on."""

    @property
    def pid(self) -> int:
        """The number of its process there."""


def is_gone(engine: Started) -> bool:
    """Whether an engine ran on this machine and its process is no more, as after a kill.

    When a process began is not asked: that figure moves when somebody sets the clock. A process
    that asks of its own number is there.
    """
    if engine.host != socket.gethostname() or engine.pid == os.getpid():
        return False
    import psutil  # takes longer than most commands that ask

    try:
        process = psutil.Process(engine.pid)
        return process.status() == psutil.STATUS_ZOMBIE or _COMMAND not in process.cmdline()
    except psutil.NoSuchProcess:
        return True
    except psutil.Error:
        return False
