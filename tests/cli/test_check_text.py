"""An outside check is one word of the command line, and is shown as it is written."""

import pytest

from noc_console.cli.check_text import check_text, read_check
from noc_console.fleet.server import CheckKind, OutsideCheck


@pytest.mark.parametrize(
    "check",
    [
        OutsideCheck(kind=CheckKind.TCP, target="5432"),
        OutsideCheck(kind=CheckKind.SMTP, target="mail.example:25", service="postfix.service"),
        OutsideCheck(kind=CheckKind.HTTPS, target="https://x.example/?a=b&c", expect_status=204),
        OutsideCheck(kind=CheckKind.HTTP, target="/", expect_text='it\'s "fine" = 5 €'),
        OutsideCheck(kind=CheckKind.DNS, target="53/example.com"),
    ],
)
def test_what_is_shown_can_be_given_again(check):
    assert read_check(check_text(check)) == check


def test_the_words_behind_a_check_may_stand_in_any_order():
    one = read_check("http:/ status=200 text='All well' service=nginx")
    other = read_check('http:/  service=nginx text="All well"   status=200')

    assert one == other
