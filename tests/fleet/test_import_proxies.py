"""Ways through other servers are followed as ssh follows them, or refused with a sentence."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.fleet.importing.ansible_fields import read_own_fields
from noc_console.fleet.importing.proxies import (
    Hop,
    NotUnderstood,
    parse_proxy_command,
    parse_proxy_jump,
    parse_ssh_words,
)
from noc_console.fleet.importing.secret_words import is_secret, without_secrets
from noc_console.fleet.server import InvalidServer


@pytest.mark.parametrize(
    ("text", "hops"),
    [
        ("ssh -W %h:%p gate", (Hop(host="gate"),)),
        (
            "/usr/bin/ssh -q -A -W [%h]:%p -p 2200 ops@gate",
            (Hop(host="gate", user="ops", port=2200),),
        ),
        ("exec ssh -l ops gate -W %h:%p", (Hop(host="gate", user="ops"),)),
        ("ssh -o ProxyJump=a -W %h:%p b", (Hop(host="a"), Hop(host="b"))),
        ("none", ()),
    ],
)
def test_a_proxy_command_of_ssh_is_a_jump(text: str, hops: tuple[Hop, ...]) -> None:
    assert parse_proxy_command(text) == hops


@pytest.mark.parametrize(
    "text",
    [
        *("", "nc %h %p", "ssh gate nc %h %p", "ssh -W %h:22 gate", "ssh -W %h:%p", "ssh 'x"),
        *("ssh -W %h:%p -i key gate", "ssh -W %h:%p -F x gate", "sh -c 'ssh -W %h:%p gate'"),
        *("ssh -W %h:%p gate; id", "ssh -W %h:%p -p 99999 gate", "ssh -W %h:%p -p x gate"),
    ],
)
def test_any_other_proxy_command_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        parse_proxy_command(text)


@pytest.mark.parametrize("text", ["", "a,,b", "@a", "a:0", "a:99999", "a/b", "::1", "a b", "u@"])
def test_what_ssh_takes_for_no_jump_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        parse_proxy_jump(text)


@given(
    hops=st.lists(
        st.builds(
            Hop,
            host=st.sampled_from(["a", "a.example", "10.0.0.1", "::1", "fe80::1"]),
            user=st.sampled_from(["", "root", "a@b"]),
            port=st.sampled_from([0, 1, 22, 65535]),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_hops_written_are_hops_read(hops: list[Hop]) -> None:
    assert parse_proxy_jump(",".join(hop.text for hop in hops)) == tuple(hops)


@given(text=st.text(max_size=60) | st.text(alphabet="ssh -WJop%:@[],='\"\\ 2", max_size=40))
def test_any_text_is_followed_or_refused(text: str) -> None:
    for parse in (parse_proxy_jump, parse_proxy_command, parse_ssh_words):
        with suppress(NotUnderstood):
            parse(text)


def test_ssh_arguments_are_split_as_getopt_does() -> None:
    words = parse_ssh_words("-4q -p2200 -l ops -i ~/k -oPort=1 -- x -b y")

    assert (words.user, words.port, words.key_file) == ("ops", 2200, "~/k")
    assert words.strange == ("-b y", "x")


@pytest.mark.parametrize(
    "text",
    [
        *("[]", "{", "1", '{"frob": 1}', '{"notes": 1}', '{"jumps": "a"}', '{"jumps": [1]}'),
        *('{"tick_s": "5"}', '{"tick_s": true}', '{"allow_weak_algorithms": 1}', '{"kind": "x"}'),
        *('{"sites": [["a"]]}', '{"checks": [1]}', '{"checks": [{"kind": "x"}]}', '{"checks": 5}'),
        '{"checks": [{"kind": "tcp", "target": 5}]}',
    ],
)
def test_own_fields_that_no_export_wrote_are_refused(text: str) -> None:
    with pytest.raises(InvalidServer):
        read_own_fields(text)


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        *(("db_password", True), ("ansible_ssh_pass", True), ("API_KEY", True), ("pwd", True)),
        *(("Passwort", True), ("vault_token", True), ("aws_secret_access_key", True)),
        *(("compass", False), ("bypass", False), ("tokenizer", False), ("rack", False)),
        *(("ansible_ssh_private_key_file", False), ("password_min_length", False)),
    ],
)
def test_names_of_secrets_are_known(name: str, secret: bool) -> None:
    assert is_secret(name) is secret


def test_a_line_is_shown_without_its_secrets() -> None:
    assert without_secrets("a=1 db_password='x y' b=2") == "a=1 db_password=•••"
    assert without_secrets("https://ann:hunter2@x/ a=1") == "https://ann:•••@x/ a=1"
