"""Outside checks in the background: one thread, one event loop, many checks at once."""

import asyncio
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from noc_console.fleet.server import OutsideCheck
from noc_console.telemetry.outside.check import run_check
from noc_console.telemetry.service import CheckResult

AT_ONCE = 200
STOP_S = 1.0


class OutsideChecker:
    """Runs checks; `callback(server_id, result)` is called on the checker's own thread."""

    def __init__(
        self,
        callback: Callable[[int, CheckResult], None],
        *,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Start the thread; call `stop` at the end."""
        self._callback = callback
        self._wall = wall
        self._under_way: dict[tuple[int, OutsideCheck], asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(AT_ONCE)
        self._loop = _CheckLoop()
        self._thread = threading.Thread(target=self._run, name="outside-checks", daemon=True)
        self._thread.start()

    def submit(self, server_id: int, check: OutsideCheck, address: str) -> None:
        """Ask once, from any thread; what is still under way is not asked twice."""
        self._loop.call_soon_threadsafe(self._begin, server_id, check, address)

    def stop(self) -> None:
        """Drop what is under way without a result, and end within a second."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(STOP_S)

    def _begin(self, server_id: int, check: OutsideCheck, address: str) -> None:
        key = server_id, check
        if key not in self._under_way:
            task = self._loop.create_task(self._ask(server_id, check, address))
            self._under_way[key] = task  # the loop itself holds tasks weakly

    async def _ask(self, server_id: int, check: OutsideCheck, address: str) -> None:
        try:
            async with self._room:
                result = await run_check(check, address, now=self._wall())
        finally:
            self._under_way.pop((server_id, check), None)
        self._callback(server_id, result)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.get_loop().run_forever()


class _CheckLoop(asyncio.SelectorEventLoop):
    """A loop that looks each name up on a daemon thread of its own.

    The usual pool has a few threads only, so that some names whose name servers are dead would
    hold up every check; and a program that ends waits for the pool's look-ups.
    """

    async def getaddrinfo(
        self,
        host: bytes | str | None,
        port: bytes | str | int | None,
        *,
        family: int = 0,
        type: int = 0,  # noqa: A002 - the name asyncio calls it by
        proto: int = 0,
        flags: int = 0,
    ) -> list[Any]:
        """Give what `socket.getaddrinfo` gives, or raise what it raises."""
        found: asyncio.Future[list[Any]] = self.create_future()

        def give(addresses: list[Any], failure: Exception | None) -> None:
            if found.done():
                return
            if failure is not None:
                found.set_exception(failure)
            else:
                found.set_result(addresses)

        def look_up() -> None:
            addresses: list[Any] = []
            failure: Exception | None = None
            try:
                addresses = socket.getaddrinfo(host, port, family, type, proto, flags)
            except (OSError, UnicodeError) as error:
                failure = error
            try:
                self.call_soon_threadsafe(give, addresses, failure)
            except RuntimeError:
                return  # the loop has ended; nobody waits

        threading.Thread(target=look_up, name=f"look-up {host!r}", daemon=True).start()
        return await found
