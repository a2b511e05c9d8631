"""A command is told what is agreed as its words, and nothing of it is run."""

from dataclasses import replace
from datetime import UTC, datetime

from noc_console.audit.agreed import AgreedLine, OwnerKind
from noc_console.audit.check import Family
from noc_console.audit.given import MOST_GIVEN, with_given
from noc_console.fleet.server import Server
from tests.audit.asking import check, run_batch

WEB1 = Server(id=1, name="web1", address="192.0.2.1", groups=("web",))
AT = datetime(2026, 11, 1, tzinfo=UTC)
ASKS = check(
    "BAK-91", 'for p in "$@"; do printf \'%s\\n\' "$p"; done', options={"given": "backup path"}
)


def line(value, *, kind="backup path", owner=OwnerKind.GROUP, name="web", ended=None):
    """Give a line of what is agreed."""
    return AgreedLine(
        id=1,
        owner_kind=owner,
        owner=name,
        kind=kind,
        value=value,
        reason="r",
        by="ann",
        at=AT,
        ended_at=ended,
    )


def told(*lines):
    """Give what the command printed, run as a server runs it."""
    asked = with_given(ASKS, WEB1, lines)
    outcomes, _ = run_batch([asked])
    return outcomes["BAK-91"].output.decode().splitlines()


def test_what_is_agreed_for_the_server_reaches_the_command_word_by_word():
    hostile = "/backup/'; touch /tmp/x; $(id) `id`"

    assert told(line("/srv/back up"), line(hostile)) == ["/srv/back up", hostile]


def test_what_ended_and_what_is_of_others_or_of_another_kind_or_a_pattern_is_not_told():
    lines = [
        line("/a", ended=AT),
        line("/b", name="mail"),
        line("tcp/22", kind="port"),
        line("/backup/*"),
        line("/c", owner=OwnerKind.ALL, name=""),
    ]

    assert told(*lines) == ["/c"]


def test_nothing_agreed_leaves_no_words_and_very_much_is_bounded():
    assert told() == []
    assert len(told(*(line(f"/b{number}") for number in range(99)))) == MOST_GIVEN


def test_a_check_that_does_not_ask_for_it_stays_as_it_is():
    plain = replace(ASKS, options={"fields": ["name"]})

    assert with_given(plain, WEB1, [line("/a")]) is plain
    assert plain.commands[Family.DEBIAN] == ASKS.commands[Family.DEBIAN]
