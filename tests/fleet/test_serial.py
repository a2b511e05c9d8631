from hypothesis import given
from hypothesis import strategies as st

from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.serial import (
    failure_from_json,
    failure_to_json,
    server_from_json,
    server_to_json,
)
from noc_console.fleet.server import Authentication, CheckKind, OutsideCheck, Server, Site

words = st.text(
    st.characters(min_codepoint=33, max_codepoint=500, exclude_categories=("C", "Z")),
    min_size=1,
    max_size=20,
)
servers = st.builds(
    Server,
    id=st.integers(0, 10**9),
    name=words,
    address=words,
    port=st.integers(1, 65535),
    authentication=st.sampled_from(Authentication),
    jumps=st.tuples(words),
    groups=st.lists(words, max_size=3).map(tuple),
    checks=st.lists(
        st.builds(OutsideCheck, kind=st.sampled_from(CheckKind), target=words), max_size=2
    ).map(tuple),
    sites=st.lists(st.builds(Site, domain=words, customer=words), max_size=2).map(tuple),
    variables=st.just((("a", "b"),)),
)


@given(servers)
def test_a_server_comes_back_as_it_was(server):
    assert server_from_json(server_to_json(server)) == server


def test_a_failure_comes_back_as_it_was():
    failure = Failure(
        kind=FailureKind.HOST_KEY_CHANGED,
        sentence="It changed.",
        algorithm="ssh-ed25519",
        fingerprint="SHA256:a",
        known_fingerprint="SHA256:b",
        offered_key="ssh-ed25519 AAAA",
        same_key_as=("db", "mail"),
        address="192.0.2.1",
        port=2222,
    )

    assert failure_from_json(failure_to_json(failure)) == failure
