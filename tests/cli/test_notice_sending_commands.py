"""Notices approved, sent, changed, ended and proven, as a person types it; a real status page."""

import csv
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from noc_console.cli import notice_approve, who
from noc_console.fleet.records import get_server
from noc_console.notices.channel_records import add_channel
from noc_console.notices.channels.channel import Channel, ChannelKind
from noc_console.notices.notice_records import add_notice
from noc_console.notices.starting import begin_at
from noc_console.store.store import open_store
from tests.notices.outbox import scheduled

FIRST_WORD = ("--noticed", "Web sites on web-01 do not answer.", "--since", "5m")


@pytest.fixture
def page(tmp_path):
    """Give the folder of a status page."""
    folder = tmp_path / "status"
    folder.mkdir()
    return folder


@pytest.fixture
def fleet(say, location, page):
    """Have a server, a way to support and a status page."""
    assert say("server", "add", "web-01", "--host", "192.0.2.1").code == 0
    ways = ("phone:+49 30 1234567", "page:https://help.example.net/x")
    assert say("notice", "support", *ways).code == 0
    with closing(open_store(location)) as store:
        settings = {"address": "https://status.example.com", "folder": str(page)}
        channel = Channel(name="status", kind=ChannelKind.STATIC_SITE, settings=settings)
        add_channel(store, channel, "anna", datetime.now(UTC))
    return say


def planned(location, *, days=10, **changes):
    """Keep a draft of work in some days by somebody else; gives its number."""
    start = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(days=days)
    with closing(open_store(location)) as store:
        servers = (get_server(store, "web-01").id,)
        notice = begin_at(scheduled(servers=servers, **changes), start)
        return add_notice(store, notice, by="somebody else", now=datetime.now(UTC)).id


def test_a_first_word_is_on_the_page_when_the_command_ends(fleet, page):
    told = fleet(
        "notice", "now", "--server", "web-01", *FIRST_WORD, "--next-update", "20", "--json"
    )

    assert told.code == 0, told.err
    (posting,) = told.json["postings"]
    assert (posting["state"], posting["send"]) == ("sent", "first word")
    assert "Web sites on web-01 do not answer." in (page / "index.html").read_text()
    assert told.json["next_update"] is not None


def test_downtime_is_told_from_the_first_word_to_the_all_clear(fleet, page):
    fleet("notice", "now", "--server", "web-01", *FIRST_WORD)
    updated = fleet(
        *("notice", "update", "1", "A disk is full.", "--state", "identified"),
        *("--cause", "A disk is full", "--next-update", "15"),
    )
    assert updated.code == 0, updated.err
    refused = fleet("notice", "resolve", "1")
    assert refused.code == 1
    assert "what comes next" in refused.err
    done = fleet("notice", "resolve", "1", "--next-steps", "We watch disks closer")
    assert done.code == 0, done.err

    months = fleet("notice", "ledger", "--json").json
    assert months["counts"] == {"kept": 2, "broken": 0, "open": 0, "not measured": 0}
    assert months["first_word"]["count"] == 1
    assert fleet("notice", "update", "1", "more").code == 1


def test_an_incident_hears_what_customers_are_told(fleet):
    opened = fleet("incident", "open", "web-01 is down", "--server", "web-01", "--json").json["id"]
    told = fleet("notice", "now", "--incident", opened, *FIRST_WORD[:2])
    assert told.code == 0, told.err
    again = fleet("notice", "now", "--incident", opened, *FIRST_WORD[:2])

    assert again.code == 1
    assert "notice update 1" in again.err
    timeline = fleet("incident", "show", opened, "--json").json["timeline"]
    assert any("do not answer" in one["words"] for one in timeline)


def test_a_first_word_about_nothing_is_a_usage_error(fleet):
    told = fleet("notice", "now", "--noticed", "It is down.")

    assert told.code == 2
    assert "--incident" in told.err


def test_a_second_person_approves_and_the_plan_is_shown(fleet, location):
    notice_id = planned(location)
    told = fleet("notice", "approve", notice_id, "--offline")
    assert told.code == 0, told.err
    assert "3 postings are planned" in told.out
    status = fleet("notice", "status", notice_id, "--json")

    assert status.code == 0
    assert [one["send"] for one in status.json["postings"]] == [
        "week before",
        "day before",
        "start",
    ]
    assert not status.json["sender"]["is_awake"]
    assert all(one["nobody_awake"] for one in status.json["postings"])


def test_who_wrote_it_is_asked_for_a_second_person_unless_one_is_enough(
    fleet, location, monkeypatch
):
    notice_id = planned(location)
    monkeypatch.setattr(notice_approve, "own_name", lambda: "somebody else")
    first = fleet("notice", "approve", notice_id, "--offline")
    assert first.code == 1
    assert "second person" in first.out

    assert fleet("notice", "setting", "--one-person", "yes", "--json").json["one_person"] is True
    second = fleet("notice", "approve", notice_id, "--offline")
    assert second.code == 0, second.err
    assert "alone" in fleet("notice", "ledger", notice_id).out
    assert who.own_name() != "somebody else"


