"""Exchange banners and keys with a server, and say in words how that failed."""

from paramiko.ssh_exception import IncompatiblePeer, SSHException

from noc_console.fleet.failure import FailureKind
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server
from noc_console.links.failures import LinkFailure, link_failure
from noc_console.links.transport import LinkTransport

_OR_ALLOW = ", or allow outdated algorithms for this server in its settings."
_OF_WEB_SERVERS = ("HTTP/", "<")
"""They answer a banner with a page and hang up; sshd, too, may say why before it hangs up."""


def greet(transport: LinkTransport, server: Server, timeout_s: float) -> None:
    """Exchange banners and keys.

    Raises:
        LinkFailure: TIMED_OUT, NOT_SSH, REFUSED, NO_COMMON_ALGORITHM or CONNECTION_LOST.
    """
    try:
        transport.greet(timeout_s)
    except TimeoutError as error:
        raise _no_greeting(transport, server, error) from error
    except IncompatiblePeer as error:
        allowed = server.allow_weak_algorithms
        raise link_failure(
            FailureKind.NO_COMMON_ALGORITHM,
            f"{server.name} speaks only outdated algorithms; update its sshd"
            + (", for these are not spoken here." if allowed else _OR_ALLOW),
        ) from error
    except (SSHException, EOFError, OSError) as error:
        if not transport.remote_version:
            raise _no_greeting(transport, server, error) from error
        raise link_failure(
            FailureKind.CONNECTION_LOST,
            f"{server.name} closed the connection during the key exchange; look at sshd's log.",
        ) from error


def _no_greeting(transport: LinkTransport, server: Server, error: Exception) -> LinkFailure:
    if transport.remote_version:
        return link_failure(
            FailureKind.TIMED_OUT,
            f"{server.name} said hello and then nothing more; it may be overloaded.",
        )
    timed_out = isinstance(error, TimeoutError)
    if timed_out and not transport.greeting:
        return link_failure(
            FailureKind.NOT_SSH,
            f"{server.name} takes the connection at port {server.port} and says no SSH hello; it "
            "hangs, or that port is not sshd's.",
        )
    if timed_out or transport.greeting_was_endless:
        return link_failure(
            FailureKind.NOT_SSH,
            f"{server.name} sends lines without end and no SSH banner; check that sshd listens on "
            f"port {server.port}.",
        )
    said = inert(transport.greeting.strip(), 80)
    if transport.was_closed_by_peer and not said.startswith(_OF_WEB_SERVERS):
        return link_failure(
            FailureKind.REFUSED,
            f"{server.name} closes the connection before it says hello"
            + (f" (it said: {said})" if said else "")
            + "; it may have reached its limit (MaxStartups) or block our address.",
        )
    return link_failure(
        FailureKind.NOT_SSH,
        f"{server.name} answers at port {server.port} with something else than SSH ({said}); check "
        "that sshd listens there.",
    )
