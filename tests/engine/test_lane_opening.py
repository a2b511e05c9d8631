from datetime import UTC, datetime
from typing import cast

from noc_console.engine.events import BytesArrived, Opened
from noc_console.engine.lane import Lane
from noc_console.engine.open_link import OpenLink
from noc_console.engine.picture import Picture
from noc_console.engine.recorder import Recorder
from noc_console.fleet.link_state import LinkFacts
from noc_console.fleet.server import Server
from noc_console.telemetry.frame import READY
from tests.conftest import NOW


class Line:
    """A link that notes what is sent."""

    def __init__(self):
        self.fast = []
        self.slow = []
        self.facts = LinkFacts(
            cipher="aes128-gcm@openssh.com",
            kex="curve25519-sha256@libssh.org",
            mac="in the cipher",
            host_key_algorithm="ssh-ed25519",
            fingerprint="SHA256:x",
            software="SSH-2.0-OpenSSH",
            authenticated_with="key",
            connected_at=NOW,
            is_weak=False,
        )

    def send_fast(self, line):
        self.fast.append(line)
        return True

    def send_slow(self, line):
        self.slow.append(line)
        return True

    def close(self):
        """Nothing is held."""


def lane_that_connects():
    recorder = Recorder(lambda: datetime.now(UTC))
    lane = Lane(
        Picture(server=Server(id=1, name="web", address="127.0.0.1"), link_since=NOW),
        recorder,
        start_opening=lambda _lane: None,
        start_slow=lambda _link: None,
        close_slow=lambda _link: None,
        close_link=lambda link: link.close(),
        delay_s=lambda _attempt: 1.0,
        wall=lambda: datetime.now(UTC),
    )
    lane.act(100.0)
    return lane


def test_a_loop_that_is_ready_before_its_link_counts_as_open_is_asked_all_the_same():
    lane, line = lane_that_connects(), Line()
    for slow in (False, True):
        lane.take_bytes(BytesArrived(1, lane.generation, slow, READY, 100.1))

    lane.take_opened(Opened(1, lane.generation, cast("OpenLink", line)), 100.2)
    lane.act(lane.next_act_s)

    assert len(line.fast) == 1
    assert len(line.slow) == 1


def test_a_loop_of_the_connection_before_does_not_make_the_new_one_ready():
    lane, line = lane_that_connects(), Line()
    lane.take_opened(Opened(1, lane.generation, cast("OpenLink", line)), 100.2)
    lane.take_bytes(BytesArrived(1, lane.generation, False, READY, 100.3))
    lane.act(100.3)
    lane.act(200.0)  # silent: the link is given up
    again = Line()

    lane.act(lane.next_act_s)
    lane.take_opened(Opened(1, lane.generation, cast("OpenLink", again)), 300.0)
    lane.act(300.0)

    assert len(line.fast) == 1
    assert again.fast == []
