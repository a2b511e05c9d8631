"""`store` says whether the store is whole, and makes a copy when it is asked."""

import sqlite3
from pathlib import Path

from tests.postgresql import make_database


def test_a_whole_store_is_said_to_be_whole(say, tmp_path):
    say("server", "add", "web", "--host", "h")

    told = say("store", "check")
    as_json = say("store", "check", "--json").json

    assert told.code == 0
    assert "whole" in told.out
    assert as_json["location"] == str(tmp_path / "store")
    assert (as_json["whole"], as_json["damage"], as_json["servers"]) == (True, [], 1)
    assert as_json["newest_backup"] is None
    assert as_json["core_bytes"] > 0


def test_a_backup_is_a_whole_copy_and_the_check_names_it(say):
    say("server", "add", "web", "--host", "h")

    copy = Path(say("store", "backup").out.strip())

    connection = sqlite3.connect(copy)
    names = connection.execute("SELECT name FROM server").fetchall()
    connection.close()
    assert names == [("web",)]
    assert say("store", "check", "--json").json["newest_backup"] == str(copy)


def test_a_damaged_store_is_told_with_the_newest_whole_backup(say, tmp_path):
    say("server", "add", "web", "--host", "h")
    copy = say("store", "backup").out.strip()
    scribble(tmp_path / "store" / "core.sqlite3")

    told = say("store", "check")

    assert told.code == 1
    assert "damaged" in told.err
    assert copy in told.err


def test_a_damaged_history_is_found_by_the_check(say, tmp_path):
    say("server", "add", "web", "--host", "h")
    scribble(tmp_path / "store" / "history.sqlite3", from_page=3)

    told = say("store", "check", "--json")

    assert told.code == 1
    assert "history.sqlite3" in told.err
    assert told.json["whole"] is False


def test_a_shared_store_is_checked_and_left_to_its_own_tools(say, cluster, monkeypatch):
    url = make_database(cluster, "store_command")
    monkeypatch.setenv("NOC_CONSOLE_STORE", url)

    checked = say("store", "check", "--json").json
    backed_up = say("store", "backup")

    assert (checked["whole"], checked["core_bytes"]) == (True, 0)
    assert backed_up.code == 1
    assert "pg_dump" in backed_up.err


def test_no_act_is_a_usage_error(say):
    assert say("store").code == 2


def scribble(path: Path, from_page: int = 2) -> None:
    """Write rubbish over a database's pages, as a failing disk does."""
    for log in path.parent.glob(f"{path.name}-*"):
        log.unlink()
    content = bytearray(path.read_bytes())
    start = (from_page - 1) * 4096
    content[start : start + 8192] = b"\xa5" * len(content[start : start + 8192])
    path.write_bytes(content)
