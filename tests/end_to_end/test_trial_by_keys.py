"""A notice mailed to oneself by keys alone, in a real window, by a real Postfix."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.first_word import command
from tests.end_to_end.screen import Screen, screen, wait_for
from tests.end_to_end.test_incidents_by_keys import told
from tests.end_to_end.test_window import Desk
from tests.mail_run import OPEN_RELAY
from tests.postfix import Postfix, skip_without_root

pytestmark = [pytest.mark.slow, pytest.mark.by_keys, pytest.mark.timeout(300)]


@pytest.fixture
def shown() -> Iterator[Screen]:
    with screen() as one:
        yield one


@pytest.fixture
def desk(shown: Screen, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(shown, tmp_path)
    yield desk
    desk.kill()


@pytest.fixture
def postfix() -> Iterator[Postfix]:
    skip_without_root()
    postfix = Postfix(OPEN_RELAY)
    try:
        yield postfix.start()
    finally:
        postfix.remove()


def test_a_test_send_arrives_from_the_composer_at_a_real_mail_server(
    desk: Desk, shown: Screen, postfix: Postfix
) -> None:
    command(desk, "server", "add", "web-01", "--host", "192.0.2.1", "--site", "birch.example=Birch")
    command(
        desk,
        *("recipient", "mail-server", "--host", "127.0.0.1", "--port", str(postfix.port)),
        *("--security", "none", "--from", "noc@example.com"),
    )
    command(desk, "channel", "add", "Mail", "email", "--set", "for_all=yes")
    desk.start()

    shown.press("ctrl+8")
    shown.focus("^Notices – noc-console$")
    shown.press("Insert")
    wait_for(lambda: told(desk, "notice", "list")["notices"])
    shown.type("Kernel update")
    wait_for(lambda: told(desk, "notice", "list")["notices"][0]["title"] == "Kernel update")
    shown.press("ctrl+shift+t")
    shown.focus("^Test send$")
    shown.type("ann@example.com")
    shown.press("Return")
    (mail,) = wait_for(postfix.mails)

    assert mail["To"] == "ann@example.com"
    assert mail["Subject"].startswith("[Trial] ")
    assert "Kernel update" in mail["Subject"]
    shown.press("Escape")
    assert desk.quit() == 0
    assert desk.bugs() == ""
