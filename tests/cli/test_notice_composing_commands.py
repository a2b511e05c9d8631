"""Notices on the command line: begun, changed, checked against the seven, previewed."""

import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from noc_console.fleet.records import add_servers
from noc_console.fleet.server import Server, Site
from noc_console.incidents.windows.window import Window
from noc_console.incidents.windows.window_records import add_window
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

ROUTES = ("--route", "phone:+49 30 1234567", "--route", "page:https://status.example.com")
START = ("--start", "Sat 2030-12-07 02:00", "--zone", "Europe/Berlin")
NEW = ("notice", "new", "--server", "web-07", *ROUTES)
FILE = """\
title = "New hardware"
servers = ["web-07"]
start = "Sat 2030-12-07 02:00"
minutes = 30
zone = "Europe/Berlin"
disrupted = "Websites on this server do not answer."
not_disrupted = "E-mail and domains."
reasons = "A part shows signs of wear."
benefit = "The server stays reliable."
no_alternatives_because = "The server has to be switched off."
routes = [{kind = "phone", words = "+49 30 1234567"}, {kind = "chat", words = "our room"}]
"""
LINES = {
    1: "start = .*\n",
    2: "minutes = .*\n",
    3: "disrupted = .*\n",
    4: "reasons = .*\n",
    5: "benefit = .*\n",
    6: "routes = .*\n",
    7: "no_alternatives_because = .*\n",
}


@pytest.fixture(autouse=True)
def fleet(tmp_path: Path) -> Path:
    """A store with two servers."""
    place = tmp_path / "store"
    sites = (Site(domain="shop.example.org", customer="Anna Example"),)
    servers = [
        Server(name="web-07", address="192.0.2.7", groups=("web",), sites=sites),
        Server(name="web-08", address="192.0.2.8"),
    ]
    with closing(open_store(StoreLocation.parse(str(place)))) as store:
        add_servers(store, servers, datetime.now(UTC))
    return place


@pytest.fixture
def notice_file(tmp_path):
    """Write a notice file; gives its place."""

    def write(text: str) -> Path:
        path = tmp_path / "notice.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_file_that_tells_all_seven_passes(say, notice_file):
    soon = f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%d} 02:00"
    text = FILE.replace("Sat 2030-12-07 02:00", soon)
    told = say("notice", "check", notice_file(text), "--offline", "--json")

    assert told.code == 0, told.out
    assert told.json["is_complete"]
    assert told.json["missing"] == []
    assert told.json["audience"]["customers"] == ["Anna Example"]


@pytest.mark.parametrize("number", LINES)
def test_seven_refusals_for_seven_missing_things(say, notice_file, number):
    text = re.sub(rf"(?m)^{LINES[number]}", "", FILE)
    told = say("notice", "check", notice_file(text), "--offline", "--json")

    assert told.code == 1
    assert told.json["missing"] == [number]
    dark = [one for one in told.json["lamps"] if not one["is_lit"]]
    assert len(dark) == 1
    assert dark[0]["words"].endswith(".")
    plain = say("notice", "check", notice_file(text), "--offline")
    assert f"MISSING  {number} " in plain.out


def test_a_notice_from_a_prepared_work_needs_only_when_and_where(say):
    told = say(*NEW, "--work", "kernel-update", *START, "--json")

    assert told.code == 0, told.err
    assert told.json["is_complete"]
    assert told.json["notice"]["minutes"] == 30
    assert told.json["notice"]["starts_at"] == "2030-12-07T01:00:00.000Z"
    assert "de" in told.json["notice"]["translations"]
    listed = say("notice", "list")
    assert "7/7" in listed.out
    assert "Sat 2030-12-07 02:00 CET" in listed.out


def test_a_title_that_is_typed_holds_against_the_prepared_one(say):
    told = say(*NEW, "--work", "kernel-update", "--title", "New kernels on web", *START, "--json")

    assert told.json["notice"]["title"] == "New kernels on web"


def test_an_empty_draft_is_kept_and_says_what_it_lacks(say):
    told = say("notice", "new")

    assert told.code == 0
    assert told.out.count("MISSING") == 7
    assert say("notice", "list", "--json").json["notices"][0]["told"] == 0


