"""`incident`, `answer` and `handover` as a person types them."""

import pytest

from noc_console.cli.who import own_name


@pytest.fixture
def fleet(say):
    told = say(
        *("server", "add", "web-01", "--host", "192.0.2.1"),
        *("--site", "birch.example=Birch Ltd", "--site", "dune.example"),
    )
    assert told.code == 0, told.err
    return say


@pytest.fixture
def opened(fleet):
    told = fleet("incident", "open", "web-01 is slow", "--server", "web-01", "--json")
    assert told.code == 0, told.err
    return told.json["id"]


def test_an_incident_is_opened_with_its_servers_and_a_promise(fleet):
    told = fleet(
        *("incident", "open", "Mail is slow", "--server", "web-01", "--severity", "critical"),
        *("--began", "20m", "--next", "15m", "--json"),
    )

    assert told.json["severity"] == "critical"
    assert told.json["opened"]["by"] == own_name()
    assert len(told.json["servers"]) == 1
    assert told.json["update_every_s"] == 900
    assert told.json["began"] < told.json["opened"]["at"]


def test_an_incident_of_nothing_is_a_usage_error(fleet):
    told = fleet("incident", "open")

    assert told.code == 2
    assert "TITLE" in told.err


def test_its_life_is_told_from_note_to_close(fleet, opened):
    for words, said in (
        (("note", opened, "The", "queue", "grows"), "Written into incident"),
        (("update", opened, "We are on it.", "--next", "20m"), "post it where customers read"),
        (("edit", opened, "--lead", "anna", "--cause", "A robot."), "is changed"),
        (("resolve", opened, "Restarted."), "is resolved"),
        (("reopen", opened), "is open again"),
        (("update", opened, "It is over.", "--last"), "post it where"),
        (("close", opened), "is closed"),
    ):
        told = fleet("incident", *words)
        assert (told.code, said in told.out) == (0, True), (words, told)

    shown = fleet("incident", "show", opened, "--json").json
    kinds = [one["source"] for one in shown["timeline"] if one["source"] != "console"]
    assert kinds == [
        *("incident", "note", "update", "incident", "incident", "incident", "update", "incident"),
    ]
    assert (shown["state"], shown["roles"]["lead"], shown["cause"]) == (
        "closed",
        "anna",
        "A robot.",
    )
    assert shown["affected"][0]["sites"][0] == {"domain": "birch.example", "customer": "Birch Ltd"}
    assert "A robot." in fleet("incident", "show", opened).out


def test_the_list_has_the_closed_only_when_asked(fleet, opened):
    assert "web-01 is slow" in fleet("incident", "list").out
    fleet("incident", "close", opened)

    assert fleet("incident", "list").out == "No incident is open.\n"
    assert [
        one["id"] for one in fleet("incident", "list", "--all", "--json").json["incidents"]
    ] == [opened]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "99"), "There is no incident 99"),
        (("resolve", "99"), "There is no incident 99"),
        (("note", "1", " "), "empty note"),
        (("update", "1", "x", "--next", "soon"), "no span of time"),
        (("edit", "1", "--add-server", "nobody"), "no server called nobody"),
        (("export", "1", "--out", "report.docx"), "says no form"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(fleet, opened, words, said):
    told = fleet("incident", *words)

    assert told.code == 1
    assert said in told.err


def test_a_post_mortem_is_written_in_each_form(fleet, opened, tmp_path, program):
    for ending, begin in (("html", b"<!DOCTYPE"), ("pdf", b"%PDF-"), ("md", b"# Post-mortem")):
        path = tmp_path / f"night.{ending}"
        done = program("incident", "export", str(opened), "--out", str(path))
        assert done.returncode == 0, done.stderr
        assert path.read_bytes().startswith(begin)


def test_a_caller_is_answered_and_an_unknown_one_honestly(fleet, opened):
    told = fleet("answer", "ann@www.birch.example", "--json")
    (answer,) = told.json["answers"]
    assert (answer["server"], answer["standing"], answer["incident"]) == (
        "web-01",
        "affected",
        opened,
    )
    assert "birch.example has been affected by a disturbance" in answer["text"]

    told = fleet("answer", "nobody.example")
    assert told.code == 1
    assert told.out.startswith("No server here serves nobody.example.")


def test_a_shift_is_given_taken_and_read_again(fleet, opened):
    page = fleet("handover", "--json").json
    assert page["sections"]["incidents"][0]["incident"] == f"{opened}: web-01 is slow"
    assert page["sections"]["odd"][0]["what is odd"] == "never looked at"
    assert page["waiting_handover"] is None

    given = fleet("handover", "give", "--from", "anna", "--note", "Quiet.", "--json").json
    assert given["taken"] is None
    assert "nobody has taken it yet" in fleet("handover").out
    assert fleet("handover", "accept", "--as", "Anna").code == 1
    taken = fleet("handover", "accept", "--as", "ben", "--json").json
    assert (taken["taken"]["by"], taken["note"]) == ("ben", "Quiet.")

    assert "ben" in fleet("handover", "list").out
    shown = fleet("handover", "show", given["id"])
    assert "given by anna" in shown.out
    assert "web-01 is slow" in shown.out
    assert fleet("handover", "accept").err == (
        "No handover waits; `handover give` hands a shift over.\n"
    )


def test_a_handover_is_written_to_a_file(fleet, opened, tmp_path, program):
    path = tmp_path / "handover.pdf"
    done = program("handover", "export", "--out", str(path))

    assert done.returncode == 0, done.stderr
    assert path.read_bytes().startswith(b"%PDF-")
