"""A real sudo in front of a real nginx: allowed, with a password, with a wrong one, not allowed.

`service` is a script of the test that only knows this nginx; sudo finds it by the secure_path of a
rule that holds for the test's own user alone.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from noc_console.engine.gate_hands import RemoteHands
from noc_console.engine.gate_passage import Passage
from noc_console.engine.gate_surroundings import Patience, Refused, Surroundings
from noc_console.fleet.secrets import SecretKind, put_secret
from noc_console.incidents.gate.gate import ActKind, Affected, sudo_entry
from noc_console.incidents.gate.gate_records import begin_act, get_act
from noc_console.links.accepted_keys import known_keys
from noc_console.links.ssh import connect
from noc_console.store.orders import claim, place
from tests.desk.memory_keyring import MemoryKeyring
from tests.engine.running import add, now, wait_until
from tests.faults.people import User, needs_root, user
from tests.sshd import Sshd, free_port

pytestmark = [
    needs_root,
    pytest.mark.skipif(shutil.which("sudo") is None, reason="the package sudo is not installed"),
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed"),
]
PASSWORD = "open sesame 'or' \"not\" $HOME"
QUICK = Patience(command_s=20.0, settle_s=5.0, look_every_s=0.2)

_SERVICE = """#!/bin/sh
[ "$1" = nocnginx ] || exit 3
case $2 in
status) [ -d "/proc/$(cat {folder}/nginx.pid 2>/dev/null || echo none)" ] || exit 3 ;;
restart)
    id -u >>{folder}/restarted-by
    [ -e {folder}/nginx.pid ] && kill "$(cat {folder}/nginx.pid)"
    while [ -e {folder}/nginx.pid ]; do sleep 0.05; done
    exec {nginx} -c {folder}/nginx.conf -e {folder}/error.log ;;
esac
"""
_CONF = """pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ }}
http {{ access_log off; client_body_temp_path {folder}; proxy_temp_path {folder};
    fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
    server {{ listen 127.0.0.1:{port}; }} }}
"""


class Host:
    """An sshd for one ordinary user, and an nginx that only root may restart."""

    def __init__(self, folder: Path, person: User) -> None:
        self.folder, self.person = folder, person
        self.rule = Path("/etc/sudoers.d") / person.name
        for part in ("bin", "scripts", "run", "sshd"):
            (folder / part).mkdir()
        script = folder / "bin" / "service"
        script.write_text(_SERVICE.format(folder=folder, nginx=shutil.which("nginx")))
        script.chmod(0o755)
        (folder / "scripts" / "nocnginx").symlink_to(script)
        (folder / "nginx.conf").write_text(_CONF.format(folder=folder, port=free_port()))
        self._write_proc(folder / "proc")
        self.sshd = Sshd(
            folder / "sshd",
            options={
                "SetEnv": f"PATH={folder / 'bin'}:/usr/bin:/bin NOC_RUN={folder / 'run'}"
                f" NOC_INIT_SCRIPTS={folder / 'scripts'} NOC_PROC={folder / 'proc'}"
            },
        ).start()

    def _write_proc(self, proc: Path) -> None:
        """This machine's own, but for ports and mounts: those of other tests come and go."""
        (proc / "net").mkdir(parents=True)
        for name in ("loadavg", "stat", "sys", "uptime"):
            (proc / name).symlink_to(Path("/proc") / name)
        (proc / "net" / "tcp").write_text("  sl  local_address rem_address st\n")
        (proc / "mounts").write_text("/dev/vda1 / ext4 rw 0 0\n")

    def allow(self, tags: str, what: str = "") -> None:
        name, place = self.person.name, self.folder / "bin"
        self.rule.write_text(
            f"Defaults:{name} secure_path={place}:/usr/bin:/bin\n"
            f"{name} ALL=(root) {tags} {what or f'{place}/service nocnginx restart'}\n"
        )
        self.rule.chmod(0o440)
        subprocess.run(["visudo", "-cqf", self.rule], check=True)

    @property
    def restarted_by(self) -> list[str]:
        file = self.folder / "restarted-by"
        return file.read_text().split() if file.exists() else []

    def close(self) -> None:
        self.rule.unlink(missing_ok=True)
        self.sshd.stop()
        pid = self.folder / "nginx.pid"
        if pid.exists():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid.read_text()), signal.SIGTERM)
            wait_until(lambda: not pid.exists(), 10)


