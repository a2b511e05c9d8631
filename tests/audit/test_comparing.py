"""Every comparator holds for what it names, and for nothing else."""

import pytest

from noc_console.audit.comparing import COMPARATORS, Judged, holds
from noc_console.audit.parsing.parsed import OutputNotUnderstood
from tests.audit.judged import NOW, agreed_to, around

ROW = Judged(check_id="FW-01", item="tcp/22")
CASES = [
    ("is", "yes", "yes", "no"),
    ("is not", "no", "yes", "yes"),
    ("over", 6, 5, 5),
    ("under", 4, 5, 5),
    ("at least", 5, 5, 4),
    ("at most", 5, 5, 6),
    ("in", 3306, [3306, 6379], 22),
    ("not in", 22, [3306, 6379], 3306),
    ("contains", "a b c", "b", "a c"),
    ("matches", "/tmp/.x", r"^/tmp/\.", "/tmp/x"),
    ("does not match", "/tmp/x", r"^/tmp/\.", "/tmp/.x"),
    ("starts with", "/etc/shadow", "/etc/", "/var/etc/"),
    ("older than days", "2026-11-01", 7, "2026-11-27"),
    ("newer than days", "2026-11-27", 7, "2026-11-01"),
    ("within days", "2026-12-01", 7, "2026-12-24"),
    ("before today", "2026-11-27", True, "2026-11-28"),
    ("agreed", "tcp/22", "port", "tcp/23"),
    ("not agreed", "tcp/23", "port", "tcp/22"),
    ("past end of life", "7.4.33", "php", "8.5.1"),
    ("ends within days", "8.2.30", ["php", 180], "8.5.1"),
    ("unknown end of life", "99.1", "php", "8.5.1"),
]


@pytest.mark.parametrize(("name", "value", "wanted", "other"), CASES, ids=str)
def test_a_comparator_holds_for_what_it_names_only(name, value, wanted, other):
    surroundings = around(agreed=agreed_to(port={"tcp/22"}))

    assert holds(name, value, wanted, ROW, surroundings)
    assert not holds(name, other, wanted, ROW, surroundings)


def test_new_and_known_are_told_by_the_last_signed_audit_and_nothing_is_new_without_one():
    new = {
        "FW-01": around(before=frozenset()),
        "known": around(before=frozenset({("FW-01", "tcp/22")})),
    }

    assert holds("new since last month", "", True, ROW, new["FW-01"])
    assert not holds("new since last month", "", True, ROW, new["known"])
    assert not holds("new since last month", "", True, ROW, around())
    assert holds("known last month", "", True, ROW, new["known"])
    assert not holds("known last month", "", True, ROW, around())


def test_every_comparator_is_tried_here():
    assert {name for name, *_ in CASES} | {"new since last month", "known last month"} == set(
        COMPARATORS
    )


def test_a_time_may_be_seconds_since_1970():
    assert holds("older than days", NOW.timestamp() - 8 * 86_400, 7, ROW, around())


@pytest.mark.parametrize("name", ["over", "older than days"])
def test_what_is_no_number_and_no_time_is_not_understood(name):
    with pytest.raises(OutputNotUnderstood):
        holds(name, "soon", 5, ROW, around())


def test_true_is_not_one():
    assert not holds("is", True, 1, ROW, around())
