"""The one script that asks a server its checks, and its answers cut out of what comes back.

Pure: no I/O, no clock. Nothing of it writes on the server: no file, no history, no core dump; and
but for systems with rpm, the kernel ends whatever would write a byte to a file. The secret that
sudo asks for stands in no script and in no list of arguments.
"""

import hashlib
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from noc_console.audit.check import Check, Family, Privilege
from noc_console.audit.judging import RawOutcome
from noc_console.errors import ConsoleError
from noc_console.incidents.evidence.collecting import LoopReader, LoopTooLong, Mark, Marked
from noc_console.incidents.gate.gate_ways import ANSWER_NOW, EXIT

MAX_OUTPUT = 4 * 1024 * 1024
"""Of one check: a month of login lines of a busy server; more is cut and told as cut."""

MAX_SCRIPT = 90_000
"""Linux takes no argument over 128 KiB (execve(2)), and this machine's shell is given one."""

GRACE_S = 4.0
"""What ending a check that took too long may take beyond its deadline."""

_TICK_MS = 10
"""utime and stime are counted in hundredths of a second on every Linux (proc_pid_stat(5))."""

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class AsRoot(Enum):
    """How the checks that need root are asked."""

    NOT = "not"
    """They are not: there is no way, and their outcome says why."""
    IS_ROOT = "is root"
    FREE = "sudo without a password"
    FED = "sudo with the keyring's password"


class ServerShouts(ConsoleError):
    """A server sends bytes without end that belong to no check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One check as it is asked of one family: its number in the batch, and its fragment."""

    number: int
    check: Check
    command: str

    @property
    def is_for_root(self) -> bool:
        """Whether root has to look."""
        return self.check.privilege is Privilege.SUDO


def asked_of(checks: Sequence[Check], family: Family) -> list[Asked]:
    """Number the checks that are asked of a server itself and have a command for its family."""
    on_server = {Privilege.PLAIN, Privilege.SUDO}
    found = [
        (one, one.commands[family])
        for one in checks
        if one.privilege in on_server and family in one.commands and not one.is_off
    ]
    return [
        Asked(number=number, check=check, command=command)
        for number, (check, command) in enumerate(found, start=1)
    ]


def in_scripts(asked: Sequence[Asked]) -> Iterator[list[Asked]]:
    """Part checks so that no script grows too long; usually there is one part."""
    part: list[Asked] = []
    length = 0
    for one in asked:
        size = len(_ask_line(one)) * 2  # quoted once more
        if part and length + size > MAX_SCRIPT:
            yield part
            part, length = [], 0
        part.append(one)
        length += size
    if part:
        yield part


def deadline_of(asked: Sequence[Asked]) -> float:
    """Give the most seconds a script may take: every check its own time, within an hour."""
    return min(3600.0, 60.0 + sum(one.check.deadline_s + GRACE_S for one in asked))


def batch_script(asked: Sequence[Asked], *, nonce: str, as_root: AsRoot) -> bytes:
    """Give the script for some checks: those of the account first, then root's in one shell.

    Each fragment runs in a shell of its own under timeout(1), with an empty standard input, in the
    C locale, on a fixed PATH and in an environment that holds nothing of the account's. The shell
    that reads the script defines nothing the account's exported functions could stand for.
    """
    plain = [one for one in asked if not one.is_for_root]
    root = [one for one in asked if one.is_for_root]
    lines = [
        "{",
        "unset -f printf env read sudo timeout nice head command times 2>/dev/null",
        f"PATH={_PATH}; export PATH",
        "l=; command -v nice >/dev/null && l='nice -n 10'",
        f"n={nonce}",
        "printf '\\n@%s ready\\n' \"$n\"",
    ]
    if plain or as_root is AsRoot.IS_ROOT:
        own = asked if as_root is AsRoot.IS_ROOT else plain
        lines.append(f"a={shlex.quote(_stage(own, nonce))}")
        lines.append(f"printf '%s' \"$a\" | $l {_CLEAN} /bin/sh -s 2>/dev/null")
    if root and as_root in {AsRoot.FREE, AsRoot.FED}:
        lines += _root_lines(root, nonce, as_root)
    lines += [_SPENT, 'printf \'\\n@%s end 0 %s\\n\' "$n" "$c"', "exit 0", "}", ""]
    return "\n".join(lines).encode()


