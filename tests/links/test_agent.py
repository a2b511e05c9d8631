import subprocess
import time
from dataclasses import replace

import pytest

from noc_console.fleet.failure import FailureKind
from noc_console.fleet.server import Authentication
from tests.links.connecting import failure_of, open_to
from tests.sshd import make_key


@pytest.fixture
def agent(tmp_path, monkeypatch):
    path = tmp_path / "agent"
    process = subprocess.Popen(
        ["ssh-agent", "-D", "-a", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 5
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    monkeypatch.setenv("SSH_AUTH_SOCK", str(path))
    yield path
    process.terminate()
    process.wait(5)


def test_the_agent_logs_in_with_the_key_that_fits(sshd, agent, tmp_path):
    for number in range(3):
        key = make_key(tmp_path / f"other{number}")
        subprocess.run(["ssh-add", "-q", key], check=True)
    subprocess.run(["ssh-add", "-q", sshd.key], check=True)

    with open_to(sshd, server=sshd.server(authentication=Authentication.AGENT)) as connection:
        assert "from the agent" in connection.facts.authenticated_with


def test_of_many_keys_in_the_agent_the_chosen_one_goes_first(sshd, agent, tmp_path):
    for number in range(8):
        subprocess.run(["ssh-add", "-q", make_key(tmp_path / f"other{number}")], check=True)
    subprocess.run(["ssh-add", "-q", sshd.key], check=True)
    server = sshd.server(authentication=Authentication.AGENT)

    with open_to(sshd, server=server):
        pass
    failure = failure_of(sshd, server=replace(server, key_file=""))

    assert failure.kind is FailureKind.AUTHENTICATION_FAILED


def test_no_agent_is_said(sshd, monkeypatch):
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)

    failure = failure_of(sshd, server=sshd.server(authentication=Authentication.AGENT))

    assert failure.kind is FailureKind.AGENT_MISSING
    assert "ssh-add" in failure.sentence


def test_an_agent_that_died_is_said(sshd, monkeypatch, tmp_path):
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "gone"))

    failure = failure_of(sshd, server=sshd.server(authentication=Authentication.AGENT))

    assert failure.kind is FailureKind.AGENT_MISSING
