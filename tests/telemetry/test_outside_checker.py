"""The background checker against real ports: never twice at once, many at once, a quick end."""

import queue
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from noc_console.fleet.server import CheckKind, OutsideCheck
from noc_console.telemetry.outside.checker import OutsideChecker
from noc_console.telemetry.service import CheckResult, Outside

Results = queue.SimpleQueue[tuple[int, CheckResult]]


@pytest.fixture
def results() -> Results:
    return queue.SimpleQueue()


@pytest.fixture
def checker(results: Results) -> Iterator[OutsideChecker]:
    running = OutsideChecker(lambda server_id, result: results.put((server_id, result)))
    yield running
    running.stop()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Give a port that accepts, by its backlog, and says nothing by itself."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen(512)
        sock.settimeout(10)
        yield sock


def on(listener: socket.socket, kind: CheckKind) -> OutsideCheck:
    return OutsideCheck(kind=kind, target=str(listener.getsockname()[1]))


def test_a_submitted_check_calls_back_with_its_server(
    checker: OutsideChecker, results: Results, listener: socket.socket
) -> None:
    checker.submit(7, on(listener, CheckKind.TCP), "127.0.0.1")
    server_id, result = results.get(timeout=10)
    assert (server_id, result.outside) == (7, Outside.ANSWERS)
    assert result.at.tzinfo is not None


def test_a_check_under_way_is_not_asked_twice(
    checker: OutsideChecker, results: Results, listener: socket.socket
) -> None:
    check = on(listener, CheckKind.POP3)
    for server_id in (1, 1, 1, 2):
        checker.submit(server_id, check, "127.0.0.1")
    peers = [listener.accept()[0] for _ in range(2)]
    for peer in peers:
        peer.sendall(b"+OK\r\n")
    found = sorted(results.get(timeout=10)[0] for _ in peers)
    checker.submit(1, check, "127.0.0.1")
    peers.append(listener.accept()[0])
    peers[-1].sendall(b"+OK\r\n")
    assert results.get(timeout=10)[0] == 1
    for peer in peers:
        peer.close()
    assert found == [1, 2]
    assert results.empty()


def test_a_hundred_silent_servers_do_not_hold_up_one_that_answers(
    checker: OutsideChecker, results: Results, listener: socket.socket
) -> None:
    for server_id in range(100):
        checker.submit(server_id, on(listener, CheckKind.SMTP), "127.0.0.1")
    checker.submit(100, on(listener, CheckKind.TCP), "127.0.0.1")
    assert results.get(timeout=30)[0] == 100


def test_stopping_drops_what_is_under_way_within_a_second(
    results: Results, listener: socket.socket
) -> None:
    checker = OutsideChecker(lambda server_id, result: results.put((server_id, result)))
    checker.submit(1, on(listener, CheckKind.SMTP), "127.0.0.1")
    with listener.accept()[0]:
        began_s = time.monotonic()
        checker.stop()
        assert time.monotonic() - began_s < 1.0
    assert results.empty()
    assert not any(thread.name == "outside-checks" for thread in threading.enumerate())


def test_names_nobody_answers_for_hold_up_nothing_and_no_end(
    results: Results, listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look-up may hang for half a minute, many at once; here they hang as long as the test."""
    let_go = threading.Event()
    looked_up = threading.Semaphore(0)
    real = socket.getaddrinfo

    def hanging(host: str, *arguments: object, **fields: object) -> object:
        if host == "dead.example":
            looked_up.release()
            let_go.wait(30)
            raise socket.gaierror(socket.EAI_AGAIN, "no")
        return real(host, *arguments, **fields)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", hanging)
    checker = OutsideChecker(lambda server_id, result: results.put((server_id, result)))
    for server_id in range(50):
        checker.submit(server_id, on(listener, CheckKind.TCP), "dead.example")
    for _ in range(50):
        assert looked_up.acquire(timeout=10)
    checker.submit(99, on(listener, CheckKind.TCP), "localhost")
    assert results.get(timeout=30)[0] == 99
    began_s = time.monotonic()
    checker.stop()
    assert time.monotonic() - began_s < 1.0
    let_go.set()
    for thread in threading.enumerate():
        if thread.name.startswith("look-up"):
            thread.join(10)
