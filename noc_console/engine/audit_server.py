"""One server asked its checks: who it is, how root's are asked, then one batch. On a worker."""

import secrets
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from noc_console.audit.acquaintance import (
    Acquaintance,
    NotIntroduced,
    acquaintance_script,
    read_acquaintance,
)
from noc_console.audit.batch import (
    MAX_OUTPUT,
    Asked,
    AsRoot,
    BatchReader,
    ServerShouts,
    asked_of,
    batch_script,
    deadline_of,
    in_scripts,
    not_asked,
    root_trial_script,
)
from noc_console.audit.check import Check, Family, Privilege
from noc_console.audit.judging import RawOutcome
from noc_console.engine.gate_hands import Hands
from noc_console.fleet.secrets import KeyringUnavailable, SecretKind, get_secret
from noc_console.fleet.server import Server
from noc_console.incidents.gate.gate import sudo_entry
from noc_console.incidents.gate.gate_ways import (
    ANSWER_NOW,
    Ending,
    Said,
    read_said,
    refusal,
)
from noc_console.links.failures import LinkFailure
from noc_console.links.ssh import Answer

INTRODUCE_WITHIN_S = 30.0
SUDO_WITHIN_S = 30.0
MAX_BATCH = 8 * MAX_OUTPUT
"""Of one server in one session: beyond it the rest is not measured."""
_MAX_SMALL = 64 * 1024
_ALLOWED = ("/bin/sh",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a server answered: an outcome for each check that has a command for it.

    `why` says why it could not be asked at all, and is empty otherwise.
    """

    family: Family
    system: str
    outcomes: tuple[RawOutcome, ...]
    cpu_ms: int | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class _RootWay:
    as_root: AsRoot
    secret: str | None = None
    why: str = ""


class ServerAsking:
    """Asks one server. `is_wanted` raises where nobody wants the answers any more."""

    def __init__(
        self,
        hands: Hands,
        server: Server,
        *,
        now: Callable[[], datetime],
        is_wanted: Callable[[], None],
    ) -> None:
        """Nothing is asked yet."""
        self._hands = hands
        self._server = server
        self._now = now
        self._is_wanted = is_wanted

    def ask(self, checks: Sequence[Check]) -> Answers:
        """Give what it answers; a server that fails half-way leaves what came before.

        Raises:
            ConsoleError: what `is_wanted` raises.
        """
        try:
            known = self._introduced()
        except (LinkFailure, NotIntroduced) as error:
            return Answers(
                family=Family.OTHER, system="", outcomes=(), cpu_ms=None, why=error.sentence
            )
        asked = asked_of(checks, known.family)
        way = self._root_way(known, asked)
        outcomes = [
            not_asked(one.check, way.why, self._now())
            for one in asked
            if one.is_for_root and way.as_root is AsRoot.NOT
        ]
        askable = [one for one in asked if not one.is_for_root or way.as_root is not AsRoot.NOT]
        cpu_ms: int | None = 0
        for part in in_scripts(askable):
            found, spent_ms = self._batch(part, way)
            outcomes += found
            cpu_ms = None if spent_ms is None or cpu_ms is None else cpu_ms + spent_ms
        return Answers(
            family=known.family, system=known.system, outcomes=tuple(outcomes), cpu_ms=cpu_ms
        )

    def _introduced(self) -> Acquaintance:
        nonce = secrets.token_hex(8)
        result = self._hands.run(
            acquaintance_script(nonce), deadline_s=INTRODUCE_WITHIN_S, max_bytes=_MAX_SMALL
        )
        return read_acquaintance(result.output, nonce, self._server.name)

    def _root_way(self, known: Acquaintance, asked: Sequence[Asked]) -> _RootWay:
        if not any(one.check.privilege is Privilege.SUDO for one in asked):
            return _RootWay(AsRoot.NOT)
        if known.user_id == 0:
            return _RootWay(AsRoot.IS_ROOT)
        if not known.has_sudo:
            return self._no_way(Said(ending=Ending.NO_SUDO))
        try:
            return self._by_sudo()
        except LinkFailure as error:
            return _RootWay(AsRoot.NOT, why=error.sentence)

    def _by_sudo(self) -> _RootWay:
        said = self._sudo(AsRoot.FREE, None)
        if said.ending is Ending.DONE:
            return _RootWay(AsRoot.FREE)
        if said.ending is not Ending.ASKS:
            return self._no_way(said)
        try:
            secret = get_secret(sudo_entry(self._server), SecretKind.SUDO_PASSWORD)
        except KeyringUnavailable as error:
            return _RootWay(AsRoot.NOT, why=error.sentence)
        if secret is None:
            return self._no_way(said)
        said = self._sudo(AsRoot.FED, secret)
        if said.ending is Ending.DONE:
            return _RootWay(AsRoot.FED, secret)
        return self._no_way(said)

    def _sudo(self, as_root: AsRoot, secret: str | None) -> Said:
        """Try it with a shell that does nothing: a wrong password is given once, not thrice."""
        result = self._hands.run(
            root_trial_script(as_root),
            deadline_s=SUDO_WITHIN_S,
            max_bytes=_MAX_SMALL,
            answer=_answer(secret),
        )
        return read_said(result.output, secret or "")

    def _no_way(self, said: Said) -> _RootWay:
        why = refusal(
            said,
            server=self._server.name,
            user=self._server.user or "the login user",
            words=_ALLOWED,
            engine_host=socket.gethostname(),
        )
        return _RootWay(AsRoot.NOT, why=why)

    def _batch(self, part: Sequence[Asked], way: _RootWay) -> tuple[list[RawOutcome], int | None]:
        nonce = secrets.token_hex(8)
        reader = BatchReader(part, nonce)
        outcomes: list[RawOutcome] = []

        def heard(content: bytes) -> None:
            self._is_wanted()
            outcomes.extend(reader.feed(content, now_s=time.monotonic(), now=self._now()))

        deadline_s = deadline_of(part)
        try:
            result = self._hands.run(
                batch_script(part, nonce=nonce, as_root=way.as_root),
                deadline_s=deadline_s,
                max_bytes=MAX_BATCH,
                answer=_answer(way.secret),
                heard=heard,
            )
        except (LinkFailure, ServerShouts) as error:
            why = error.sentence
        else:
            why = (
                f"{self._server.name} did not come to this check within {deadline_s / 60:.0f} min, "
                f"or sent more than {MAX_BATCH // 2**20} MiB before."
                if result.truncated
                else f"The shell on {self._server.name} ended before this check was asked."
            )
        outcomes += reader.rest(why, now=self._now())
        return outcomes, reader.cpu_ms


def _answer(secret: str | None) -> Answer | None:
    return None if secret is None else Answer(when=ANSWER_NOW, text=f"{secret}\n".encode())