def test_what_is_edited_changes_and_the_rest_stays(say):
    say(*NEW, "--work", "hardware", *START)
    told = say(
        *("notice", "edit", 1, "--minutes", 45, "--set", "reasons=It is old."),
        *("--set", "de.reasons=Es ist alt.", "--json"),
    )

    assert told.code == 0, told.err
    notice = told.json["notice"]
    assert (notice["minutes"], notice["reasons"]) == (45, "It is old.")
    assert notice["translations"]["de"]["reasons"] == "Es ist alt."
    assert notice["title"] == "Replacement of hardware in the server"
    assert notice["edition"] == 2
    assert not told.json["needs_approval"]


def test_a_notice_goes_to_a_file_and_back(say, notice_file):
    say(*NEW, "--work", "hardware", *START, "--customer", "Anna Example")
    written = say("notice", "show", 1, "--toml").out
    say("notice", "new", notice_file(written))

    one, other = (say("notice", "show", number, "--json").json for number in (1, 2))
    for told in (one, other):
        for key in ("id", "made", "changed"):
            told.pop(key)
    assert one == other
    assert say("notice", "new", "-").code == 0


def test_an_unscheduled_one_is_begun_with_three_words(say):
    told = say(
        *("notice", "new", "--cause", "overload", "--server", "web-07", *ROUTES),
        *("--since", "10m", "--next-update", 20, "--json"),
    )

    assert told.code == 0, told.err
    assert told.json["is_complete"]
    assert told.json["notice"]["kind"] == "unscheduled"
    assert told.json["notice"]["cause"] == ""
    shown = say("notice", "preview", 1, "--channel", "x", "--json").json
    assert shown["send"] == "first word"
    assert max(shown["counts"]) <= 280


def test_a_window_lends_its_time_and_servers(say, fleet):
    with closing(open_store(StoreLocation.parse(str(fleet)))) as store:
        window = Window(
            title="Disks",
            groups=("web",),
            starts_at=datetime(2030, 12, 7, 1, tzinfo=UTC),
            minutes=50,
            zone="Europe/Berlin",
            entered_at=datetime.now(UTC),
        )
        add_window(store, window)
    told = say("notice", "new", "--window", 1, "--json").json["notice"]

    assert (told["title"], told["minutes"], told["groups"]) == ("Disks", 50, ["web"])
    assert told["start"] == "Sat 2030-12-07 02:00"
    taken = say("notice", "edit", 1, "--window", 0, "--json").json["notice"]
    assert taken["window"] is None
    assert taken["minutes"] == 50


def test_like_begins_with_the_texts_of_another(say):
    say(*NEW, "--work", "hardware", *START)
    told = say("notice", "new", "--like", 1, "--json").json

    assert told["notice"]["title"] == "Replacement of hardware in the server"
    assert told["notice"]["starts_at"] is None
    assert told["missing"] == [1]


def test_each_kind_of_channel_previews_a_file_that_is_kept_nowhere(say, notice_file):
    place = notice_file(FILE)
    for channel in ("email", "news", "status", "forum", "x", "bluesky", "mastodon", "whmcs"):
        told = say("notice", "preview", place, "--channel", channel)
        assert told.code == 0, told.err
        assert "New hardware" in told.out
    assert say("notice", "list").out.startswith("No notice")


def test_a_preview_speaks_the_readers_language_and_zone(say):
    say(*NEW, "--work", "hardware", *START)
    told = say(
        *("notice", "preview", 1, "--send", "day-before", "--language", "de"),
        *("--zone", "America/New_York", "--form", "plain"),
    )

    assert "Wir planen eine Wartung" in told.out or "Wir erinnern" in told.out
    assert "Ihre Zeit: Freitag, 6. Dezember 2030, 20:00 bis 22:00 Uhr EST (UTC-5)" in told.out


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("notice", "show", 9), "There is no notice 9"),
        (("notice", "check", "none.toml"), "cannot be read"),
        (("notice", "new", "--server", "web-70"), "web-70"),
        (("notice", "new", "--group", "wep"), "did you mean web"),
        (("notice", "new", "--work", "kernel"), "kernel-update"),
        (("notice", "new", "--work", "hardware", "--unscheduled"), "--work is for scheduled"),
        (("notice", "new", "--zone", "Mars/Olympus"), "no time zone"),
        (("notice", "new", "--set", "reason=x"), "FIELD is one of"),
        (("notice", "new", "--route", "pigeon:x"), "no way to reach support"),
        (("notice", "new", "--window", 4), "window"),
        (("notice", "new", "x.toml", "--like", 1), "give only FILE"),
        (("notice", "edit", 3, "--title", "x"), "There is no notice 3"),
        (("notice", "template", "show", "en/strat.md"), "did you mean en/start.md"),
        (("notice", "template", "put", "en/start.md"), "for put a file"),
        (("notice", "blackout", "add", "--why", "x"), "--from, --until"),
        (("notice", "blackout", "remove", "--number", 1), "Say which"),
    ],
)
def test_a_slip_is_told_and_nothing_is_kept(say, words, part):
    told = say(*words)

    assert told.code in {1, 2}
    assert part in told.err
    assert say("notice", "list", "--json").json == {"notices": []}


