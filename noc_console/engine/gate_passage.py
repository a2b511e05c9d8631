"""One passage through the gate: look, evidence, command, away and back, look again, compare.

Runs on one worker thread. Each step is in the store before the next begins, so that another engine
can go on where this one was killed: before the command left nothing was done; after it, the
server's own boot id tells what happened.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from noc_console.engine.gate_hands import Hands
from noc_console.engine.gate_looking import filled_from_store, own_boot_id, take_look
from noc_console.engine.gate_surroundings import (
    EngineEnds,
    NotKnown,
    Patience,
    Refused,
    Surroundings,
)
from noc_console.errors import ConsoleError
from noc_console.fleet.failure import FailureKind
from noc_console.fleet.inert import inert
from noc_console.fleet.secrets import KeyringUnavailable, SecretKind, get_secret
from noc_console.fleet.server import Server, ServerKind
from noc_console.incidents.gate.gate import (
    ActKind,
    ActState,
    GateAct,
    Snapshot,
    Step,
    may_restart,
    sudo_entry,
)
from noc_console.incidents.gate.gate_comparison import (
    Comparison,
    compare,
    sentence_of,
    span_words,
    was_rebooted,
)
from noc_console.incidents.gate.gate_records import note_step
from noc_console.incidents.gate.gate_ways import (
    ANSWER_NOW,
    Ending,
    Said,
    Sudo,
    act_script,
    read_said,
    refusal,
    words_for,
)
from noc_console.links.failures import LinkFailure
from noc_console.links.ssh import Answer
from noc_console.store.failures import StoreError
from noc_console.store.orders import report

MAX_BYTES = 64 * 1024
STORE_AWAY_S = 600.0


class Passage:
    """Carries out one act on one server."""

    def __init__(
        self, around: Surroundings, act: GateAct, server: Server, patience: Patience
    ) -> None:
        """Nothing is done yet."""
        self._around = around
        self._store = around.store
        self._act = act
        self._server = server
        self._patience = patience
        self._user = server.user
        self._has_failed = False

    def go(self, hands: Hands, *, skips_evidence: str) -> dict[str, Any]:
        """Do it from the beginning; gives the order's outcome. `skips_evidence` says why not.

        Raises:
            ConsoleError: it was not carried out, or nobody knows; the act is closed.
            EngineEnds: the act stays open for the next engine.
        """
        try:
            before = self._look_before(hands)
            self._take_evidence(skips_evidence)
            self._command(hands, before)
            hands.close()
            return self._see_through(before)
        except EngineEnds:
            raise
        except ConsoleError as error:
            self._close_failed(error)
            raise
        finally:
            hands.close()

    def go_on(self) -> dict[str, Any]:
        """Go on where an engine was killed.

        Raises:
            ConsoleError, EngineEnds: as `go`.
        """
        act = self._act
        try:
            if act.state is ActState.PREPARING:
                raise Refused(
                    f"The engine ended before the command was sent, so nothing was done to "
                    f"{act.server_name}; ask again."
                )
            self._tell("the engine ended meanwhile; another one goes on from here", ok=None)
            if act.before is None:
                raise NotKnown(f"How {act.server_name} stood before was not kept; look at it.")
            return self._see_through(act.before)
        except EngineEnds:
            raise
        except ConsoleError as error:
            self._close_failed(error)
            raise

    def _look_before(self, hands: Hands) -> Snapshot:
        if self._act.kind is ActKind.REBOOT and self._server.kind is ServerKind.THIS_MACHINE:
            raise Refused(_THIS_MACHINE.format(name=self._server.name))
        self._tell("looking at the server as it is", ok=None)
        look = filled_from_store(self._store, self._server.id, take_look(hands, self._around.now))
        self._refuse_unreachable(look)
        self._refuse_own_machine(look)
        self._refuse_unknown_service(look)
        lacks = f"; not all could be had: {'; '.join(look.missing)}" if look.missing else ""
        self._tell(f"looked at the server{lacks}", ok=not look.missing, before=look)
        return look

    def _refuse_unreachable(self, look: Snapshot) -> None:
        """A server that told nothing of itself now takes no command either."""
        if look.init or not look.missing:
            return
        why = look.missing[0].partition(": ")[2]
        raise Refused(
            f"{self._server.name} takes no commands, so nothing can be done from here; use its own "
            f"console or its power. {why}"
        )

    def _refuse_own_machine(self, look: Snapshot) -> None:
        if self._act.kind is not ActKind.REBOOT:
            return
        own = own_boot_id()
        if own and look.boot_id == own:
            raise Refused(_THIS_MACHINE.format(name=self._server.name))
        if not look.boot_id and self._server.address in _LOOPBACK and not self._server.jumps:
            raise Refused(_THIS_MACHINE.format(name=self._server.name))

    def _refuse_unknown_service(self, look: Snapshot) -> None:
        service = self._act.service
        if self._act.kind is ActKind.REBOOT or may_restart(
            service, self._server, look.services or {}
        ):
            return
        raise Refused(
            f"{self._server.name} lists no service called {inert(service, 80)} and none is "
            "expected there; write it as systemctl shows it."
        )

    def _take_evidence(self, skips_evidence: str) -> None:
        if skips_evidence:
            words = f"{self._act.asked_by} wanted none: {skips_evidence}"
            self._tell(f"no evidence: {words}", ok=False, evidence_words=words)
            return
        self._tell("taking the evidence first", ok=None)
        number, words, ok = self._around.take_evidence(self._act, self._server)
        self._tell(words, ok=ok, evidence_id=number, evidence_words=words)

    def _command(self, hands: Hands, before: Snapshot) -> None:
        words = words_for(self._act.kind, before, self._act.service)
        said = self._said(hands, before, words)
        if said.ending is Ending.CUT_OFF and self._act.kind is ActKind.RESTART_SERVICE:
            self._tell(
                f"`{' '.join(words)}` did not end within {self._patience.command_s:.0f} s",
                ok=False,
            )
        elif said.ending in {Ending.DONE, Ending.CUT_OFF}:
            self._tell(f"`{' '.join(words)}` was given to the server")
        elif self._act.kind is ActKind.RESTART_SERVICE and said.ending is Ending.FAILED:
            self._has_failed = True  # it may have stopped and not begun: that is looked at
            self._tell(self._refusal(said, words), ok=False)
        else:
            raise Refused(self._refusal(said, words))

    def _said(self, hands: Hands, before: Snapshot, words: tuple[str, ...]) -> Said:
        """Run the command: as root, or by sudo without, then with, a password of the keyring."""
        if before.user_id == 0:
            return self._run(hands, words, Sudo.NOT_NEEDED, "")
        if "sudo" not in before.programs and before.programs:
            return Said(ending=Ending.NO_SUDO)
        said = self._run(hands, words, Sudo.FREE, "")
        if said.ending is not Ending.ASKS:
            return said
        secret = self._sudo_secret()
        if secret is None:
            return said
        self._tell("sudo asks for a password; the keyring's is given to it", ok=None)
        return self._run(hands, words, Sudo.FED, secret)

    def _sudo_secret(self) -> str | None:
        try:
            return get_secret(sudo_entry(self._server), SecretKind.SUDO_PASSWORD)
        except KeyringUnavailable as error:
            self._tell(error.sentence, ok=False)
            return None

    def _run(self, hands: Hands, words: tuple[str, ...], sudo: Sudo, secret: str) -> Said:
        """What is written before it runs says that it may have run."""
        if self._act.state is ActState.PREPARING:
            self._tell(
                f"giving the server the command `{' '.join(words)}`",
                ok=None,
                state=ActState.SENT,
                sent_at=self._around.now(),
                command=" ".join(words),
            )
        answer = Answer(when=ANSWER_NOW, text=f"{secret}\n".encode()) if secret else None
        try:
            result = hands.run(
                act_script(words, sudo),
                deadline_s=self._patience.command_s,
                max_bytes=MAX_BYTES,
                answer=answer,
            )
        except LinkFailure as error:
            if self._act.kind is ActKind.REBOOT and _may_have_left(error):
                return Said(ending=Ending.CUT_OFF)
            raise
        return read_said(result.output, secret)

    def _refusal(self, said: Said, words: tuple[str, ...]) -> str:
        return refusal(
            said,
            server=self._server.name,
            user=self._user or "the login user",
            words=words,
            engine_host=self._around.own_host,
        )

    def _see_through(self, before: Snapshot) -> dict[str, Any]:
        if self._act.kind is ActKind.REBOOT:
            self._watch_go_and_come(before)
        after, comparison = self._settle(before)
        return self._close_done(after, comparison)

    def _watch_go_and_come(self, before: Snapshot) -> None:
        """Ask at a short pace until the server has another boot; say each turn once.

        Meanwhile its silence is no alarm; once patience is at an end, it is one.
        """
        self._around.expect_away(self._server.id, True)
        try:
            self._ask_until_back(before)
        finally:
            self._around.expect_away(self._server.id, False)

    def _ask_until_back(self, before: Snapshot) -> None:
        patience = self._patience
        started_s = time.monotonic()
        while self._act.state is not ActState.BACK and not self._is_back(before):
            waited_s = time.monotonic() - started_s
            limit_s = patience.back_s if self._act.state is ActState.GONE else patience.gone_s
            if waited_s > limit_s:
                raise self._given_up(waited_s)
            self._pause()

    def _is_back(self, before: Snapshot) -> bool:
        hands = self._around.reach(self._server)
        try:
            look = take_look(hands, self._around.now)
        finally:
            hands.close()
        if not _answered(look):
            self._note_silence(look)
            return False
        rebooted = was_rebooted(before, look)
        if not rebooted and (rebooted is False or self._act.state is not ActState.GONE):
            return False
        back_at = self._around.now()
        took = span_words((back_at - (self._act.sent_at or back_at)).total_seconds())
        self._tell(f"the server is back after {took}", state=ActState.BACK, back_at=back_at)
        self._around.wake(self._server.id)
        return True

    def _note_silence(self, look: Snapshot) -> None:
        why = look.missing[0].partition(": ")[2] if look.missing else ""
        if "host key" in why.lower():
            raise NotKnown(
                f"{self._server.name} answers with another host key since it was rebooted; it may "
                f"have come up as a rescue system. {why}"
            )
        if self._act.state is ActState.SENT:
            self._tell("the server is gone", state=ActState.GONE, gone_at=self._around.now())

    def _given_up(self, waited_s: float) -> ConsoleError:
        name, span = self._server.name, span_words(waited_s)
        if self._act.state is ActState.SENT:
            return NotKnown(
                f"{name} took the command and still runs the same boot after {span}; something "
                "holds its shutdown. Look at its console."
            )
        return NotKnown(
            f"{name} went down and has not come back within {span}; look at its console or its "
            "power now."
        )

    def _settle(self, before: Snapshot) -> tuple[Snapshot, Comparison]:
        """Look until all is as before, or until it had time enough."""
        ends_s = time.monotonic() + self._settles_within_s()
        self._tell("looking whether all is as before", ok=None)
        while True:
            hands = self._around.reach(self._server)
            try:
                after = take_look(hands, self._around.now)
            finally:
                hands.close()
            comparison = compare(self._act.kind, before, after, self._act.service)
            if comparison.is_well or time.monotonic() >= ends_s:
                return after, comparison
            self._pause()

    def _settles_within_s(self) -> float:
        if self._act.kind is ActKind.REBOOT:
            return self._patience.settle_s
        return self._patience.failed_s if self._has_failed else self._patience.restarted_s

    def _close_done(self, after: Snapshot, comparison: Comparison) -> dict[str, Any]:
        act, now = self._act, self._around.now()
        if act.kind is ActKind.REBOOT:
            deed = f"{act.server_name} is back"
            away = ((act.back_at or now) - (act.sent_at or now)).total_seconds()
        else:
            deed = f"{act.service} on {act.server_name} was restarted"
            away = 0.0
        sentence = sentence_of(deed, span_words(away) if away else "", after, comparison)
        self._tell(
            sentence,
            ok=comparison.is_well,
            state=ActState.DONE,
            after=after,
            findings=comparison.findings,
            is_well=comparison.is_well,
            sentence=sentence,
            closed_at=now,
        )
        self._around.wake(self._server.id)
        return {"sentence": sentence, "is_well": comparison.is_well, "act_id": act.id}

    def _close_failed(self, error: ConsoleError) -> None:
        """A failure before the command left did nothing; after it, nobody knows."""
        in_doubt = isinstance(error, NotKnown) or (
            not isinstance(error, Refused) and self._act.state is not ActState.PREPARING
        )
        self._tell(
            error.sentence,
            ok=False,
            state=ActState.NOT_KNOWN if in_doubt else ActState.FAILED,
            sentence=error.sentence,
            closed_at=self._around.now(),
        )

    def _pause(self) -> None:
        self._around.wait(self._patience.look_every_s)
        if self._around.is_ending():
            raise EngineEnds("The engine stops; the next one goes on with this.")

    def _tell(self, words: str, *, ok: bool | None = True, **changes: Any) -> None:
        """Write a step, and tell it to whoever follows the order.

        Raises:
            Refused: the order was withdrawn before the command left.
            EngineEnds: the engine ends before the command left.
        """
        step = Step(at=self._around.now(), words=inert(words, 600), ok=ok)
        told = {"name": step.words, "ok": ok, "sentence": step.words}
        closes = changes.get("state", self._act.state).is_closed
        if self._act.state is ActState.PREPARING and not closes:
            if self._around.is_ending():
                raise EngineEnds("The engine stops before the command left; nothing was done.")
            if not report(self._store, self._act.order_id, told):
                raise Refused("It was withdrawn before the command left; nothing was done.")
        else:
            self._patiently(lambda: report(self._store, self._act.order_id, told))
        self._patiently(lambda: note_step(self._store, self._act.id, step, **changes))
        self._act = replace(self._act, **changes)

    def _patiently(self, write: Callable[[], object]) -> None:
        """Write to a store that may be away for a while: what was done must be kept.

        Raises:
            StoreError: it is away for too long.
            EngineEnds: the engine stops meanwhile.
        """
        ends_s = time.monotonic() + STORE_AWAY_S
        while True:
            try:
                write()
            except StoreError:
                if self._act.state is ActState.PREPARING or time.monotonic() > ends_s:
                    raise
                self._pause()
            else:
                return


_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_THIS_MACHINE = (
    "{name} is the machine this engine runs on, or a container on it, so it is not rebooted from "
    "here: the console would be gone with it. Reboot it at its own console."
)


def _may_have_left(error: LinkFailure) -> bool:
    """A connection that ended under a command may have ended because of it."""
    return error.failure.kind in {
        FailureKind.CONNECTION_LOST,
        FailureKind.STOPPED_ANSWERING,
        FailureKind.TIMED_OUT,
    }


def _answered(look: Snapshot) -> bool:
    return look.uptime_s is not None or bool(look.boot_id)
