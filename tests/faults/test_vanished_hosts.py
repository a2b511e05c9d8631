"""A host whose packets vanish, before a connection and in mid-stream: nothing hangs here."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from noc_console.fleet.failure import FailureKind
from noc_console.links.ssh import LinkFailure, SshConnection
from tests.faults.namespace import Host, host, needs_root
from tests.faults.watching import fast, linked, sample_of
from tests.links.conftest import QUICK
from tests.promised import assert_promised
from tests.sshd import Sshd

pytestmark = needs_root


@pytest.fixture
def far(tmp_path) -> Iterator[tuple[Host, Sshd]]:
    """Give a host and the sshd that runs there."""
    with host() as one:
        sshd = Sshd(tmp_path / "sshd", address=one.address, prefix=one.enter).start()
        sshd._wait_for_port()
        yield one, sshd
        sshd.stop()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    started_s = time.monotonic()
    yield
    assert time.monotonic() - started_s < seconds


def failure_of(sshd: Sshd):
    with pytest.raises(LinkFailure) as caught, linked(sshd, timeouts=QUICK):
        pass
    assert_promised(caught.value.failure)
    return caught.value.failure


def test_a_host_whose_packets_vanish_is_given_up_in_time(far):
    one, sshd = far
    one.lose_packets()

    with within(20):
        failure = failure_of(sshd)

    assert failure.kind is FailureKind.TIMED_OUT
    assert "check that it is up and that no firewall is in the way" in failure.sentence


def test_a_host_whose_cable_is_pulled_is_said_to_be_unreachable(far):
    one, sshd = far
    one.pull_the_cable()

    with within(20):
        failure = failure_of(sshd)

    assert failure.kind in {FailureKind.UNREACHABLE, FailureKind.TIMED_OUT}


def used_up(connection: SshConnection, watch) -> threading.Thread:
    """Ask and close on a thread, as the engine would, to see whether it is held up."""

    def use() -> None:
        for number in range(100, 300):
            watch.stream.send(b"tick %d fast\n" % number)
        watch.stream.close()
        connection.close()

    thread = threading.Thread(target=use, daemon=True)
    thread.start()
    thread.join(20)
    return thread


@pytest.mark.parametrize("lose", [Host.lose_packets, Host.pull_the_cable])
def test_a_host_lost_in_mid_stream_holds_up_neither_asking_nor_closing(far, lose):
    one, sshd = far
    with linked(sshd) as connection:
        watch = fast(connection)
        watch.tick()

        lose(one)

        assert not used_up(connection, watch).is_alive()


def test_a_command_on_a_lost_host_ends_at_its_deadline(far):
    one, sshd = far
    with linked(sshd, timeouts=QUICK) as connection:
        fast(connection).tick()
        one.lose_packets()

        with within(20), pytest.raises(LinkFailure) as caught:
            connection.run(b"echo\n", deadline_s=2, max_bytes=100)

    assert caught.value.failure.kind is FailureKind.STOPPED_ANSWERING


@pytest.mark.parametrize(
    ("lose", "find"),
    [(Host.lose_packets, Host.lose_no_more), (Host.pull_the_cable, Host.plug_it_in)],
)
def test_a_host_that_is_back_soon_goes_on_where_it_was(far, lose, find):
    one, sshd = far
    with linked(sshd) as connection:
        watch = fast(connection)
        watch.tick()
        lose(one)
        with closing(_Later(1.5, lambda: find(one))):
            frame = watch.tick(timeout_s=60)

    assert "load1" in sample_of(frame)[0].values


class _Later:
    """Does something after a while; `close` waits for it."""

    def __init__(self, seconds, act):
        self._timer = threading.Timer(seconds, act)
        self._timer.start()

    def close(self):
        self._timer.join()
