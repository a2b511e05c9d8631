from hypothesis import given
from hypothesis import strategies as st

from noc_console.links.back_off import LONGEST_S, BackOff
from noc_console.links.known_hosts import Marker, parse_known_hosts

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ+8zP3f"


def one(names, marker=""):
    (line,) = parse_known_hosts(f"{marker} {names} {KEY}==\n".lstrip())
    return line


def test_a_name_is_known_at_the_usual_port_only():
    assert one("web.example").is_for("WEB.example", 22)
    assert not one("web.example").is_for("web.example", 2222)
    assert one("[web.example]:2222").is_for("web.example", 2222)


def test_patterns_and_negations_are_followed():
    line = one("*.example,!db.example,192.0.2.?")

    assert line.is_for("web.example", 22)
    assert line.is_for("192.0.2.7", 22)
    assert not line.is_for("db.example", 22)
    assert not line.is_for("192.0.2.77", 22)


def test_markers_are_read_and_unknown_ones_left_out():
    assert one("*", "@revoked").marker is Marker.REVOKED
    assert one("*", "@cert-authority").marker is Marker.AUTHORITY
    assert parse_known_hosts(f"@other * {KEY}==\n") == []


@given(st.text())
def test_any_text_gives_lines_or_nothing(text):
    for line in parse_known_hosts(text):
        line.is_for("web", 22)


@given(st.integers(1, 10**6), st.floats(0, 0.999))
def test_the_wait_grows_and_is_bounded_and_never_nothing(attempt, chance):
    delay_s = BackOff(lambda: chance).delay_s(attempt)

    assert 1.0 <= delay_s <= LONGEST_S


def test_servers_that_failed_together_come_back_apart():
    assert BackOff(lambda: 0.0).delay_s(5) == 16.0
    assert BackOff(lambda: 0.5).delay_s(5) == 24.0
