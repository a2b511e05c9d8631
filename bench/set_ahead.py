"""The program on a clock set ahead: `python -m bench.set_ahead SECONDS WORDS`.

Only what `datetime.now` says is set ahead, in this process; the clock of the machine stays.
libfaketime 0.9.10 would set it for everything, but has the sleeps of Python 3.11 fail
(clock_nanosleep(2) with EINVAL), and takes ten times as long where threads wait for one another.
"""

import datetime as dt
import sys
from typing import Any

_TRUE = dt.datetime
_AHEAD = dt.timedelta(seconds=int(sys.argv.pop(1)) if __name__ == "__main__" else 0)


class _Kind(type):
    """Moments are of the true kind: whoever asks for ours is told that they are."""

    def __instancecheck__(cls, one: object) -> bool:
        return isinstance(one, _TRUE)

    def __subclasscheck__(cls, kind: type) -> bool:
        return issubclass(kind, _TRUE)


class _SetAhead(_TRUE, metaclass=_Kind):
    """Makes moments as datetime does, but for now."""

    def __new__(cls, *told: Any, **named: Any) -> Any:
        return _TRUE(*told, **named)

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Any:
        return _TRUE.now(tz) + _AHEAD


if __name__ == "__main__":
    dt.datetime = _SetAhead  # type: ignore[misc]  # before anything imports it
    from noc_console.cli.main import main

    sys.exit(main())
