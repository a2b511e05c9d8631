"""What a server tells of itself: any bytes give what could be read, strangers' text is inert."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.incidents.gate.gate import Snapshot
from noc_console.incidents.gate.gate_look import (
    LookPart,
    is_whole,
    with_part,
    without_part,
)
from noc_console.incidents.gate.gate_records import snapshot_from_json, snapshot_to_json

AT = datetime(2026, 11, 27, 2, 7, tzinfo=UTC)
WORDS = ["boot", "btime", "mount", "port", "service", "session", "has", "end", "code", "active"]
LINES = st.lists(
    st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=5).map(" ".join), max_size=20
)


@given(part=st.sampled_from(LookPart), output=st.binary(max_size=300))
def test_any_bytes_give_a_look(part, output):
    look = with_part(Snapshot(at=AT), part, output)

    assert snapshot_from_json(snapshot_to_json(look)) == look


@given(part=st.sampled_from(LookPart), lines=LINES)
def test_any_lines_give_a_look_whose_text_is_inert(part, lines):
    look = with_part(Snapshot(at=AT), part, "\n".join(lines).encode("utf-8", "surrogatepass"))

    texts = [look.boot_id, look.kernel, *(look.services or {}), *(look.mounts or ())]
    assert all(text.isprintable() for text in texts)


def test_the_parts_are_read():
    look = Snapshot(at=AT)
    for part, output in (
        (LookPart.MACHINE, "uptime 90.5\nload 2.5\nbtime 12\nboot abc\nkernel 6.1\nuser 0\n"),
        (LookPart.MOUNTS, "mount ext4 /\nmount tmpfs /run\nmount nfs /my\\040disk\n"),
        (LookPart.PORTS, "port tcp 0016\nport tcp 9C40\nport udp 0035\nport udp 9000\n"),
        (LookPart.SERVICES, "service active running a.service\nservice failed failed b.service\n"),
        (LookPart.SESSIONS, "session anna\nsession root\n"),
    ):
        look = with_part(look, part, output.encode())

    assert (look.uptime_s, look.load1, look.booted_at_s, look.user_id) == (90.5, 2.5, 12, 0)
    assert (look.boot_id, look.kernel) == ("abc", "6.1")
    assert look.mounts == ("/", "/my disk")
    assert look.ports == ("tcp:22", "udp:53"), "ports given at random are not services"
    assert look.services == {"a": "running", "b": "failed"}
    assert look.sessions == ("anna", "root")


@pytest.mark.parametrize(
    ("output", "whole"), [(b"x\nend ports\n", True), (b"x\nend por", False), (b"", False)]
)
def test_a_part_is_whole_when_its_end_has_come(output, whole):
    assert is_whole(LookPart.PORTS, output) is whole


def test_units_of_a_persons_login_are_left_out():
    told = (
        b"service active running user@1000.service\nservice active running ssh@3-10.0.0.1.service\n"
    )

    assert with_part(Snapshot(at=AT), LookPart.SERVICES, told).services == {}


def test_what_is_missing_is_told_with_its_reason():
    look = without_part(Snapshot(at=AT), LookPart.PORTS, "it hung\x1b[2J")

    assert look.ports is None
    assert look.missing == ("ports: it hung\N{REPLACEMENT CHARACTER}[2J",)