def test_an_unknown_send_or_channel_is_told(say):
    say(*NEW, "--work", "hardware", *START)

    assert "it has week before" in say("notice", "preview", 1, "--send", "sunday").err
    assert say("notice", "preview", 1, "--channel", "pigeon").code == 1


def test_support_blackouts_and_words_hold_for_new_notices(say):
    assert say("notice", "support").out.startswith("None is set")
    say("notice", "support", "phone:+49 30 1234567", "chat:our room")
    assert say("notice", "support", "--json").json["routes"][0]["kind"] == "phone"
    say("notice", "new", "--server", "web-07", "--work", "hardware", *START)
    assert "[x] told     6" in say("notice", "check", 1, "--offline").out

    december = ("--from", "2030-12-01 00:00", "--until", "2030-12-31 00:00", "--zone", "UTC")
    say("notice", "blackout", "add", *december, "--why", "Christmas")
    told = say("notice", "check", 1, "--offline", "--json").json["findings"]
    assert [one["key"] for one in told if one["key"] == "blackout"]
    assert say("notice", "blackout", "remove", "--number", 1).out.startswith("None")

    say("notice", "edit", 1, "--set", "reasons=The Nordhorst is worn.")
    assert "'Nordhorst'" in say("notice", "check", 1, "--offline").out
    say("notice", "words", "nordhorst")
    assert "'Nordhorst'" not in say("notice", "check", 1, "--offline").out


def test_own_templates_are_tried_kept_used_and_taken_away(say, notice_file, tmp_path):
    template = tmp_path / "start.md"
    template.write_text("title: Los: {{ title }}\n---\n{{ disrupted | prose }}\n", encoding="utf-8")
    broken = tmp_path / "broken.md"
    broken.write_text("{{ tilte }}", encoding="utf-8")

    assert "'tilte' is undefined" in say("notice", "template", "put", "en/start.md", broken).err
    assert say("notice", "template", "put", "en/start.md", template).code == 0
    assert "own      en/start.md" in say("notice", "template").out
    preview = ("notice", "preview", notice_file(FILE), "--send", "start")
    assert "Los: New hardware" in say(*preview).out
    assert "There is no terminal" in say("notice", "template", "remove", "en/start.md").err
    say("notice", "template", "remove", "en/start.md", "--yes")
    assert "Begun: New hardware" in say(*preview).out


def test_the_folder_and_the_language_are_settings(say, tmp_path):
    folder = tmp_path / "templates"
    (folder / "en").mkdir(parents=True)
    (folder / "en" / "_end.md").write_text("Ours.", encoding="utf-8")

    assert say("notice", "template", "folder", folder).out.strip() == str(folder)
    assert say("notice", "template", "show", "en/_end.md").out == "Ours.\n"
    assert say("notice", "template", "folder", "").out.startswith("There is no folder")
    assert say("notice", "template", "language", "de").out == "de\n"
    assert say("notice", "new", "--json").json["notice"]["language"] == "de"
    assert "There are no templates in xx" in say("notice", "template", "language", "xx").err


def test_hostile_text_is_inert_in_a_terminal(say):
    say("notice", "new", "--title", "x\x1b[31my", "--set", "reasons=a\u202eb")
    for words in (("show", 1), ("check", 1, "--offline"), ("list",), ("preview", 1)):
        out = say("notice", *words).out
        assert "\x1b" not in out
        assert "\u202e" not in out
