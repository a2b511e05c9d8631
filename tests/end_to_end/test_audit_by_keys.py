"""A month by keys: run, decided, signed by one person, counter-signed by another, verified."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from noc_console.audit.audit import Audit, AuditState, CollectState
from noc_console.audit.audit_records import findings_of, list_audits, servers_of
from noc_console.audit.catalogue import checks_folder, load_catalogue
from noc_console.audit.decision import DecisionKind
from noc_console.audit.decision_records import decide, decisions_of
from noc_console.audit.sealing import signatures_of
from noc_console.audit.whole import read_whole
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store
from tests.audit.signed import make_key
from tests.cli.running import fingerprint
from tests.end_to_end.screen import screen, wait_for
from tests.end_to_end.test_gate_by_keys import run
from tests.end_to_end.test_window import Desk
from tests.engine.test_audit_run import CHECK
from tests.sshd import Sshd

pytestmark = [pytest.mark.slow, pytest.mark.by_keys, pytest.mark.timeout(400)]


@pytest.fixture
def sshd(tmp_path: Path):
    home = tmp_path / "server-home"
    home.mkdir()
    server = Sshd(tmp_path / "sshd", options={"SetEnv": f"HOME={home}"}).start()
    yield server
    server.stop()


def one_check_only(folder: Path) -> None:
    """Write a site's own checks: one of its own that finds something, the shipped ones off."""
    shipped = load_catalogue().checks
    words = 'step = "minimum services"\n' + CHECK.format(
        id="AA-01", cost="light", command="echo telnetd"
    )
    words += "".join(
        f'[[change]]\nid = "{one}"\noff = "This test asks one check."\n' for one in shipped
    )
    (folder / "checks").mkdir(parents=True, exist_ok=True)
    (folder / "checks" / "site.toml").write_text(words)


def the_audit(store: Store) -> Audit | None:
    """Give the audit once every server of it was asked."""
    for one in list_audits(store):
        states = {row.state for row in servers_of(store, one.id)}
        if states == {CollectState.DONE}:
            return one
    return None


def state_of(store: Store) -> AuditState:
    return list_audits(store)[0].state


def answer_the_rest(store: Store, audit: Audit, web1: int) -> None:
    """Answer all but the finding of web1: the engine's own machine, what no check looked at."""
    now = datetime.now(UTC)
    checks = load_catalogue(checks_folder(store.location)).checks
    against = read_whole(store, audit.id, now.date()).against_signing(checks)
    keys = [one.key for one in against if one.key[0] != web1]
    kinds = {
        DecisionKind.FALSE: [one for one in keys if one[2]],
        DecisionKind.ANSWERED: [one for one in keys if not one[2]],
    }
    for kind, some in kinds.items():
        if some:
            why = "This test asks one check."
            decide(store, audit.id, some, kind, reason=why, by="ann", now=now)


def test_a_month_from_the_run_to_two_signatures(tmp_path: Path, sshd: Sshd):
    with screen() as shown:
        desk = Desk(shown, tmp_path)
        keys = tmp_path / "home" / ".ssh"
        keys.mkdir()
        make_key(keys, "id_ann")
        make_key(keys, "id_ben")
        one_check_only(tmp_path / "store")
        try:
            _run_and_sign(desk, sshd)
            _countersign(desk)
            assert desk.quit() == 0
            assert desk.bugs() == ""
        finally:
            desk.kill()
        told = run(desk, "audit", "verify")
        assert "auditor: ann" in told
        assert "countersigner: ben" in told


def _run_and_sign(desk: Desk, sshd: Sshd) -> None:
    shown, server = desk.screen, sshd.server()
    desk._environment |= {"LOGNAME": "ann", "SSH_AUTH_SOCK": ""}
    desk.start()
    words = ("--host", server.address, "--port", str(server.port), "--user", server.user)
    trusted = ("--trust", fingerprint(sshd.host_key))
    run(desk, "server", "add", "web1", *words, "--key", server.key_file, *trusted)
    wait_for(lambda: desk.server("web1").get("link") == "up")
    shown.press("ctrl+0")
    shown.focus("^Audit – noc-console$")
    shown.press("ctrl+r")
    shown.focus("^Run the audit$")
    shown.press("alt+r")
    with closing(open_store(StoreLocation.parse(str(desk.folder / "store")))) as store:
        audit = wait_for(lambda: the_audit(store), 120)
        (web1,) = (
            one.server_id for one in servers_of(store, audit.id) if one.server_name == "web1"
        )
        assert (web1, "telnetd") in [(of, one.item) for of, one in findings_of(store, audit.id)]
        answer_the_rest(store, audit, web1)
        shown.focus("^Audit – noc-console$")
        shown.press("F5")

        def has_decided() -> bool:
            shown.press("f")
            taken = decisions_of(store, audit.id)
            return any(one.kind is DecisionKind.FIXED and one.by == "ann" for one in taken)

        def is_decided() -> bool:
            """Press F again and again: the lines that A asks for are read in the background."""
            shown.press("Escape", "a")
            return any(has_decided() for _ in range(10))

        wait_for(is_decided, 120)
        shown.press("ctrl+shift+s")
        shown.focus("^Sign the audit$")
        shown.press("Return")
        wait_for(lambda: state_of(store) is AuditState.SIGNED)
        assert [one.by for one in signatures_of(store, audit.id)] == ["ann"]
    shown.press("ctrl+1")
    shown.focus("^Fleet – noc-console$")
    assert desk.quit() == 0


def _countersign(desk: Desk) -> None:
    shown = desk.screen
    desk._environment["LOGNAME"] = "ben"
    desk.start()
    shown.press("ctrl+0")
    shown.focus("^Audit – noc-console$")
    with closing(open_store(StoreLocation.parse(str(desk.folder / "store")))) as store:
        wait_for(lambda: _pressed(desk, "ctrl+shift+s", "^Counter-sign the audit$"))
        shown.focus("^Counter-sign the audit$")
        shown.press("Return")  # the key that has not signed yet stands first
        wait_for(lambda: state_of(store) is AuditState.COUNTERSIGNED)
        assert [one.by for one in signatures_of(store, list_audits(store)[0].id)] == ["ann", "ben"]
    wait_for(lambda: _pressed(desk, "ctrl+shift+v", "^Verify the audit$"))
    shown.focus("^Verify the audit$")
    shown.press("Escape")
    shown.focus("^Audit – noc-console$")


def _pressed(desk: Desk, keys: str, title: str) -> bool:
    """Press keys until a dialog is there: the page may not have read its audit yet."""
    if not desk.screen.window(title):
        desk.screen.press(keys)
    return bool(desk.screen.window(title))
