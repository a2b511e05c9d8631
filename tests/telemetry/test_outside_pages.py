"""Pages asked of a real HTTP server, plain and with certificates made here."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from noc_console.fleet.server import CheckKind, OutsideCheck
from noc_console.telemetry.outside import page
from noc_console.telemetry.outside.check import run_check
from noc_console.telemetry.service import CheckResult, Outside
from tests.conftest import NOW
from tests.telemetry.greeter import Greeter


class _Site(BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        """Answer by path."""
        self.asked.append(self.path)
        status, location, body = {
            "/": (200, "", b"<h1>Welcome \xc3\xa9</h1>"),
            "/gone": (503, "", b""),
            "/moved": (301, "/", b""),
            "/loop": (302, "/loop", b""),
            "/away": (302, "http://elsewhere.invalid/", b""),
            "/bad-location": (302, "http://127.0.0.1:port/", b""),
            "/endless": (200, "", b"x" * (4 * page.MAX_BODY_BYTES) + b"Welcome"),
        }[self.path]
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except ConnectionError:
            return

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def site(tls: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[str]]]:
    """Run a site; gives its port and the list of paths asked for."""
    handler = type("Site", (_Site,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_port, handler.asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def certificate(folder: Path, name: str, expires_at: datetime) -> tuple[ssl.SSLContext, Path]:
    """Give a server's TLS with a self-signed certificate, and that certificate's file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    shown = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(expires_at - timedelta(days=90))
        .not_valid_after(expires_at)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + shown.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, path


def ask(kind: CheckKind, target: str, **fields: object) -> CheckResult:
    check = OutsideCheck(kind=kind, target=target, **fields)  # type: ignore[arg-type]
    return asyncio.run(run_check(check, "127.0.0.1", now=NOW, timeout_s=10))


def test_a_page_answers_with_its_code(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    with site() as (port, asked):
        result = ask(CheckKind.HTTP, str(port))
    assert not caplog.records
    assert (result.outside, result.detail) == (Outside.ANSWERS, "It answered HTTP 200.")
    assert asked == ["/"]
    assert result.latency_ms is not None


def test_a_wrong_code_or_a_missing_text_is_a_wrong_answer() -> None:
    with site() as (port, _):
        gone = ask(CheckKind.HTTP, f"{port}/gone")
        wanted = ask(CheckKind.HTTP, f"{port}/gone", expect_status=503)
        other = ask(CheckKind.HTTP, str(port), expect_status=204)
        found = ask(CheckKind.HTTP, str(port), expect_text="Welcome é")
        missing = ask(CheckKind.HTTP, str(port), expect_text="Database error")
    assert gone.detail == "It answered HTTP 503, and a code below 400 was expected."
    assert other.detail == "It answered HTTP 200, and 204 was expected."
    assert missing.detail == "The page does not hold the text “Database error”."
    assert [one.outside for one in (gone, other, missing)] == [Outside.WRONG_ANSWER] * 3
    assert [one.outside for one in (wanted, found)] == [Outside.ANSWERS] * 2


def test_redirects_are_followed_on_the_own_host_and_never_off_it() -> None:
    with site() as (port, asked):
        assert ask(CheckKind.HTTP, f"{port}/moved").detail == "It answered HTTP 200."
        assert asked == ["/moved", "/"]
        assert ask(CheckKind.HTTP, f"{port}/moved", expect_status=301).outside is Outside.ANSWERS
        assert ask(CheckKind.HTTP, f"{port}/away").detail == "It answered HTTP 302."
        loop = ask(CheckKind.HTTP, f"{port}/loop")
        assert loop.detail == f"It redirects more than {page.MAX_REDIRECTS} times."
        assert ask(CheckKind.HTTP, f"{port}/bad-location").outside is Outside.WRONG_ANSWER


def test_no_more_than_a_megabyte_of_a_page_is_read() -> None:
    with site() as (port, _):
        result = ask(CheckKind.HTTP, f"{port}/endless", expect_text="Welcome")
    assert result.outside is Outside.WRONG_ANSWER


def test_what_is_not_http_is_a_wrong_answer() -> None:
    result = Greeter(b"", [b"220 mail ESMTP\r\n\r\n"]).asked(CheckKind.HTTP)
    assert (result.outside, result.detail) == (
        Outside.WRONG_ANSWER,
        "It does not answer in HTTP.",
    )


def test_plain_http_on_a_tls_port_is_a_wrong_answer() -> None:
    with site() as (port, _):
        result = ask(CheckKind.HTTPS, str(port))
    assert result.outside is Outside.WRONG_ANSWER
    assert "TLS" in result.detail


@pytest.mark.parametrize("days", [30, -1])
def test_without_a_name_only_the_certificates_date_is_read(tmp_path: Path, days: int) -> None:
    expires_at = datetime.now(NOW.tzinfo).replace(microsecond=0) + timedelta(days=days)
    tls, _ = certificate(tmp_path, "web.example", expires_at)
    with site(tls) as (port, _):
        result = ask(CheckKind.HTTPS, str(port))
    assert result.outside is Outside.ANSWERS, result.detail
    assert result.certificate_expires_at == expires_at


def test_a_named_pages_certificate_must_be_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expires_at = datetime.now(NOW.tzinfo).replace(microsecond=0) + timedelta(days=30)
    tls, path = certificate(tmp_path, "localhost", expires_at)
    with site(tls) as (port, asked):
        refused = ask(CheckKind.HTTPS, f"https://localhost:{port}/")
        assert refused.outside is Outside.WRONG_ANSWER
        assert "self-signed" in refused.detail
        assert refused.certificate_expires_at == expires_at
        assert asked == []

        trusting = ssl.create_default_context(cafile=str(path))
        monkeypatch.setattr(page, "verifying", lambda: trusting)
        accepted = ask(CheckKind.HTTPS, f"https://localhost:{port}/")
        assert accepted.outside is Outside.ANSWERS, accepted.detail
        assert accepted.certificate_expires_at == expires_at
        other_name = ask(CheckKind.HTTPS, f"https://127.0.0.1:{port}/")
        assert other_name.outside is Outside.WRONG_ANSWER


def test_an_expired_certificate_of_a_named_page_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expired_at = datetime.now(NOW.tzinfo).replace(microsecond=0) - timedelta(days=2)
    tls, path = certificate(tmp_path, "localhost", expired_at)
    trusting = ssl.create_default_context(cafile=str(path))
    monkeypatch.setattr(page, "verifying", lambda: trusting)
    with site(tls) as (port, _):
        result = ask(CheckKind.HTTPS, f"https://localhost:{port}/")
    assert result.outside is Outside.WRONG_ANSWER
    assert "expired" in result.detail
    assert result.certificate_expires_at == expired_at


def test_mail_on_a_tls_port_shows_its_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expires_at = datetime.now(NOW.tzinfo).replace(microsecond=0) + timedelta(days=30)
    tls, _ = certificate(tmp_path, "mail.example", expires_at)
    mail = Greeter(b"* OK ready\r\n")

    async def asked() -> CheckResult:
        server = await asyncio.start_server(mail.serve, "127.0.0.1", 0, ssl=tls)
        async with server:
            port = server.sockets[0].getsockname()[1]
            tls_ports = frozenset({port})
            monkeypatch.setattr("noc_console.telemetry.outside.check.TLS_PORTS", tls_ports)
            check = OutsideCheck(kind=CheckKind.IMAP, target=str(port))
            return await run_check(check, "127.0.0.1", now=NOW)

    result = asyncio.run(asked())
    assert result.outside is Outside.ANSWERS, result.detail
    assert result.certificate_expires_at == expires_at
