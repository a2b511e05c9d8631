"""Outside checks as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.fleet.checks import Place, parse_check, place_of
from noc_console.fleet.server import CheckKind, InvalidServer, OutsideCheck


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        ("smtp:25", CheckKind.SMTP, Place(host="web", port=25)),
        ("TCP:db.example:5432", CheckKind.TCP, Place(host="db.example", port=5432)),
        ("imap:[::1]:143", CheckKind.IMAP, Place(host="::1", port=143)),
        ("dns:53/example.com", CheckKind.DNS, Place(host="web", port=53, path="example.com")),
        (
            "dns:ns1.example:53/example.com",
            CheckKind.DNS,
            Place(host="ns1.example", port=53, path="example.com"),
        ),
        ("http:80", CheckKind.HTTP, Place(host="web", port=80, path="/")),
        ("http:/status", CheckKind.HTTP, Place(host="web", port=80, path="/status")),
        ("https:/", CheckKind.HTTPS, Place(host="web", port=443, path="/")),
        ("https:8443/x?y=1", CheckKind.HTTPS, Place(host="web", port=8443, path="/x?y=1")),
        ("http://a.example/p?q", CheckKind.HTTP, Place(host="a.example", port=80, path="/p?q")),
        ("http:http://a.example", CheckKind.HTTP, Place(host="a.example", port=80, path="/")),
        ("http:https://a.example", CheckKind.HTTPS, Place(host="a.example", port=443, path="/")),
        ("https://[::1]:444/", CheckKind.HTTPS, Place(host="::1", port=444, path="/")),
    ],
)
def test_a_written_check_says_where_it_asks(text: str, kind: CheckKind, place: Place) -> None:
    check = parse_check(text)
    assert check.kind is kind
    assert place_of(check, "web") == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "25",
        "smtp",
        "smtp:",
        "gopher:70",
        "smtp:0",
        "smtp:65536",
        "smtp:25/x",
        "smtp:a b:25",
        "tcp:::1:25",
        "dns:53",
        "dns:example.com",
        "http:/a b",
        "http://",
        "http://user:word@a.example/",
        "tcp://a.example",
        "https://a.example:99999/",
        "smtp:²5",
    ],
)
def test_what_is_no_check_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(InvalidServer, match=r"write|Write|Give"):
        parse_check(text)


def test_a_kind_that_does_not_fit_its_page_is_refused() -> None:
    with pytest.raises(InvalidServer, match="http://www"):
        place_of(OutsideCheck(kind=CheckKind.HTTP, target="https://a.example/"), "web")


@given(
    st.sampled_from(sorted(set(CheckKind) - {CheckKind.DNS}, key=lambda kind: kind.value)),
    st.sampled_from(["", "a.example:", "[::1]:", "192.0.2.1:"]),
    st.integers(1, 65535),
)
def test_a_label_reads_back_as_the_same_check(kind: CheckKind, host: str, port: int) -> None:
    check = OutsideCheck(kind=kind, target=f"{host}{port}")
    assert parse_check(check.label) == check


@given(st.text())
def test_any_text_is_a_check_or_refused(text: str) -> None:
    for word in ("", "http:", "https://", "dns:53/", "tcp:"):
        try:
            check = parse_check(word + text)
        except InvalidServer:
            continue
        assert 1 <= place_of(check, "web").port <= 65535
