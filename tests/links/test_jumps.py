import pytest

from noc_console.fleet.failure import FailureKind
from noc_console.fleet.server import Server
from tests.links.conftest import knowing
from tests.links.connecting import failure_of, open_to
from tests.sshd import Sshd, free_port


@pytest.fixture
def three(tmp_path):
    sshds = [Sshd(tmp_path / name).start() for name in ("outer", "inner", "target")]
    yield sshds
    for sshd in sshds:
        sshd.stop()


def test_two_jumps_lead_to_the_server(three):
    outer, inner, target = three
    known = knowing(*(sshd.host_key_line for sshd in three))
    jumps = (outer.server("outer"), inner.server("inner"))

    with open_to(target, jumps=jumps, known=known) as connection:
        result = connection.run(b"echo through\n", deadline_s=5, max_bytes=100)

    assert result.output == b"through\n"
    assert "Accepted publickey" in outer.log
    assert "Accepted publickey" in inner.log


def test_a_jump_that_fails_is_named(three):
    outer, _, target = three
    dead = Server(name="dead", address="127.0.0.1", port=free_port(), user="root")
    known = knowing(*(sshd.host_key_line for sshd in three))

    refused = failure_of(target, jumps=(dead,), known=known)
    beyond = failure_of(target, jumps=(outer.server("outer"), dead), known=known)
    strange = failure_of(target, jumps=(outer.server("outer"),), known=knowing())

    assert refused.kind is beyond.kind is FailureKind.JUMP_FAILED
    assert "through dead" in refused.sentence
    assert "through dead" in beyond.sentence
    assert strange.kind is FailureKind.HOST_KEY_UNKNOWN
    assert strange.port == outer.port
