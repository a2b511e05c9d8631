import contextlib
import importlib
import os
import pkgutil
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from noc_console.fleet.records import add_server, list_servers
from noc_console.fleet.server import Server
from noc_console.store import schema
from noc_console.store.backups import list_backups
from noc_console.store.changes import bump
from noc_console.store.failures import StoreDamaged, StoreFull, StoreTooNew, StoreUnreachable
from noc_console.store.location import InvalidLocation, StoreLocation
from noc_console.store.schema.history import block, history_metadata
from noc_console.store.schema.metadata import metadata
from noc_console.store.schema_version import MIGRATIONS, PARTS, newest_version
from noc_console.store.store import CONNECT_TIMEOUT_S, MIN_FREE_BYTES, open_store
from noc_console.store.upkeep import back_up, check, daily
from tests.conftest import NOW
from tests.promised import assert_promised

for _noun in pkgutil.iter_modules(schema.__path__):
    importlib.import_module(f"{schema.__name__}.{_noun.name}")  # so that its tables are known


def test_the_migrations_make_the_schema_the_program_uses(any_store):
    pools = (any_store.pools[0], any_store.pools[-1])
    for pool, wanted in zip(pools, (metadata, history_metadata), strict=True):
        assert differences(pool, wanted) == []


def differences(pool, wanted):
    def is_of_this_part(_item, name, kind, *_):
        return kind != "table" or name in wanted.tables

    with pool.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_of_this_part})
        return compare_metadata(context, wanted)


def test_a_store_opened_again_has_what_was_written(any_location):
    with closing(open_store(any_location)) as store:
        add_server(store, Server(name="web", address="192.0.2.1"), NOW)

    with closing(open_store(any_location)) as store:
        assert [one.name for one in list_servers(store)] == ["web"]


@pytest.mark.parametrize("part", PARTS)
def test_the_newest_version_is_the_one_that_alembic_finds(part):
    assert newest_version(part) == ScriptDirectory(str(MIGRATIONS / part)).get_current_head()


