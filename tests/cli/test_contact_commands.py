"""Contacts from the command line: added, changed, listed, removed, imported after a look."""

import pytest

from tests.notices.returned_mail import dsn

TABLE = (
    "E-Mail;Firma;Sprache;Kennwort\n"
    'anna@example.com;"Müller, Söhne";deutsch;geheim\n'
    "nobody;X;;\n"
    "ben@example.com;Ben;english;\n"
)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "contacts.csv"
    path.write_text(TABLE, encoding="utf-8")
    return str(path)


def test_a_contact_is_added_listed_changed_and_removed(say):
    told = say("contact", "add", "anna@example.com", "--name", "Anna", "--customer", "A, B & Co")
    assert (told.code, told.out) == (0, "Added anna@example.com.\n")
    say("contact", "edit", "anna@example.com", "--group", "web", "--opt-out", "scheduled")

    (one,) = say("contact", "list", "--json").json["contacts"]
    assert one == {
        "id": one["id"],
        "address": "anna@example.com",
        "name": "Anna",
        "customers": ["A, B & Co"],
        "groups": ["web"],
        "zone": "",
        "language": "",
        "opt_outs": ["scheduled"],
        "notes": "",
        "stopped_because": "",
        "stopped_at": None,
    }
    assert "no scheduled" in say("contact", "list").out
    say("contact", "edit", "anna@example.com", "--remove-group", "WEB", "--opt-in", "scheduled")
    assert "gets all" in say("contact", "list", "--customer", "a, b & co").out
    assert "No contact is like that" in say("contact", "list", "--group", "web").out
    assert say("contact", "remove", "anna@example.com", "--yes").code == 0
    assert "no contacts yet" in say("contact", "list").out


def test_who_wanted_nothing_is_told_of_when_they_come_back(say):
    say("contact", "add", "anna@example.com", "--opt-out", "unscheduled")
    say("contact", "remove", "anna@example.com", "--yes")

    told = say("contact", "add", "anna@example.com")

    assert "asked for no unscheduled notices, which still holds" in told.out
    assert "They hear of nothing yet" in told.out


def test_what_cannot_be_is_refused_with_a_sentence(say):
    assert "no e-mail address" in say("contact", "add", "nobody").err
    assert "no contact with the address" in say("contact", "edit", "x@y.example", "--name", "X").err
    say("contact", "add", "anna@example.com")
    assert say("contact", "edit", "anna@example.com").code == 2
    assert "There is already" in say("contact", "add", "ANNA@example.com").err


def test_a_table_is_shown_before_it_is_taken_in(say, table):
    shown = say("contact", "import", table, "--dry-run").out

    assert "2 to add, 2 lines not understood" in shown
    assert "contacts.csv:3: nobody" in shown
    assert "geheim" not in shown
    assert "The fleet knows no customer “Ben”." in shown
    assert "no contacts yet" in say("contact", "list").out


def test_a_table_taken_in_twice_doubles_nobody(say, table):
    assert "Imported 2 contacts." in say("contact", "import", table, "--yes", "--group", "all").out
    again = say("contact", "import", table, "--yes", "--group", "ALL")

    assert "2 already as in the file" in again.out
    found = say("contact", "list", "--json", "--group", "all").json["contacts"]
    assert [one["address"] for one in found] == ["anna@example.com", "ben@example.com"]
    assert found[0]["customers"] == ["Müller, Söhne"]


def test_a_column_can_be_named(say, table):
    told = say("contact", "import", table, "--map", "name=Firma", "--yes", "--json").json

    assert told["imported"]
    assert told["columns"]["name"] == "Firma"
    assert [one["contact"]["name"] for one in told["contacts"]] == ["Müller, Söhne", "Ben"]
    assert say("contact", "import", table, "--map", "name").code == 2


def test_customers_of_the_fleet_nobody_is_known_for_are_told(say, tmp_path):
    fleet = tmp_path / "fleet.csv"
    fleet.write_text("name,address,sites\nweb1,192.0.2.1,a.example=Anna; b.example=Ben\n")
    say("server", "import", str(fleet), "--yes")
    say("contact", "add", "anna@example.com", "--customer", "anna")

    assert say("contact", "list", "--missing").out == "Ben\n"
    assert say("contact", "list", "--missing", "--json").json == {"customers": ["Ben"]}
    assert "1 customer of the fleet is without a contact" in say("contact", "list").out


def test_a_mailbox_is_set_proven_read_and_told(say, tmp_path):
    box = tmp_path / "box"
    for name in ("new", "cur", "tmp"):
        (box / name).mkdir(parents=True)
    assert "No mailbox is set" in say("contact", "mailbox").out
    say("contact", "mailbox", "--maildir", str(box))
    (box / "new" / "1.x").write_bytes(dsn())

    assert "1 new message is in it" in say("contact", "mailbox", "--test").out
    assert say("contact", "mailbox", "--read").out == "Read: 1 bounced.\n"
    assert say("contact", "mailbox", "--read").out == "Nothing new was in the mailbox.\n"
    (one,) = say("contact", "returned", "--json").json["returned"]
    assert (one["kind"], one["status"], one["mailing"]) == ("bounced", "5.1.1", None)
    assert "no such user" in say("contact", "returned").out


def test_a_mailboxs_password_comes_by_input_and_is_never_shown(say, ring):
    words = ("--host", "mail.example.com", "--user", "bounces", "--password-stdin")
    told = say("contact", "mailbox", *words, typed="geheim")

    assert "INBOX of bounces at mail.example.com port 993 (tls)" in told.out
    found = say("contact", "mailbox", "--json")
    assert found.json["mailbox"]["secret"].startswith("keyring:mailbox-")
    assert "geheim" not in found.out + told.out
    say("contact", "mailbox", "--security", "starttls")
    assert say("contact", "mailbox", "--json").json["mailbox"]["port"] == 143
    say("contact", "mailbox", "--none")
    assert "No mailbox is set" in say("contact", "mailbox").out


def test_a_mailbox_that_cannot_be_read_is_told_with_the_reason(say, tmp_path):
    say("contact", "mailbox", "--maildir", str(tmp_path / "nowhere"))

    told = say("contact", "mailbox", "--read")
    assert told.code == 1
    assert "is no maildir" in told.err
    assert "The last look failed" in say("contact", "mailbox").out
    assert "could not be read last" in say("contact", "returned").out
