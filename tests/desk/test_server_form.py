"""What a typed form becomes, and which field is blamed for what."""

from dataclasses import replace

import pytest

from noc_console.desk.fleet_edit.server_form import (
    IMPOSSIBLE_CODE,
    Field,
    FieldProblem,
    form_of,
    read_form,
    words_of,
)
from noc_console.fleet.server import Authentication, CheckKind, OutsideCheck, Server, Site

WEB = Server(
    id=7,
    name="web1",
    address="192.0.2.10",
    port=2222,
    user="ops",
    authentication=Authentication.KEY_FILE,
    key_file="~/.ssh/id_ed25519",
    jumps=("bastion",),
    groups=("web", "europe"),
    notes="first\nsecond",
    expected_services=("nginx.service", "php-fpm"),
    checks=(OutsideCheck(kind=CheckKind.HTTPS, target="https://example.com/", service="nginx"),),
    brand="Acme",
    sites=(Site(domain="example.com", customer="Example Ltd"),),
    partner="web2",
    tick_s=10,
    variables=(("role", "front"),),
)
KNOWN = ("web1", "web2", "bastion")


def test_a_form_left_alone_gives_the_same_server_back() -> None:
    assert read_form(form_of(WEB), WEB, KNOWN) == WEB


@pytest.mark.parametrize(
    ("change", "field", "word"),
    [
        ({"name": "  "}, Field.NAME, "name"),
        ({"name": "web2"}, Field.NAME, "already called web2"),
        ({"name": "a\x1bb"}, Field.NAME, "control character"),
        ({"address": ""}, Field.ADDRESS, "host name"),
        ({"address": "ops@192.0.2.1"}, Field.ADDRESS, "field User"),
        ({"address": "https://example.com"}, Field.ADDRESS, "slashes"),
        ({"user": "two words"}, Field.USER, "spaces"),
        ({"key_file": ""}, Field.KEY_FILE, "key file"),
        ({"jumps": "bastion, nowhere"}, Field.JUMPS, "nowhere"),
        ({"jumps": "web1"}, Field.JUMPS, "web1"),
        ({"partner": "nobody"}, Field.PARTNER, "nobody"),
        ({"services": "nginx\nrm -rf /"}, Field.SERVICES, "rm -rf"),
        ({"checks": (OutsideCheck(kind=CheckKind.TCP, target=""),)}, Field.CHECKS, "port"),
    ],
)
def test_a_wrong_field_is_named_with_what_to_write(
    change: dict[str, object], field: Field, word: str
) -> None:
    with pytest.raises(FieldProblem) as caught:
        read_form(replace(form_of(WEB), **change), WEB, KNOWN)  # type: ignore[arg-type]

    assert caught.value.field is field
    assert word in caught.value.sentence


def test_a_new_server_may_not_take_a_name_that_is_in_use() -> None:
    with pytest.raises(FieldProblem, match="already called web1"):
        read_form(form_of(WEB), None, KNOWN)


def test_a_list_may_be_typed_with_commas_or_lines_and_holds_each_word_once() -> None:
    assert words_of(" web, db\n web ,,\n") == ("web", "db")


@pytest.mark.parametrize(
    ("check", "word"),
    [
        (OutsideCheck(kind=CheckKind.TCP, target="0"), "65535"),
        (OutsideCheck(kind=CheckKind.HTTPS, target="ftp://example.com"), "https://www"),
        (OutsideCheck(kind=CheckKind.HTTP, target="/", expect_status=IMPOSSIBLE_CODE), "599"),
        (OutsideCheck(kind=CheckKind.DNS, target="53"), "dns:53/example.com"),
    ],
)
def test_a_check_that_cannot_be_made_is_refused_as_everywhere_else(
    check: OutsideCheck, word: str
) -> None:
    with pytest.raises(FieldProblem, match=word) as caught:
        read_form(replace(form_of(WEB), checks=(check,)), WEB, KNOWN)

    assert caught.value.field is Field.CHECKS
