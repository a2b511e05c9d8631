"""Testing a connection, for an order or for the command line: the real one, told step by step."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from noc_console.engine.opening import UnknownJump, route_to
from noc_console.errors import ConsoleError
from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.records import list_servers
from noc_console.fleet.secrets import SecretKind, get_secret
from noc_console.fleet.serial import failure_to_json, server_from_json
from noc_console.fleet.server import Server
from noc_console.links.accepted_keys import known_keys
from noc_console.links.connection_test import Outcome, try_connection
from noc_console.links.failures import link_failure
from noc_console.links.ssh import LinkFailure, SshConnection, Step
from noc_console.store.orders import Order, report
from noc_console.store.store import Store
from noc_console.telemetry.frame import FrameReader
from noc_console.telemetry.parse import read_sample
from noc_console.telemetry.probe import Part, one_frame_script

PROBE_DEADLINE_S = 15.0
PROBE_MAX_BYTES = 256 * 1024


class ConnectionTester:
    """Tests connections for orders; may be used from several workers at once."""

    def __init__(self, store: Store) -> None:
        """Read accepted keys from, and report to, this store."""
        self._store = store

    def test(self, order: Order, servers: Mapping[str, Server]) -> dict[str, Any]:
        """Test the connection to the server in the order; gives the order's outcome.

        The secret of a server that is not saved yet lies in the keyring under the name that
        the request gives as `secret_name`; `ask_for` names host key algorithms to ask for first.
        """
        server = server_from_json(order.request["server"])
        if not servers.keys() >= set(server.jumps):  # a jump was added since we last looked
            servers = {one.name: one for one in list_servers(self._store)}
        outcome = run_test(
            self._store,
            server,
            servers,
            secret_name=str(order.request.get("secret_name") or ""),
            ask_for=tuple(map(str, order.request.get("ask_for") or ())),
            on_step=lambda step: self._report(order, step),
        )
        return {
            "ok": outcome.failure is None,
            "sentence": outcome.sentence,
            "failure": None if outcome.failure is None else failure_to_json(outcome.failure),
        }

    def _report(self, order: Order, step: Step) -> None:
        wanted = report(
            self._store, order.id, {"name": step.name, "ok": step.ok, "sentence": step.sentence}
        )
        if not wanted:
            raise Withdrawn


def run_test(
    store: Store,
    server: Server,
    servers: Mapping[str, Server],
    *,
    secret_name: str = "",
    ask_for: tuple[str, ...] = (),
    on_step: Callable[[Step], None],
) -> Outcome:
    """Connect to a server, run a shell and one tick of the probe; tell each step to `on_step`.

    Its jumps are looked up in `servers`. Its secret lies in the keyring under `secret_name`, or
    under its own name. `ask_for` are host key algorithms to ask for first where none is known.
    """
    try:
        jumps = route_to(server, servers)
    except UnknownJump as error:
        failure = Failure(kind=FailureKind.JUMP_FAILED, sentence=error.sentence)
        return Outcome(failure=failure, sentence=error.sentence)

    def secrets(name: str, kind: SecretKind) -> str | None:
        return get_secret(secret_name if secret_name and name == server.name else name, kind)

    return try_connection(
        server,
        jumps=jumps,
        known=known_keys(store, ask_for),
        secrets=secrets,
        probe=lambda connection: _try_probe(connection, server),
        on_step=on_step,
    )


class Withdrawn(ConsoleError):
    """The person who asked for the test cancelled it."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("The test was cancelled.")


def _try_probe(connection: SshConnection, server: Server) -> str:
    """Run one tick of the real probe and say what it read.

    Raises:
        LinkFailure: what came is no frame of the probe.
    """
    script = one_frame_script(frozenset({Part.FAST}))
    result = connection.run(script, deadline_s=PROBE_DEADLINE_S, max_bytes=PROBE_MAX_BYTES)
    try:
        frames = FrameReader().feed(result.output)
        if not frames:
            raise _nothing_read(server)
        sample, _ = read_sample(frames[0], None, server.id, datetime.now(UTC))
    except LinkFailure:
        raise
    except ConsoleError as error:
        raise link_failure(FailureKind.OUTPUT_NOT_UNDERSTOOD, error.sentence) from error
    if "load1" not in sample.values:
        raise _nothing_read(server)
    missing = len(sample.missing)
    return (
        f"{len(sample.values)} figures in {result.duration_s * 1000:.0f} ms, load "
        f"{sample.values['load1']:.2f}; {missing} come with the second tick or are not there"
    )


def _nothing_read(server: Server) -> LinkFailure:
    failure = Failure(
        kind=FailureKind.OUTPUT_NOT_UNDERSTOOD,
        sentence=f"The probe read no load on {server.name}; check that it is Linux and that its "
        "user may read /proc.",
    )
    return LinkFailure(failure)
