"""Backups are held against the versions before them, of the same thing only."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.audit.agreed import Agreed, propose
from noc_console.audit.parsing.backups import read_backups, series_of
from noc_console.audit.parsing.parsed import OutputNotUnderstood, Past, Table
from tests.audit.judged import judged, shipped

DAY = 86_400
NOW = 1_795_831_200


def answer(*files, path="/backup"):
    """Give an answer of one agreed path: files as (days ago, bytes, name)."""
    lines = [f"AGREED\t1\nPATH\t{path}\tthere\t{NOW}\t{len(files)}\t1"]
    lines += [f"FILE\t{NOW - ago * DAY}\t{size}\t{path}/{name}" for ago, size, name in files]
    return ("\n".join(lines) + "\n").encode()


def standings(output, past=None):
    """Give how each series stands."""
    rows = read_backups(output, {}, past).rows
    return {
        row.fields["path"]: row.fields["standing"] for row in rows if row.fields["tag"] == "series"
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/backup/2026-11-28/accounts/shop.tar.gz", "/backup/2026-10-01/accounts/shop.tar.gz"),
        (
            "/home/admin/admin_backups/Monday/shop.tar.zst",
            "/home/admin/admin_backups/Friday/shop.tar.zst",
        ),
        ("/backup/db-20261128-0200.sql.gz", "/backup/db-20261001-0115.sql.gz"),
    ],
)
def test_files_that_differ_in_days_are_versions_of_one_thing(one, other):
    assert series_of(one) == series_of(other)


def test_the_newest_is_held_against_the_middle_of_those_before():
    shop = [(ago, 1000, f"shop-2026-11-{28 - ago:02}.sql.gz") for ago in range(1, 6)]

    for size, expected in ((0, "empty"), (499, "small"), (600, "as usual"), (3001, "large")):
        output = answer((0, size, "shop-2026-11-28.sql.gz"), *shop)

        assert standings(output) == {"/backup/shop-*-*-*.sql.gz": expected}


def test_few_versions_say_nothing_of_what_is_usual():
    output = answer((0, 5, "db-2026-11-28.sql"), (1, 900, "db-2026-11-27.sql"))

    assert standings(output) == {"/backup/db-*-*-*.sql": "too few"}


def test_one_file_that_is_written_over_is_held_against_earlier_months():
    months = tuple(answer((30 * ago, 1000, "db.sql.gz")) for ago in (1, 2, 3))
    past = Past(earlier=(*months, b"\0 not understood"))

    assert standings(answer((0, 100, "db.sql.gz")), past) == {"/backup/db.sql.gz": "small"}


def test_a_series_that_came_daily_and_comes_no_more_has_stopped_while_others_go_on():
    old = [(ago, 30, f"forum-2026-11-{28 - ago:02}.sql") for ago in range(8, 14)]
    new = [(ago, 30, f"shop-2026-11-{28 - ago:02}.sql") for ago in range(6)]

    assert standings(answer(*old, *new)) == {
        "/backup/forum-*-*-*.sql": "stopped",
        "/backup/shop-*-*-*.sql": "as usual",
    }


def test_a_customers_own_files_in_a_mirror_are_no_series():
    output = answer(*((ago, 10 + ago, f"home/shop/img{ago}.jpg") for ago in range(9)))

    assert standings(output) == {}


def test_a_path_within_another_counts_its_files_once():
    one = answer((0, 1000, "a-2026-11-28.sql"), (1, 1000, "a-2026-11-27.sql"))
    twice = one + one.replace(b"AGREED\t1\n", b"")

    assert read_backups(twice, {}).rows[-1].fields["files"] == 2


def test_without_an_agreed_path_what_looks_like_backups_is_named():
    table = read_backups(b"AGREED\t0\nFOUND\t/backup\nFOUND\t/srv/backup\n", {})

    assert table.sums == {"agreed": 0, "found": "/backup, /srv/backup"}


@given(st.lists(st.sampled_from(["AGREED", "FOUND", "PATH", "FILE", "X"]) | st.text(max_size=9)))
def test_any_fields_give_a_table_or_are_not_understood(words):
    with contextlib.suppress(OutputNotUnderstood):
        assert isinstance(read_backups("\t".join(words).encode(), {}), Table)


def test_only_what_looks_like_backups_is_proposed_to_be_agreed():
    output = "AGREED\t0\nFOUND\t/backup\n" + answer(
        *((ago, 1000 if ago else 1, f"a-2026-11-{28 - ago:02}.sql") for ago in range(5))
    ).decode().replace("AGREED\t1\n", "")
    found = [(1, one) for one in judged("BAK-01", output).findings]

    proposed = propose({"BAK-01": shipped("BAK-01")}, found, [], {1: Agreed()})

    assert {one.item for _, one in found} >= {"/backup", "/backup/a-*-*-*.sql"}
    assert [(one.kind, one.value) for one in proposed] == [("backup path", "/backup")]