def test_a_current_store_is_opened_without_importing_alembic(location):
    open_store(location).close()
    words = (
        "import sys; from noc_console.store.location import StoreLocation;"
        " from noc_console.store.store import open_store;"
        f" open_store(StoreLocation.parse({str(location)!r})).close();"
        " print('alembic' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)

    assert told.stdout == "False\n"


def test_a_newer_store_is_refused_and_left_alone(any_location):
    with closing(open_store(any_location)) as store, store.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version_core SET version_num = 'core_9999'")

    with pytest.raises(StoreTooNew, match="newer noc-console") as caught:
        open_store(any_location)
    assert_promised(caught.value)


def test_a_backup_is_made_before_a_migration(location, monkeypatch):
    with closing(open_store(location)) as store:
        add_server(store, Server(name="web", address="192.0.2.1"), NOW)
    monkeypatch.setattr("noc_console.store.store.is_current", lambda _part, _pool: False)
    monkeypatch.setattr("alembic.script.ScriptDirectory.get_current_head", lambda _self: "later")

    with closing(open_store(location)):
        (backup,) = list_backups(location.folder, "before-migration")

    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("SELECT name FROM server").fetchall() == [("web",)]


def test_a_damaged_core_names_the_newest_good_backup(location):
    with closing(open_store(location)) as store:
        for number in range(200):
            add_server(store, Server(name=f"web{number}", address="192.0.2.1"), NOW)
        good = back_up(store, NOW)
    core = location.folder / "core.sqlite3"
    body = bytearray(core.read_bytes())
    body[8192:12288] = os.urandom(4096)
    core.write_bytes(body)

    with pytest.raises(StoreDamaged) as caught:
        open_store(location)
    assert str(good) in caught.value.sentence
    assert_promised(caught.value)


def test_a_log_left_beside_a_damaged_core_goes_with_it(location):
    with closing(open_store(location)) as store:
        back_up(store, NOW)
    (location.folder / "core.sqlite3").write_bytes(b"hello" * 5000)

    with pytest.raises(StoreDamaged, match=r"move core\.sqlite3\* away and copy") as caught:
        open_store(location)
    assert_promised(caught.value)


@pytest.mark.parametrize("what", ["no database", "a page"])
def test_of_a_damaged_history_it_is_said_what_stays_and_what_goes(location, what):
    open_store(location).close()
    history = location.folder / "history.sqlite3"
    body = bytearray(history.read_bytes())
    if what == "no database":
        body = bytearray(b"hello" * 5000)
    else:
        body[4096:12288] = os.urandom(8192)
    history.write_bytes(body)

    with (
        pytest.raises(StoreDamaged, match=r"move history\.sqlite3\* away") as caught,
        closing(open_store(location)) as store,
        store.history_read() as connection,
    ):
        connection.exec_driver_sql("SELECT * FROM metric").all()
    assert_promised(caught.value)


def test_a_check_finds_a_block_that_the_disk_changed(any_store):
    with any_store.history_write() as connection:
        row = {"server_id": 1, "step_s": 0, "start_ms": 0, "end_ms": 1, "body": b"\x02changed"}
        connection.execute(sa.insert(block), row)

    report = check(any_store)

    assert report.damage == ("1 block of the history cannot be read",)
    assert report.remedy.startswith("1 block of the history cannot be read: the graphs")


def test_a_store_is_no_file(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("mine")

    for place in (file, file / "below"):
        with pytest.raises(StoreUnreachable, match=r"A store is a folder, and .* is a file"):
            open_store(StoreLocation.parse(str(place)))
    assert file.read_text() == "mine"


def test_a_store_whose_file_is_no_database_says_so(location):
    location.folder.mkdir(parents=True)
    (location.folder / "core.sqlite3").write_bytes(b"hello" * 5000)

    with pytest.raises(StoreDamaged, match="begin with an empty store") as caught:
        open_store(location)
    assert_promised(caught.value)


def test_daily_backups_are_one_a_day_and_seven_are_kept(store, location):
    for day in range(10):
        daily(store, NOW + timedelta(days=day))
        daily(store, NOW + timedelta(days=day, hours=3))

    assert len(list_backups(location.folder, "daily")) == 7


def test_a_check_tells_of_a_whole_store(any_store):
    add_server(any_store, Server(name="web", address="192.0.2.1"), NOW)

    report = check(any_store)

    assert (report.servers, report.damage) == (1, ())


def test_below_the_free_room_nothing_is_written_and_reading_goes_on(location, monkeypatch):
    with closing(open_store(location)) as store:
        add_server(store, Server(name="web", address="192.0.2.1"), NOW)

    class Usage:
        free = MIN_FREE_BYTES - 1

    with closing(open_store(location)) as store:
        monkeypatch.setattr("shutil.disk_usage", lambda _folder: Usage)
        with pytest.raises(StoreFull, match="nothing new is recorded") as caught:
            add_server(store, Server(name="mail", address="192.0.2.2"), NOW)
        assert_promised(caught.value)
        assert [one.name for one in list_servers(store)] == ["web"]


def fill(path):
    """Write until the disk is full."""
    with path.open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while filler.write(b"x" * 65536):
            pass


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system needs root")
def test_on_a_really_full_disk_the_sentence_says_so_and_nothing_is_lost(tmp_path, monkeypatch):
    monkeypatch.setattr("noc_console.store.store.MIN_FREE_BYTES", 0)
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], check=True)
    try:
        with closing(open_store(StoreLocation.parse(str(disk / "store")))) as store:
            add_server(store, Server(name="web", address="192.0.2.1"), NOW)
            fill(disk / "filler")
            with pytest.raises(StoreFull) as caught:
                add_server(
                    store, Server(name="mail", address="192.0.2.2", notes="n" * 500_000), NOW
                )
            assert_promised(caught.value)
            assert [one.name for one in list_servers(store)] == ["web"]
            (disk / "filler").unlink()
            add_server(store, Server(name="mail", address="192.0.2.2"), NOW)
            assert [one.name for one in list_servers(store)] == ["mail", "web"]
    finally:
        subprocess.run(["umount", disk], check=True)


WRITE_FOR_EVER = """
import sys
from datetime import UTC, datetime
from noc_console.store.history import History, Reading
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store
store = open_store(StoreLocation.parse(sys.argv[1]))
history = History(store)
for number in range(1, 1_000_000):
    history.append([Reading(1, number, {"load1": float(number)})], datetime.now(UTC))
    print(number, flush=True)
"""


