"""Outside checks of real servers: sshd, PostgreSQL, a name server, ports nobody listens on."""

import asyncio
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import psycopg
import pytest

from noc_console.fleet.checks import parse_check
from noc_console.telemetry.outside.check import run_check
from noc_console.telemetry.service import CheckResult, Outside
from tests.conftest import NOW
from tests.postgresql import _as_postgres, _programs
from tests.sshd import Sshd, free_port


def ask(text: str, timeout_s: float = 10.0, address: str = "127.0.0.1") -> CheckResult:
    return asyncio.run(run_check(parse_check(text), address, now=NOW, timeout_s=timeout_s))


def test_a_real_sshd_answers_with_its_version(tmp_path: Path) -> None:
    sshd = Sshd(tmp_path).start()
    try:
        result = ask(f"ssh:{sshd.port}")
        wrong = ask(f"smtp:{sshd.port}")
    finally:
        sshd.stop()
    assert result.outside is Outside.ANSWERS
    assert "SSH-2.0-OpenSSH" in result.detail
    assert wrong.outside is Outside.WRONG_ANSWER
    assert "SSH-2.0-OpenSSH" in wrong.detail


def test_a_frozen_sshd_gives_no_answer_though_its_port_opens(tmp_path: Path) -> None:
    sshd = Sshd(tmp_path).start()
    sshd.pause()
    try:
        accepts = ask(f"tcp:{sshd.port}")
        answers = ask(f"ssh:{sshd.port}", timeout_s=0.5)
    finally:
        sshd.resume()
        sshd.stop()
    assert accepts.outside is Outside.ANSWERS
    assert answers.outside is Outside.NO_ANSWER


@contextmanager
def _listening_postgresql(folder: Path) -> Iterator[int]:
    """Run a PostgreSQL that takes two connections at most on a TCP port."""
    folder.chmod(0o755)
    port, cluster = free_port(), folder / "cluster"
    as_postgres = _as_postgres()
    if as_postgres:
        shutil.chown(folder, "postgres", "postgres")

    def control(*arguments: object) -> None:
        subprocess.run(
            [*as_postgres, *map(str, arguments)],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )

    programs = _programs()
    control(programs / "initdb", "-D", cluster, "-A", "trust", "-U", "noc", "--no-sync")
    (cluster / "pg_hba.conf").write_text(
        "host all noc 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
    )
    options = (
        f"-c listen_addresses=127.0.0.1 -c port={port} -k {folder} -c fsync=off"
        " -c max_connections=2 -c superuser_reserved_connections=1 -c max_wal_senders=0"
    )
    control(programs / "pg_ctl", "-D", cluster, "-w", "-o", options, "start")
    try:
        yield port
    finally:
        control(programs / "pg_ctl", "-D", cluster, "-m", "immediate", "-w", "stop")


@pytest.fixture(scope="module")
def postgresql_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = Path("/tmp") / f"noc-pg-tcp-{tmp_path_factory.mktemp('pg').parent.name}"
    folder.mkdir(mode=0o755)
    try:
        with _listening_postgresql(folder) as port:
            yield port
    finally:
        shutil.rmtree(folder)


def test_a_real_postgresql_answers(postgresql_port: int) -> None:
    result = ask(f"postgresql:{postgresql_port}")
    assert result.outside is Outside.ANSWERS, result.detail


def test_a_postgresql_without_a_free_connection_is_a_wrong_answer(postgresql_port: int) -> None:
    address = f"host=127.0.0.1 port={postgresql_port} user=noc dbname=postgres"
    with psycopg.connect(address), psycopg.connect(address):
        result = ask(f"postgresql:{postgresql_port}")
    assert result.outside is Outside.WRONG_ANSWER, result.detail
    assert "too many clients" in result.detail or "reserved" in result.detail


class _NameServer(threading.Thread):
    """Answers on UDP: one name has an address, others are refused, sent on, or garbage."""

    def __init__(self) -> None:
        super().__init__()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.unheard = 0

    def run(self) -> None:
        while True:
            words, peer = self.socket.recvfrom(4096)
            if not words:
                return
            question = dns.message.from_wire(words)
            name = question.question[0].name.to_text()
            if name == "lost.example." and not self.unheard:
                self.unheard += 1
                continue
            self.socket.sendto(self._reply(question, name), peer)

    def _reply(self, question: dns.message.Message, name: str) -> bytes:
        if name == "garbage.example.":
            return question.to_wire()[:2] + b"\x81\x80 garbage"
        reply = dns.message.make_response(question)
        if name in {"web.example.", "lost.example."}:
            reply.answer.append(dns.rrset.from_text(name, 60, "IN", "A", "192.0.2.7"))
        elif name == "empty.example.":
            reply.flags |= dns.flags.AA
        elif name == "refused.example.":
            reply.set_rcode(dns.rcode.REFUSED)
        return reply.to_wire()

    def __enter__(self) -> "_NameServer":
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.socket.sendto(b"", self.socket.getsockname())
        self.join()
        self.socket.close()


@pytest.mark.parametrize(
    ("name", "outside", "words"),
    [
        ("web.example", Outside.ANSWERS, "192.0.2.7"),
        ("empty.example", Outside.ANSWERS, "accepts"),
        ("refused.example", Outside.WRONG_ANSWER, "REFUSED"),
        ("elsewhere.example", Outside.WRONG_ANSWER, "names other servers"),
        ("garbage.example", Outside.WRONG_ANSWER, "no DNS reply"),
        ("a" * 70 + ".example", Outside.WRONG_ANSWER, "edit the check"),
    ],
)
def test_a_name_server_answers_for_its_names_only(name: str, outside: Outside, words: str) -> None:
    with _NameServer() as server:
        result = ask(f"dns:{server.port}/{name}")
    assert result.outside is outside, result.detail
    assert words in result.detail


def test_a_lost_question_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("noc_console.telemetry.outside.name_server.TRY_S", 0.2)
    with _NameServer() as server:
        result = ask(f"dns:{server.port}/lost.example")
        assert server.unheard == 1
    assert result.outside is Outside.ANSWERS


@pytest.mark.parametrize("kind", ["tcp", "smtp", "http", "https", "postgresql"])
def test_a_port_nobody_listens_on_refuses(kind: str) -> None:
    result = ask(f"{kind}:{free_port()}")
    assert result.outside is Outside.REFUSED, result.detail
    assert result.latency_ms is None


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 70])
@pytest.mark.parametrize("kind", ["smtp:25", "http:80", "dns:53/example.com"])
def test_a_name_that_is_not_found_gives_no_answer(kind: str, host: str) -> None:
    result = ask(kind, address=host)
    assert (result.outside, result.detail) == (
        Outside.NO_ANSWER,
        "Its name is not found; check the name and our DNS.",
    )
