"""A real mail server that the tests of delivery share, and what their receivers heard."""

from collections.abc import Iterator

import pytest

from noc_console.health.delivery.mail_server import MailServer
from tests.postfix import PASSWORD, USER, Postfix, skip_without_root


@pytest.fixture(scope="module")
def postfix() -> Iterator[Postfix]:
    """Give a running Postfix."""
    skip_without_root()
    running = Postfix()
    try:
        yield running.start()
    finally:
        running.remove()


@pytest.fixture
def mail_server(postfix: Postfix, monkeypatch: pytest.MonkeyPatch) -> MailServer:
    """Give how that Postfix is reached; its certificate is trusted, its password in a variable."""
    monkeypatch.setenv("SSL_CERT_FILE", str(postfix.certificate))
    monkeypatch.setenv("NOC_TEST_MAIL_PASSWORD", PASSWORD)
    return MailServer(
        host=postfix.host,
        port=postfix.port,
        sender="noc@example.com",
        user=USER,
        secret="env:NOC_TEST_MAIL_PASSWORD",
    )