def test_after_kill_9_in_a_write_every_tick_that_was_written_is_there(any_location):
    program = subprocess.Popen(
        [sys.executable, "-c", WRITE_FOR_EVER, any_location.text], stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    for line in program.stdout:
        if int(line) >= 50:
            break
    program.send_signal(signal.SIGKILL)
    told = [int(line) for line in program.stdout.read().split()]
    program.stdout.close()
    program.wait()
    told_last = told[-1] if told else 50

    from noc_console.store.history import History

    with closing(open_store(any_location)) as store:
        readings = History(store).after(0, limit=1_000_000)[1]
        assert [one.at_ms for one in readings] == list(range(1, len(readings) + 1))
        assert len(readings) >= told_last
        assert check(store).damage == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("mysql://h/d", "postgresql\\+psycopg"),
        ("postgresql://u:secret@h/d", "Take the password out"),
        ("postgresql//://", "cannot be read|not postgresql"),
    ],
)
def test_a_location_that_cannot_be_one_is_refused_with_a_sentence(text, words):
    with pytest.raises(InvalidLocation, match=words) as caught:
        StoreLocation.parse(text)
    assert "secret" not in caught.value.sentence


def test_a_postgresql_that_does_not_answer_is_said(tmp_path):
    with pytest.raises(StoreUnreachable, match="does not answer") as caught:
        open_store(StoreLocation.parse(f"postgresql://noc@/noc?host={tmp_path}"))
    assert_promised(caught.value)


def test_a_database_that_takes_connections_and_says_nothing_is_given_up_after_one(monkeypatch):
    assert 2 * CONNECT_TIMEOUT_S <= 10, "a person is told within ten seconds, of two addresses too"
    monkeypatch.setattr("noc_console.store.store.CONNECT_TIMEOUT_S", 2)  # the least libpq takes
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://noc@127.0.0.1:{silent.getsockname()[1]}/noc"
        with pytest.raises(StoreUnreachable, match="does not answer"):
            open_store(StoreLocation.parse(url))

        silent.setblocking(False)
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):
            silent.accept()


@pytest.mark.parametrize(
    ("there", "wrong", "reason"),
    [
        ("dbname", "no_such_database", 'database "no_such_database" does not exist'),
        ("user", "nobody_here", 'role "nobody_here" does not exist'),
        ("hosst", "x", 'invalid connection option "hosst"'),
    ],
)
def test_a_database_that_lets_us_not_in_gives_its_reason(cluster, there, wrong, reason):
    url = f"postgresql://noc@/template1?host={cluster}&{there}={wrong}"
    with pytest.raises(StoreUnreachable, match=re.escape(f"refuses us: {reason};")) as caught:
        open_store(StoreLocation.parse(url))
    assert_promised(caught.value)


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    with pytest.raises(StoreUnreachable, match="cannot be made: File name too long"):
        open_store(StoreLocation.parse(str(tmp_path / ("a" * 300))))


def test_a_write_that_fails_keeps_nothing_of_it(any_store):
    def write_and_fail():
        with any_store.write() as connection:
            connection.execute(sa.text("INSERT INTO setting (key, value) VALUES ('a', '1')"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()

    with any_store.read() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM setting")).scalar() == 0


def test_a_statement_that_does_not_fit_the_schema_is_a_bug_and_no_store_that_is_away(any_store):
    with pytest.raises(sa.exc.DBAPIError), any_store.read() as connection:
        connection.exec_driver_sql("SELECT colour FROM server")


def test_what_was_written_quickly_outlives_the_program(location):
    code = (
        "import os, signal, sys\n"
        "from noc_console.store.location import StoreLocation\n"
        "from noc_console.store.store import open_store\n"
        "store = open_store(StoreLocation.parse(sys.argv[1]))\n"
        "from noc_console.store.changes import bump\n"
        "with store.quick_writer().write() as connection:\n"
        "    bump(connection, 'contact')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(location)], check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL

    with closing(open_store(location)) as store, store.write() as connection:
        assert bump(connection, "contact") == 2


def test_only_a_quick_write_does_not_wait_for_the_disk(store):
    def asked(connection):
        return connection.exec_driver_sql("PRAGMA synchronous").scalar()

    with closing(store.quick_writer()) as writer:
        for _ in range(2):
            with writer.write() as connection:
                assert asked(connection) == 1
            with store.write() as connection:
                assert asked(connection) == 2
    with store.write() as connection:
        assert asked(connection) == 2


def test_a_quick_write_that_fails_leaves_nothing_and_the_next_one_goes_on(any_store):
    with closing(any_store.quick_writer()) as writer:
        with pytest.raises(ZeroDivisionError), writer.write() as connection:
            raise ZeroDivisionError(bump(connection, "contact"))
        with writer.write() as connection:
            assert bump(connection, "contact") == 1
        writer.close()
        with writer.write() as connection:
            assert bump(connection, "contact") == 2
