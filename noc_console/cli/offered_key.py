"""The host key a server offers, and whether it may be accepted."""

import argparse
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from noc_console.cli.connection_trial import HOST_KEY, try_server
from noc_console.cli.terminal_text import as_typed
from noc_console.cli.who import own_name
from noc_console.errors import ConsoleError
from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.host_keys import accept_key, list_keys, replace_key, same_key_as
from noc_console.fleet.records import list_servers
from noc_console.fleet.server import Server
from noc_console.store.store import Store

_KINDS = (
    ("ssh-ed25519",),
    ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"),
    ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"),
)
"""The kinds of host key, each by its algorithms and the name in the key itself."""
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")


class NotTrusted(ConsoleError):
    """A host key was not accepted; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedKey:
    """What a server offers. `failure` is None where the key is known already."""

    server: Server
    fingerprint: str
    algorithm: str
    same_key_as: tuple[str, ...]
    failure: Failure | None

    @property
    def is_changed(self) -> bool:
        """Whether another key was accepted before."""
        return self.failure is not None and self.failure.kind is FailureKind.HOST_KEY_CHANGED


def fingerprint_word(text: str) -> str:
    """Read a fingerprint as a word of the command line; `ssh-keygen -l` shows it so."""
    text = text.strip().rstrip("=")
    if not _FINGERPRINT.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no fingerprint; give it as ssh-keygen -l shows it: SHA256: and 43 signs"
        )
    return text


def look_at_key(store: Store, server: Server, wanted: str = "") -> OfferedKey:
    """Ask a server for its host key; nothing is sent to one whose key is not known.

    A server has a key of each kind. Where none is known and the one it offers first has not the
    `wanted` fingerprint, it is asked for its keys of the other kinds.

    Raises:
        NotTrusted: it offers none, it is revoked, or it is one of a jump on the way.
        NotTested: the test could not be made.
    """
    key = _ask_for_key(store, server, ())
    is_unknown = key.failure is not None and key.failure.kind is FailureKind.HOST_KEY_UNKNOWN
    if wanted in {"", key.fingerprint} or not is_unknown:
        return key
    others = (kind for kind in _KINDS if key.algorithm not in kind)
    found = (_ask_for_key(store, server, kind) for kind in others)
    return next((other for other in found if other.fingerprint == wanted), key)


def _ask_for_key(store: Store, server: Server, ask_for: tuple[str, ...]) -> OfferedKey:
    trial = try_server(store, server, lambda _step: None, up_to_host_key=True, ask_for=ask_for)
    failure = trial.failure
    if failure is None or not failure.is_host_key:
        seen = next((one for one in trial.steps if one.name == HOST_KEY and one.ok), None)
        if seen is None:
            raise NotTrusted(trial.sentence)
        others = same_key_as(store, seen.sentence, server.address, server.port)
        return OfferedKey(
            server=server,
            fingerprint=seen.sentence,
            algorithm="",
            same_key_as=others,
            failure=None,
        )
    if failure.kind is FailureKind.HOST_KEY_REVOKED:
        raise NotTrusted(failure.sentence)
    _refuse_jump(store, server, failure)
    return OfferedKey(
        server=server,
        fingerprint=failure.fingerprint,
        algorithm=failure.algorithm,
        same_key_as=failure.same_key_as
        or same_key_as(store, failure.fingerprint, server.address, server.port),
        failure=failure,
    )


def _refuse_jump(store: Store, server: Server, failure: Failure) -> None:
    if (failure.address, failure.port) == (server.address, server.port):
        return
    jump = next(
        (
            one.name
            for one in list_servers(store)
            if one.name in server.jumps
            and (one.address, one.port) == (failure.address, failure.port)
        ),
        None,
    )
    if jump is None:
        raise NotTrusted(failure.sentence)
    raise NotTrusted(
        f"{server.name} is reached through {jump}, and the host key of that one is not trusted; "
        f"decide about it first with `noc-console server trust {as_typed([jump])}`."
    )


def refuse_other_fingerprint(key: OfferedKey, wanted: str) -> None:
    """Pass only the key of this fingerprint.

    Raises:
        NotTrusted: it is another one; the sentence names both.
    """
    if key.fingerprint == wanted:
        return
    kind = f" ({key.algorithm})" if key.algorithm else ""
    of_kind = f" of its {key.algorithm} key" if key.algorithm else ""
    raise NotTrusted(
        f"{key.server.name} offers the key {key.fingerprint}{kind}, not {wanted}, so it was not "
        f"trusted; ask its administrator for the fingerprint{of_kind}."
    )


def accept(store: Store, key: OfferedKey) -> None:
    """Accept an offered key in the name of who types; it takes the place of one that changed.

    An engine that waits for it connects at once.
    """
    if key.failure is None:
        return
    decide = replace_key if key.is_changed else accept_key
    decide(
        store,
        address=key.server.address,
        port=key.server.port,
        key_line=key.failure.offered_key,
        accepted_by=own_name(),
        now=datetime.now(UTC),
    )


def stands_in_known_hosts(store: Store, key: OfferedKey) -> bool:
    """Whether the older key of a changed one is not ours, but of a known_hosts file."""
    if key.failure is None or not key.is_changed:
        return False
    accepted = {one.fingerprint for one in list_keys(store, key.server.address, key.server.port)}
    return not set(key.failure.known_fingerprint.split(", ")) <= accepted
