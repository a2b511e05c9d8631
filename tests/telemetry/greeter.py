"""A small TCP server on 127.0.0.1 that says what a test tells it, asked by one outside check."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from noc_console.fleet.server import CheckKind, OutsideCheck
from noc_console.telemetry.outside.check import run_check
from noc_console.telemetry.service import CheckResult
from tests.conftest import NOW


@dataclass
class Greeter:
    """Says `first`, then one of `replies` for each thing it hears; then closes or is silent."""

    first: bytes
    replies: Sequence[bytes] = ()
    then_closes: bool = True
    heard: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        try:
            writer.write(self.first)
            for reply in self.replies:
                self.heard.append(await reader.read(4096))
                writer.write(reply)
            if not self.then_closes or self.replies:
                self.heard.append(await reader.read(4096))
        except ConnectionError:
            return
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    def asked(
        self, kind: CheckKind, *, path: str = "", timeout_s: float = 5.0, **fields: object
    ) -> CheckResult:
        """Give what the check sees of this server."""
        return asyncio.run(self._asked(kind, path, timeout_s, fields))

    async def _asked(
        self, kind: CheckKind, path: str, timeout_s: float, fields: dict[str, object]
    ) -> CheckResult:
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            check = OutsideCheck(kind=kind, target=f"{port}{path}", **fields)  # type: ignore[arg-type]
            return await run_check(check, "127.0.0.1", now=NOW, timeout_s=timeout_s)