def test_what_is_missing_is_named_when_it_is_to_be_approved(fleet, location):
    notice_id = planned(location, benefit="")
    told = fleet("notice", "approve", notice_id, "--offline")

    assert told.code == 1
    assert "benefit" in told.err


def test_send_due_sends_what_is_due_and_says_when_nothing_is(fleet, location, page):
    assert "Nothing was due." in fleet("notice", "send-due").out
    notice_id = planned(location, days=3)
    fleet("notice", "approve", notice_id, "--offline")
    told = fleet("notice", "send-due", "--json")

    assert told.code == 0
    assert [(one["send"], one["state"]) for one in told.json["ended"]] == [("week before", "sent")]
    assert "Kernel update" in (page / "index.html").read_text()
    assert fleet("notice", "status", "--json").json["sender"]["is_awake"]


def test_work_is_postponed_extended_and_cancelled_with_a_reason(fleet, location, page):
    notice_id = planned(location)
    fleet("notice", "approve", notice_id, "--offline")
    moved = (datetime.now(UTC) + timedelta(days=5)).strftime("%Y-%m-%dT03:00")
    fleet("notice", "setting", "--one-person", "yes")
    told = fleet("notice", "postpone", notice_id, "--to", moved, "--why", "Parts", "--json")
    assert told.code == 0, told.err
    assert told.json["version"] == 2
    assert fleet("notice", "send-due").code == 0  # the week before is due now
    longer = fleet(
        "notice", "extend", notice_id, "--minutes", "30", "--why", "More disks", "--json"
    )
    assert [one["send"] for one in longer.json["postings"]] == ["extended", "day before", "start"]
    assert longer.json["postings"][0]["state"] == "sent"
    over = fleet("notice", "cancel", notice_id, "--why", "Not needed", "--json")

    assert [one["send"] for one in over.json["postings"]] == ["cancelled"]
    assert "cancelled" in (page / "status.json").read_text().lower()
    assert fleet("notice", "cancel", notice_id, "--why", "again").code == 1


def test_work_that_is_postponed_days_before_waits_for_a_second_person(fleet, location, page):
    notice_id = planned(location)
    fleet("notice", "approve", notice_id, "--offline")
    (before,) = fleet("notice", "list", "--json").json["notices"]
    moved = (datetime.now(UTC) + timedelta(days=5)).strftime("%Y-%m-%dT03:00")
    asked = fleet("notice", "postpone", notice_id, "--to", moved, "--why", "Parts")

    assert asked.code == 1
    assert "waits for a second person" in asked.out
    shown = fleet("notice", "show", notice_id, "--json").json
    assert shown["version"] == 1, "the old start stays in force"
    (after,) = fleet("notice", "list", "--json").json["notices"]
    assert after["told_start"] == before["told_start"] != after["starts_at"]
    assert "moves it to" in fleet("notice", "status", notice_id).out


def test_a_draft_is_withdrawn_without_a_word(fleet, location):
    told = fleet("notice", "cancel", planned(location))

    assert told.code == 0
    assert "nobody was told" in told.out


def test_what_is_due_by_hand_is_ticked_off_with_its_link(fleet, location):
    with closing(open_store(location)) as store:
        settings = {"page": "https://forum.example.com/new"}
        channel = Channel(name="forum", kind=ChannelKind.CLIPBOARD, settings=settings)
        add_channel(store, channel, "anna", datetime.now(UTC))
    told = fleet("notice", "now", "--server", "web-01", *FIRST_WORD, "--json")
    by_hand = next(one for one in told.json["postings"] if one["state"] == "by hand")
    assert fleet("notice", "status").code == 1
    link = "https://forum.example.com/9"
    ticked = fleet("notice", "retry", by_hand["id"], "--went", "--link", link)
    assert ticked.code == 0, ticked.err

    status = fleet("notice", "status", "1", "--json")
    assert status.code == 0
    assert link in [one["link"] for one in status.json["postings"]]


def test_retry_without_a_posting_says_what_may_be_named(fleet):
    assert fleet("notice", "retry").code == 2
    assert fleet("notice", "retry", "7").code == 1
    assert fleet("notice", "retry", "--delayed").code == 0


def test_a_ledger_is_written_as_page_table_and_pdf(fleet, tmp_path):
    fleet("notice", "now", "--server", "web-01", *FIRST_WORD)
    for name in ("ledger.html", "ledger.csv", "ledger.pdf"):
        told = fleet("notice", "ledger", "1", "--out", tmp_path / name)
        assert told.code == 0, told.err

    assert "do not answer" in (tmp_path / "ledger.html").read_text()
    with (tmp_path / "ledger.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["state"] for row in csv.DictReader(file)] == ["sent"]
    assert (tmp_path / "ledger.pdf").read_bytes().startswith(b"%PDF-")
    assert fleet("notice", "ledger", "1", "--out", tmp_path / "ledger.doc").code == 2


def test_sending_is_paused_and_goes_on(fleet):
    assert "PAUSED" in fleet("notice", "setting", "--pause").out
    told = fleet("notice", "now", "--server", "web-01", *FIRST_WORD, "--json")
    assert told.json["postings"][0]["state"] == "queued"
    assert "on" in fleet("notice", "setting", "--go-on").out
    assert fleet("notice", "send-due", "--json").json["ended"][0]["state"] == "sent"
