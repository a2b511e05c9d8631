"""One sample: what reading a server costs us and the server, beside OpenSSH with ControlMaster."""

import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue

from bench.loopback import CAT_COMMAND, running_sshds
from bench.measure import Baseline, Measure
from bench.spent import spent_by_family_s, spent_s
from noc_console.fleet.failure import Failure
from noc_console.links.host_keys import KnownKeys
from noc_console.links.reader import LinkReader
from noc_console.links.ssh import SshConnection, connect
from noc_console.telemetry.frame import FrameReader
from noc_console.telemetry.probe import Part, probe_script, tick_line
from noc_console.telemetry.quick import SampleReader
from tests.sshd import Sshd

ANSWER_WITHIN_S = 20.0
UPTIME_STEP_S = 0.011
"""/proc/uptime tells hundredths of a second."""

BASELINE = "(ssh, ControlMaster, cat)"


class ProbedServer:
    """One probe stream: a tick goes out, its frame is read into a sample."""

    def __init__(self, connection: SshConnection) -> None:
        """Start the probe and wait until it is ready."""
        self._frames = FrameReader()
        self._samples = SampleReader(1)
        self._sequence = 0
        self._arrived: SimpleQueue[bytes] = SimpleQueue()
        self._stream = connection.open_stream(probe_script(), self._arrived.put, self._end)
        while not self._frames.ready:
            self._wait()

    def sample(self) -> None:
        """Take one sample, at a later uptime than the one before: else there are no rates."""
        time.sleep(UPTIME_STEP_S)
        self._ask()
        while not self._wait():
            pass

    def tick(self) -> None:
        """Take one frame's bytes and throw them away, as the baseline does with its own."""
        end, last = b"@end %d\n" % self._ask(), b""
        while not last.endswith(end):
            last = (last + self._arrived.get(timeout=ANSWER_WITHIN_S))[-len(end) :]

    def _ask(self) -> int:
        self._sequence += 1
        self._stream.send(tick_line(self._sequence, frozenset({Part.FAST})))
        return self._sequence

    def _wait(self) -> int:
        try:
            content = self._arrived.get(timeout=ANSWER_WITHIN_S)
        except Empty as error:
            raise RuntimeError("the probe did not answer") from error
        if self._samples.quick(content, self._sequence, datetime.now(UTC)) is not None:
            return 1
        frames = self._frames.feed(content)
        for frame in frames:
            self._samples.read(frame, datetime.now(UTC))
        return len(frames)

    def _end(self, failure: Failure) -> None:
        print(failure.sentence)


def run(folder: Path, *, quick: bool) -> list[Measure]:
    """Take samples in both ways in turn, so that what else runs here disturbs both alike."""
    rounds, ticks, commands = (5, 60, 10) if quick else (15, 120, 20)
    ours_ms: list[float] = []
    read_ms: list[float] = []
    theirs_ms: list[float] = []
    with (
        running_sshds(folder / "servers", 2) as (for_us, for_them),
        _master(folder, for_them) as (command, master),
    ):
        connection = connect(for_us.server(), known=_keys_of(for_us))
        reader = LinkReader()
        connection.hand_to(reader)
        try:
            server = ProbedServer(connection)
            for _ in range(5):
                server.sample()
                subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            ours_before_s, theirs_before_s = _spent_on(for_us), _spent_on(for_them)
            for _ in range(rounds):
                ours_ms.append(_ours_ms(server.tick, ticks))
                read_ms.append(_ours_ms(server.sample, ticks))
                theirs_ms.append(_theirs_ms(command, master, commands))
            on_server_ms = 1000 * (_spent_on(for_us) - ours_before_s) / (rounds * ticks * 2)
            by_cat_ms = 1000 * (_spent_on(for_them) - theirs_before_s) / (rounds * commands)
        finally:
            connection.close()
            reader.stop()
    return [
        Measure(
            name="console CPU a sample",
            unit="ms",
            ours=statistics.median(ours_ms),
            baseline=Baseline(name=BASELINE, value=statistics.median(theirs_ms)),
            times_less=40.0,
            note="both throw the bytes away",
        ),
        Measure(
            name="console CPU a sample, read and understood",
            unit="ms",
            ours=statistics.median(read_ms),
            baseline=Baseline(name=BASELINE, value=statistics.median(theirs_ms)),
            note="the baseline still throws its bytes away",
        ),
        Measure(
            name="server CPU a sample, sshd and shell",
            unit="ms",
            ours=on_server_ms,
            baseline=Baseline(name=BASELINE, value=by_cat_ms),
            times_less=2.0,
        ),
    ]


def _ours_ms(take: Callable[[], None], ticks: int) -> float:
    before_s = time.process_time()
    for _ in range(ticks):
        take()
    return 1000 * (time.process_time() - before_s) / ticks


def _theirs_ms(command: list[str], master: int, commands: int) -> float:
    before_s = _ended_children_s() + spent_s(master)
    for _ in range(commands):
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return 1000 * (_ended_children_s() + spent_s(master) - before_s) / commands


def _ended_children_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _spent_on(sshd: Sshd) -> float:
    if sshd.process is None:
        raise RuntimeError("the sshd is gone")
    return spent_by_family_s(sshd.process.pid)


def _keys_of(sshd: Sshd) -> KnownKeys:
    return KnownKeys(
        accepted=lambda _address, _port: [sshd.host_key_line],
        same_key_as=lambda _fingerprint, _address, _port: [],
        files=(),
    )


@contextmanager
def _master(folder: Path, sshd: Sshd) -> Iterator[tuple[list[str], int]]:
    """Run OpenSSH's connection master; gives the command that reads over it, and its process."""
    known_hosts = folder / "known_hosts"
    known_hosts.write_text(f"[{sshd.address}]:{sshd.port} {sshd.host_key_line}\n")
    options = ("BatchMode=yes", "LogLevel=ERROR", f"UserKnownHostsFile={known_hosts}")
    ssh = ["ssh", "-F", "none", "-i", str(sshd.key), "-p", str(sshd.port), "-S", str(folder / "s")]
    for option in options:
        ssh += ["-o", option]
    ssh.append(f"{sshd.server().user}@{sshd.address}")
    master = subprocess.Popen([*ssh[:1], "-M", "-N", *ssh[1:]], stdin=subprocess.DEVNULL)
    try:
        deadline_s = time.monotonic() + ANSWER_WITHIN_S
        while not (folder / "s").exists():
            if time.monotonic() > deadline_s or master.poll() is not None:
                raise RuntimeError("ssh's master did not come up")
            time.sleep(0.05)
        yield [*ssh, CAT_COMMAND], master.pid
    finally:
        master.terminate()
        master.wait(10)
