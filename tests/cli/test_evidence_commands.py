"""`record` and `evidence`: what the flight recorder kept, from a terminal."""

import json
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.incidents.evidence.evidence import Ending, NewExhibit
from noc_console.incidents.evidence.evidence_records import (
    end_recording,
    open_recording,
)
from noc_console.incidents.evidence.evidence_writing import EvidenceWriter
from noc_console.store.location import StoreLocation
from noc_console.store.schema.evidence import exhibit
from noc_console.store.store import open_store
from tests.cli.running import engine, wait_for, words_to_reach

BEGAN = datetime(2026, 11, 20, 2, 7, tzinfo=UTC)
HEAD = "PID PPID USER S CPU_S KIDS_S RSS_KB COMM\tARGS\n"


def table(cpu_s):
    return (
        f"{HEAD}1 0 root S 1.00 0.00 900 systemd\t/sbin/init\n"
        f"812 1 shop12 R {cpu_s:.2f} 0.00 4000 php-fpm8.2\tphp-fpm: pool shop12\n"
        "813 1 root S 0.10 0.00 800 odd\tbad\x1b[31mname\n"
    )


@pytest.fixture
def recording(tmp_path):
    """A recording of web1 that ended: three process tables, ten seconds apart."""
    store = open_store(StoreLocation.parse(str(tmp_path / "store")))
    server = add_server(store, Server(name="web1", address="192.0.2.1"), BEGAN)
    opened = open_recording(
        store,
        server_id=server.id,
        server_name="web1",
        engine_id=1,
        why="Load, 1 min 9.1 on 2 cores, early line 1.4",
        asked_by="",
        until=None,
        now=BEGAN,
    )
    EvidenceWriter(store).put(
        [
            NewExhibit(
                recording_id=opened.id,
                number=number,
                collector="processes",
                title="Processes",
                at=BEGAN + timedelta(seconds=10 * number),
                took_ms=30,
                ending=Ending.WHOLE,
                exit_status=0,
                content=table(9.0 * number).encode(),
            )
            for number in (1, 2, 3)
        ]
    )
    end_recording(store, opened.id, why="well again", now=BEGAN + timedelta(minutes=12))
    yield opened.id
    store.close()


def test_recordings_are_listed_with_why_and_how_long(say, recording):
    told = say("evidence", "list")

    assert "web1" in told.out
    assert "12 min" in told.out
    (one,) = say("evidence", "list", "web1", "--json").json["recordings"]
    assert (one["id"], one["state"], one["exhibits"]) == (recording, "ended", 3)
    assert one["ended_at"] == "2026-11-20T02:19:00.000Z"
    assert say("evidence", "list", "--since", "1h", "--json").json == {"recordings": []}


def test_nothing_recorded_says_how_to_begin(say):
    assert "record SERVER" in say("evidence", "list").out


def test_one_recording_is_shown_with_its_suspects(say, recording):
    told = say("evidence", "show", str(recording))

    assert told.code == 0
    assert "1. php-fpm of account shop12: " in told.out
    assert "well again" in told.out
    suspects = say("evidence", "show", str(recording), "--suspects", "--json").json["suspects"]
    assert suspects[0]["who"] == "account shop12"
    assert suspects[0]["lines"][0]["text"].startswith("812 1 shop12 R ")


def test_an_exhibit_is_shown_inert(say, recording):
    told = say("evidence", "show", str(recording), "--exhibit", "2")

    assert "php-fpm: pool shop12" in told.out
    assert "\x1b" not in told.out
    assert "bad\\x1b[31mname" in told.out


def test_words_are_found_with_exhibit_and_line(say, recording):
    told = say("evidence", "show", str(recording), "--search", "POOL SHOP")

    assert [line.split(": ")[0] for line in told.out.splitlines()] == ["1:3", "2:3", "3:3"]
    assert say("evidence", "show", str(recording), "--search", "nothing such").out == (
        "No line holds these words.\n"
    )


def test_what_changed_between_two_times_is_shown(say, recording):
    told = say("evidence", "show", str(recording), "--diff", "1", "3")

    assert told.out.splitlines() == [
        "~ 812 1 shop12 R 27.00 0.00 4000 php-fpm8.2    php-fpm: pool shop12   (was 9.00)",
    ]


def test_an_export_can_be_checked_by_anybody(say, recording, tmp_path):
    told = say("evidence", "export", str(recording), str(tmp_path / "out"))

    assert told.code == 0
    (folder,) = (tmp_path / "out").iterdir()
    subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder, check=True)
    whole = json.loads((folder / "recording.json").read_text())
    assert whole["server"] == "web1"
    assert [one["number"] for one in whole["exhibits"]] == [1, 2, 3]
    assert (folder / whole["exhibits"][1]["file"]).read_text() == table(18.0)
    again = say("evidence", "export", str(recording), str(tmp_path / "out"))
    assert (again.code, "there already" in again.err) == (1, True)


def test_evidence_that_was_changed_is_found_out(say, recording, tmp_path):
    assert say("evidence", "verify", str(recording)).code == 0
    store = open_store(StoreLocation.parse(str(tmp_path / "store")))
    with store.history_write() as connection:
        connection.execute(sa.update(exhibit).where(exhibit.c.number == 2).values(body=b"x"))
    store.close()

    told = say("evidence", "verify", "--all", "--json")

    assert told.code == 1
    (one,) = told.json["recordings"]
    assert not one["is_whole"]
    assert "Exhibit 2" in one["damage"][0]
    exported = say("evidence", "export", str(recording), str(tmp_path / "out"), "--json")
    assert (exported.code, exported.json["exhibits"]) == (1, 2)


def test_what_is_not_there_is_said(say, recording):
    assert "no recording 99" in say("evidence", "show", "99").err
    assert "no exhibit 99" in say("evidence", "show", str(recording), "--exhibit", "99").err
    assert say("evidence", "verify").code == 2
    assert say("record", "web1", "--stop", "--for", "5m").code == 2
    assert "a day at most" in say("record", "web1", "--for", "3d").err


def test_a_recording_is_kept_for_good_and_let_go(say, recording):
    assert "kept for good" in say("evidence", "keep", str(recording)).out
    assert say("evidence", "list", "--json").json["recordings"][0]["is_kept"]
    say("evidence", "keep", str(recording), "--no")
    assert not say("evidence", "list", "--json").json["recordings"][0]["is_kept"]


def test_without_an_engine_nothing_is_recorded_and_why_is_said(say, recording):
    told = say("record", "web1")

    assert told.code == 1
    assert "No engine watches this store" in told.err


def test_a_server_is_recorded_from_the_terminal(say, sshd, tmp_path):
    say("server", "add", "web2", *words_to_reach(sshd))
    with engine(tmp_path / "log"):
        wait_for(lambda: say("status", "--json").json["engine"])
        told = say("record", "web2", "--for", "2m", "--reason", "looks odd", "--json")

        assert told.code == 0, told.err
        assert (told.json["server"], told.json["why"]) == ("web2", "looks odd")
        number = str(told.json["id"])
        again = say("record", "web2", "--for", "5m")
        assert "recorded already" in again.out
        assert say("record", "web2", "--stop").code == 0
        wait_for(
            lambda: say("evidence", "list", "--json").json["recordings"][0]["state"] == "ended"
        )
    assert say("evidence", "verify", number).code == 0