def root_trial_script(as_root: AsRoot) -> bytes:
    """Give the script that tries whether root's shell can be had, with one that does nothing.

    `gate_ways.read_said` reads what it prints. A wrong password is given once, not thrice.
    """
    if as_root is AsRoot.FED:
        line = f"printf '%s\\n' '{ANSWER_NOW.decode()}'; sudo -k -S -p '' /bin/sh -c : 2>&1"
    else:
        line = "sudo -n /bin/sh -c : </dev/null 2>&1"
    head = f"{{\nunset -f printf sudo 2>/dev/null\nLC_ALL=C PATH={_PATH}; export LC_ALL PATH\n"
    return f"{head}{line}\nprintf '\\n{EXIT} %s\\n' \"$?\"\nexit 0\n}}\n".encode()


def _root_lines(root: Sequence[Asked], nonce: str, as_root: AsRoot) -> list[str]:
    """Give root's shell its script by a pipe: it stands in no list of arguments and in no log.

    With a password: sudo reads it up to the line's end, and the shell lets all pass up to a word
    of ours, so that one which sudo did not want is never taken for a command. `-k` keeps no ticket.
    """
    stage = f"b={shlex.quote(_stage(root, nonce))}"
    if as_root is AsRoot.FREE:
        return [stage, "printf '%s' \"$b\" | $l sudo -n /bin/sh -s 2>/dev/null"]
    go = hashlib.sha256(nonce.encode()).hexdigest()[:16]  # it is seen in lists of processes
    wait = f'while IFS= read -r l; do [ "$l" = {go} ] && exec /bin/sh -s; done'
    fed = f'printf \'%s\\n%s\\n%s\' "$p" {go} "$b"'
    return [
        stage,
        f"printf '%s\\n' '{ANSWER_NOW.decode()}'; IFS= read -r p",
        f"{fed} | $l sudo -k -S -p '' /bin/sh -c {shlex.quote(wait)} 2>/dev/null; p=",
    ]


_CLEAN = f"env -i PATH={_PATH} LC_ALL=C HOME=/nonexistent TERM=dumb"

_SPENT = (
    "c=; if read -r c </proc/$$/stat; then c=${c##*) }; set -- $c; "
    "c=$((${12}+${13}+${14}+${15})); fi 2>/dev/null"
)
"""What this shell and those it waited for took of the processor so far, without a process more."""


def _stage(asked: Sequence[Asked], nonce: str) -> str:
    asks = "\n".join(_ask_line(one) for one in asked)
    return f"{_STAGE_HEAD.replace('NONCE', nonce)}\n{asks}\nexit 0\n"


def _ask_line(one: Asked) -> str:
    needs = shlex.quote(" ".join(one.check.needs))
    return f"ask {one.number} {one.check.deadline_s:g} {needs} {shlex.quote(one.command)}"


# `ulimit -S -f 0` has the kernel end whatever writes to a file (SIGXFSZ, setrlimit(2)). Soft, since
# apt-get needs a file without a name while it counts: UPD-01 lifts it for itself. Not where rpm is:
# its database makes files beside itself to be read.
_STAGE_HEAD = f"""PATH={_PATH} LC_ALL=C HOME=/nonexistent TERM=dumb
export PATH LC_ALL HOME TERM
unset ENV BASH_ENV CDPATH IFS
umask 077; ulimit -c 0; command -v rpm >/dev/null 2>&1 || ulimit -S -f 0
cd /; n=NONCE
exec 4>&1 2>/dev/null
x=; for t in timeout head; do command -v "$t" >/dev/null || x="$x $t"; done
spent() {{ {_SPENT}; }}
ask() {{
m=$x; for t in $3; do command -v "$t" >/dev/null || m="$m $t"; done
if [ -n "$m" ]; then printf '\\n@%s absent %s%s\\n' "$n" "$1" "$m"; return; fi
spent; printf '\\n@%s begin %s %s\\n' "$n" "$1" "$c"
s=$( {{ {{ timeout -k 2 "$2" /bin/sh -c "$4" </dev/null 3>&- 4>&-; echo "$?" >&3; }} |
head -c {MAX_OUTPUT + 1} >&4 3>&-; }} 3>&1 )
printf '\\n@%s status %s\\n' "$n" "$s"
spent; printf '\\n@%s end %s %s\\n' "$n" "$1" "$c"
}}"""


@dataclass(slots=True)
class _UnderWay:
    asked: Asked
    began_s: float
    began_cpu: int | None
    output: bytearray
    status: int | None = None


