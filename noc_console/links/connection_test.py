"""Test a connection step by step: what worked, what did not, and one sentence on how to mend it.

The steps are those of a real connection, told as they happen; those not reached say so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server
from noc_console.links.authentication import Secrets
from noc_console.links.failures import LinkFailure
from noc_console.links.host_keys import KnownKeys
from noc_console.links.ssh import USUAL, SshConnection, Step, Timeouts, connect

STEPS = ("name", "port", "banner", "host key", "authentication", "shell", "probe")

_FAILED_AT = {
    FailureKind.NAME_NOT_FOUND: "name",
    FailureKind.UNREACHABLE: "port",
    FailureKind.REFUSED: "port",
    FailureKind.TIMED_OUT: "port",
    FailureKind.JUMP_FAILED: "port",
    FailureKind.NOT_SSH: "banner",
    FailureKind.NO_COMMON_ALGORITHM: "banner",
}
_MARK = b"noc-console-shell-answers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a test came to: no failure means that every step worked."""

    failure: Failure | None
    sentence: str


def try_connection(
    server: Server,
    *,
    jumps: Sequence[Server],
    known: KnownKeys,
    secrets: Secrets,
    probe: Callable[[SshConnection], str],
    on_step: Callable[[Step], None],
    timeouts: Timeouts = USUAL,
) -> Outcome:
    """Connect, run a shell and the probe; tell each step to `on_step`.

    `probe` runs the probe over the connection and gives in words what it read, or raises a
    LinkFailure.
    """
    told: list[str] = []

    def tell(step: Step) -> None:
        told.append(step.name)
        on_step(step)

    try:
        connection = connect(
            server, jumps=jumps, known=known, secrets=secrets, timeouts=timeouts, on_step=tell
        )
        try:
            tell(Step(name="shell", ok=True, sentence=_try_shell(connection, server)))
            tell(Step(name="probe", ok=True, sentence=probe(connection)))
        finally:
            connection.close()
    except LinkFailure as error:
        _tell_failure(error.failure, told, on_step)
        return Outcome(failure=error.failure, sentence=error.sentence)
    return Outcome(failure=None, sentence=f"{server.name} can be watched.")


def _try_shell(connection: SshConnection, server: Server) -> str:
    result = connection.run(
        b"echo " + _MARK + b'; echo "${SHELL:-no SHELL}"\n', deadline_s=10.0, max_bytes=65536
    )
    before, found, after = result.output.partition(_MARK)
    if not found:
        said = inert(result.output, 120)
        raise LinkFailure(
            Failure(
                kind=FailureKind.SHELL_REFUSED,
                sentence=f"{server.name} let us in but /bin/sh does not answer"
                + (f" ({said})" if said else "")
                + "; check the user's login shell and ForceCommand.",
            )
        )
    noise = f", after {len(before)} bytes of its own that are skipped" if before else ""
    return f"/bin/sh answers; the login shell is {inert(after, 60)}{noise}"


def _tell_failure(failure: Failure, told: Sequence[str], on_step: Callable[[Step], None]) -> None:
    left = [name for name in STEPS if name not in told]
    failed = "host key" if failure.is_host_key else _FAILED_AT.get(failure.kind, left[0])
    if failed not in left:
        failed = left[0]
    reached = True
    for name in left:
        if name == failed:
            on_step(Step(name=name, ok=False, sentence=failure.sentence))
            reached = False
        elif not reached:
            on_step(Step(name=name, ok=None, sentence="not reached"))