@pytest.fixture
def host() -> Iterator[Host]:
    with tempfile.TemporaryDirectory() as folder, user("/bin/sh", password=PASSWORD) as person:
        Path(folder).chmod(0o755)
        made = Host(Path(folder), person)
        yield made
        made.close()


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    before = keyring.get_keyring()
    memory = MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


@pytest.fixture
def restart(store, host, ring):
    server = add(
        store, host.sshd, "web1", user=host.person.name, expected_services=("nocnginx.service",)
    )

    def run(service="nocnginx.service"):
        place(store, "restart service", server_id=server.id, request={}, asked_by="anna", now=now())
        order = claim(store, 1, now())
        act = begin_act(
            store,
            order,
            ActKind.RESTART_SERVICE,
            server,
            reason="it leaks",
            service=service,
            affected=Affected(),
        )

        def reach(server):
            return RemoteHands(None, lambda: connect(server, known=known_keys(store)))

        around = Surroundings(
            store=store,
            now=now,
            wait=threading.Event().wait,
            is_ending=lambda: False,
            own_host="desk",
            reach=reach,
            take_evidence=lambda *_: (None, "none", True),
            wake=lambda _: None,
            expect_away=lambda _server_id, _is_away: None,
        )
        passage = Passage(around, act, server, QUICK)
        try:
            return passage.go(reach(server), skips_evidence="a test"), get_act(store, act.id)
        finally:
            run.act = get_act(store, act.id)

    run.server = server
    return run


def test_a_service_is_restarted_where_sudo_allows_it_without_a_password(restart, host):
    host.allow("NOPASSWD:")

    outcome, act = restart()

    assert outcome["is_well"] is True, act.steps
    assert host.restarted_by == ["0"]
    assert act.command == "service nocnginx restart"


def test_a_password_from_the_keyring_is_fed_to_sudo_and_is_seen_nowhere(restart, host, store):
    host.allow("PASSWD:")
    put_secret(sudo_entry(restart.server), SecretKind.SUDO_PASSWORD, PASSWORD)

    outcome, act = restart()

    assert outcome["is_well"] is True, act.steps
    assert host.restarted_by == ["0"]
    kept = b"".join(path.read_bytes() for path in store.location.folder.rglob("*.sqlite3*"))
    assert PASSWORD.encode() not in kept
    assert "sesame" not in host.sshd.log


def test_without_a_password_the_sentence_says_how_to_allow_it(restart, host):
    host.allow("PASSWD:")

    with pytest.raises(Refused) as met:
        restart()

    assert "wants a password" in met.value.sentence
    assert f"{host.person.name} ALL=(root) NOPASSWD: /usr/sbin/service" in met.value.sentence
    assert "noc-console server sudo web1" in met.value.sentence
    assert host.restarted_by == []


def test_a_wrong_password_is_tried_once_and_told(restart, host):
    host.allow("PASSWD:")
    put_secret(sudo_entry(restart.server), SecretKind.SUDO_PASSWORD, "wrong one")

    with pytest.raises(Refused, match="refused the password"):
        restart()

    assert host.restarted_by == []
    assert all("wrong one" not in step.words for step in restart.act.steps)


def test_what_sudo_does_not_allow_is_told_with_the_line_that_would(restart, host):
    host.allow("NOPASSWD:", what="/usr/bin/true")

    with pytest.raises(Refused) as met:
        restart()

    assert "NOPASSWD: /usr/sbin/service nocnginx restart" in met.value.sentence
    assert host.restarted_by == []