class BatchReader:
    """Reads one batch's bytes; a check that is over is given as soon as its end came."""

    def __init__(self, asked: Sequence[Asked], nonce: str) -> None:
        """Know what was asked."""
        self.cpu_ms: int | None = None
        """What the whole batch took of the server; None before its end or where it was not told."""
        self.is_ready = False
        self.is_over = False
        self._asked = {one.number: one for one in asked}
        self._left = dict(self._asked)
        self._reader = LoopReader(nonce)
        self._now: _UnderWay | None = None

    def feed(self, content: bytes, *, now_s: float, now: datetime) -> list[RawOutcome]:
        """Take bytes that arrived; give the checks that they end.

        Raises:
            ServerShouts: too much came that belongs to no check.
        """
        try:
            steps = self._reader.feed(content)
        except LoopTooLong as error:
            raise ServerShouts(
                "This server sends output without end that belongs to no check; look at what its "
                "shell start-up files print."
            ) from error
        found: list[RawOutcome] = []
        for step in steps:
            if isinstance(step, bytes):
                self._take(step)
            else:
                found += self._mark(step, now_s, now)
        return found

    def rest(self, why: str, *, now: datetime) -> list[RawOutcome]:
        """Give every check that has not ended as not asked, or not to its end, and why."""
        left, self._left, self._now = list(self._left.values()), {}, None
        return [not_asked(one.check, why, now) for one in left]

    def _take(self, content: bytes) -> None:
        if self._now is not None and self._now.status is None:
            room = MAX_OUTPUT + 1 - len(self._now.output)
            self._now.output += content[: max(0, room)]

    def _mark(self, told: Marked, now_s: float, now: datetime) -> list[RawOutcome]:
        match told.mark:
            case Mark.READY:
                self.is_ready = True
            case Mark.ABSENT:
                return self._absent(told, now)
            case Mark.BEGIN:
                self._begin(told, now_s)
            case Mark.STATUS if self._now is not None:
                self._now.status = told.number
            case Mark.END if told.number == 0:
                self.is_over, ticks = True, _ticks(told.words)
                self.cpu_ms = None if ticks is None else ticks * _TICK_MS
            case Mark.END:
                return self._end(told, now_s, now)
        return []

    def _absent(self, told: Marked, now: datetime) -> list[RawOutcome]:
        asked = self._left.pop(told.number, None)
        if asked is None:
            return []
        known = {"timeout", "head", *asked.check.needs}
        missing = tuple(one for one in told.words.split() if one in known)
        return [_outcome(asked.check, now, is_missing=missing or asked.check.needs)]

    def _begin(self, told: Marked, now_s: float) -> None:
        asked = self._left.get(told.number)
        self._now = (
            None if asked is None else _UnderWay(asked, now_s, _ticks(told.words), bytearray())
        )

    def _end(self, told: Marked, now_s: float, now: datetime) -> list[RawOutcome]:
        at_hand, self._now = self._now, None
        if at_hand is None or at_hand.asked.number != told.number:
            return []
        self._left.pop(told.number, None)
        output = bytes(at_hand.output)
        ends = _ticks(told.words)
        cpu_ms = (
            None
            if ends is None or at_hand.began_cpu is None
            else max(0, ends - at_hand.began_cpu) * _TICK_MS
        )
        return [
            RawOutcome(
                check_id=at_hand.asked.check.id,
                output=output[:MAX_OUTPUT],
                exit_status=at_hand.status,
                is_whole=len(output) <= MAX_OUTPUT,
                is_missing=(),
                took_ms=max(0, round((now_s - at_hand.began_s) * 1000)),
                cpu_ms=cpu_ms,
                at=now,
                why="",
            )
        ]


def not_asked(check: Check, why: str, now: datetime) -> RawOutcome:
    """Give the outcome of a check that could not be asked, and why."""
    return _outcome(check, now, why=why)


def _outcome(
    check: Check, now: datetime, *, why: str = "", is_missing: tuple[str, ...] = ()
) -> RawOutcome:
    return RawOutcome(
        check_id=check.id,
        output=b"",
        exit_status=None,
        is_whole=False,
        is_missing=is_missing,
        took_ms=0,
        cpu_ms=None,
        at=now,
        why=why,
    )


def _ticks(words: str) -> int | None:
    word = words.strip()
    return int(word) if word.isascii() and word.isdigit() and len(word) <= 12 else None
