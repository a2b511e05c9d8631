"""Servers are added, changed, shown, removed and brought back from the command line."""

import pytest

from noc_console.fleet.host_keys import accept_key
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store
from tests.conftest import NOW

SERVICE = "noc-console"


@pytest.fixture
def web(say):
    assert say("server", "add", "web", "--host", "web.example").code == 0


def shown(say, name="web"):
    return say("server", "show", name, "--json").json


class TestAdd:
    def test_every_field_of_a_server_can_be_given(self, say, tmp_path):
        say("server", "add", "gate", "--host", "gate.example")
        say("server", "add", "spare", "--host", "spare.example")
        told = say(
            *("server", "add", "web", "--host", "192.0.2.7", "--port", "2222", "--user", "noc"),
            *("--key", "~/.ssh/id", "--certificate", tmp_path / "id-cert.pub"),
            *("--jump", "gate", "--jump", "spare", "--weak-algorithms", "--tick", "10"),
            *("--group", "web", "--group", "eu", "--service", "nginx", "--service", "php-fpm"),
            *("--check", "tcp:5432", "--check", "smtp:25 service=postfix"),
            *("--check", "https://www.example.com/ service=nginx text='Welcome back' status=200"),
            *("--site", "Example.COM=ACME Ltd", "--site", "example.org"),
            *("--brand", "Host & Co", "--partner", "spare", "--notes", "Rack 7"),
        )

        assert told.code == 0, told.err
        server = shown(say)
        assert {name: server[name] for name in ("address", "port", "user", "tick_s")} == {
            "address": "192.0.2.7",
            "port": 2222,
            "user": "noc",
            "tick_s": 10,
        }
        assert server["authentication"] == "key file"
        assert server["key_file"] == "~/.ssh/id"
        assert server["certificate_file"] == str(tmp_path / "id-cert.pub")
        assert server["jumps"] == ["gate", "spare"]
        assert server["allow_weak_algorithms"] is True
        assert server["groups"] == ["web", "eu"]
        assert server["expected_services"] == ["nginx", "php-fpm"]
        assert [check["target"] for check in server["checks"]] == [
            "5432",
            "25",
            "https://www.example.com/",
        ]
        assert server["checks"][2] == {
            "kind": "https",
            "target": "https://www.example.com/",
            "service": "nginx",
            "expect_text": "Welcome back",
            "expect_status": 200,
        }
        assert server["sites"] == [
            {"domain": "example.com", "customer": "ACME Ltd"},
            {"domain": "example.org", "customer": ""},
        ]
        assert (server["brand"], server["partner"], server["notes"]) == (
            "Host & Co",
            "spare",
            "Rack 7",
        )

    @pytest.mark.usefixtures("web")
    def test_the_name_and_host_are_enough_and_the_agent_logs_in(self, say):
        server = shown(say)

        assert (server["port"], server["authentication"]) == (22, "agent")

    def test_an_address_may_be_written_as_in_a_url(self, say):
        say("server", "add", "web", "--host", "[2001:db8::7]")

        assert shown(say)["address"] == "2001:db8::7"

    def test_a_relative_key_file_means_the_same_from_every_folder(self, say, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        say("server", "add", "web", "--host", "h", "--key", "id_ed25519")

        assert shown(say)["key_file"] == str(tmp_path / "id_ed25519")

    @pytest.mark.usefixtures("web")
    def test_a_name_that_is_taken_is_refused(self, say):
        told = say("server", "add", "web", "--host", "other.example")

        assert told.code == 1
        assert "already a server called web" in told.err
        assert shown(say)["address"] == "web.example"

    @pytest.mark.parametrize(
        ("words", "code", "sentence"),
        [
            (["--host", "root@h"], 2, "--user"),
            (["--host", "h/x"], 2, "--host"),
            (["--host", "h:22"], 2, "--port"),
            (["--host", "h", "--key", ""], 2, "--key FILE"),
            (["--host", "h", "--group", " "], 2, "cannot be empty"),
            (["--host", "h", "--site", "=ACME"], 2, "cannot be empty"),
            (["--host", "h", "--user", "a b"], 2, "--user"),
            (["--host", "h", "--port", "x"], 2, "--port"),
            (["--host", "h", "--port", "0"], 1, "between 1 and 65535"),
            (["--host", ""], 1, "host name or an IP address"),
            ([], 2, "--host"),
            (["--host", "h", "--key", "k", "--agent"], 2, "not allowed with"),
            (["--host", "h", "--key", "k", "--keyboard-interactive"], 2, "takes a password"),
            (["--host", "h", "--passphrase-stdin"], 2, "give --key FILE too"),
            (["--host", "h", "--service", "rm -rf"], 1, "no service name"),
            (["--host", "h", "--check", "ftpd:21"], 1, "kind:target"),
            (["--host", "h", "--check", "tcp:25 code=3"], 1, "service=UNIT"),
            (["--host", "h", "--check", "tcp:25 status=200"], 1, "only http and https"),
            (["--host", "h", "--check", "http:/ status=7"], 1, "status=CODE"),
            (["--host", "h", "--check", "http:/ text='x"], 1, "quote"),
            (["--host", "h", "--jump", "gaet"], 1, "did you mean gate?"),
            (["--host", "h", "--partner", "nobody"], 1, "there is gate"),
            (["--host", "h", "--tick", "0"], 1, "between 1 and 3600"),
            (["--host", "h", "--trust", "SHA256:short"], 2, "ssh-keygen -l"),
        ],
    )
    def test_what_cannot_be_is_one_sentence_and_adds_nothing(self, say, words, code, sentence):
        say("server", "add", "gate", "--host", "gate.example")

        told = say("server", "add", "web", *words)

        assert told.code == code
        assert sentence in told.err
        assert told.err.count("\n") == 1
        assert len(say("server", "list", "--json").json["servers"]) == 1

    @pytest.mark.usefixtures("web")
    def test_a_server_cannot_be_its_own_jump_or_partner(self, say):
        assert say("server", "edit", "web", "--jump", "web").code == 1
        assert say("server", "edit", "web", "--partner", "web").code == 1


class TestSecrets:
    def test_a_password_goes_to_the_keyring_and_nowhere_else(self, say, ring, tmp_path):
        told = say(
            *("server", "add", "web", "--host", "h", "--password-stdin"), typed="right horse\n"
        )

        assert told.code == 0, told.err
        assert ring.kept == {(SERVICE, "web/password"): "right horse"}
        assert shown(say)["authentication"] == "password"
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert not any(b"right horse" in path.read_bytes() for path in files)

    def test_keyboard_interactive_takes_a_password_too(self, say, ring):
        say(
            *("server", "add", "web", "--host", "h"),
            *("--keyboard-interactive", "--password-stdin"),
            typed="right horse",
        )

        assert shown(say)["authentication"] == "keyboard-interactive"
        assert ring.kept == {(SERVICE, "web/password"): "right horse"}

    def test_the_password_is_given_as_a_password_again(self, say, ring):
        words = ("--keyboard-interactive", "--password-stdin")
        say("server", "add", "web", "--host", "h", *words, typed="right horse")
        say("server", "edit", "web", "--password-stdin", typed="other horse")
        kept = shown(say)["authentication"]
        say("server", "edit", "web", "--no-keyboard-interactive")

        assert (kept, shown(say)["authentication"]) == ("keyboard-interactive", "password")
        assert ring.kept == {(SERVICE, "web/password"): "other horse"}

    def test_a_passphrase_is_kept_as_one(self, say, ring):
        say(
            *("server", "add", "web", "--host", "h", "--key", "k", "--passphrase-stdin"),
            typed="open sesame\n",
        )

        assert ring.kept == {(SERVICE, "web/key passphrase"): "open sesame"}

    def test_a_secret_follows_the_servers_new_name(self, say, ring):
        say("server", "add", "web", "--host", "h", "--password-stdin", typed="one\n")
        say("server", "edit", "web", "--name", "www")

        assert ring.kept == {(SERVICE, "www/password"): "one"}

    def test_a_new_password_takes_the_place_of_the_old_one(self, say, ring):
        say("server", "add", "web", "--host", "h", "--password-stdin", typed="one\n")
        told = say("server", "edit", "web", "--password-stdin", typed="two\r\n")

        assert told.code == 0, told.err
        assert ring.kept == {(SERVICE, "web/password"): "two"}

    @pytest.mark.parametrize("typed", ["", "\n", "one\ntwo\n", "x" * 5000])
    def test_what_is_no_secret_is_refused_and_nothing_added(self, say, ring, typed):
        told = say("server", "add", "web", "--host", "h", "--password-stdin", typed=typed)

        assert told.code == 1
        assert "as one line" in told.err
        assert (ring.kept, say("server", "list", "--json").json["servers"]) == ({}, [])


@pytest.mark.usefixtures("web")
class TestEdit:
    def test_what_is_not_named_stays(self, say):
        say("server", "edit", "web", "--group", "eu", "--port", "2222", "--notes", "Rack 7")
        before = shown(say)
        told = say("server", "edit", "web", "--brand", "Co")

        assert told.out == "Changed web.\n"
        assert {**shown(say), "since": None} == {**before, "brand": "Co", "since": None}

    def test_entries_are_added_and_taken_away(self, say):
        say(
            *("server", "edit", "web", "--group", "a", "--group", "b", "--service", "nginx"),
            *("--check", "https://x.example/ status=204", "--check", "tcp:25"),
            *("--site", "x.example=Ann", "--site", "y.example=Bob"),
        )
        told = say(
            *("server", "edit", "web", "--remove-group", "a", "--group", "c", "--group", "b"),
            *("--remove-service", "nginx", "--remove-check", "https://x.example/"),
            *("--remove-site", "x.example"),
        )

        assert told.code == 0, told.err
        server = shown(say)
        assert server["groups"] == ["b", "c"]
        assert server["expected_services"] == []
        assert [check["target"] for check in server["checks"]] == ["25"]
        assert server["sites"] == [{"domain": "y.example", "customer": "Bob"}]

    def test_an_entry_that_is_not_there_is_answered_with_the_near_ones(self, say):
        say("server", "edit", "web", "--service", "nginx")

        told = say("server", "edit", "web", "--remove-service", "ngimx")

        assert (told.code, told.err) == (
            1,
            "The server has no service ngimx; did you mean nginx?\n",
        )

    def test_an_empty_text_is_taken_away(self, say):
        say("server", "edit", "web", "--notes", "old", "--weak-algorithms")
        say("server", "edit", "web", "--notes", "", "--no-weak-algorithms")

        assert (shown(say)["notes"], shown(say)["allow_weak_algorithms"]) == ("", False)

    def test_who_jumps_through_a_server_follows_its_new_name(self, say):
        say("server", "add", "db", "--host", "db.example", "--jump", "web")
        told = say("server", "edit", "web", "--name", "gate")

        assert told.out == "Changed web, now called gate.\n"
        assert shown(say, "db")["jumps"] == ["gate"]

    def test_an_edit_that_changes_nothing_says_so(self, say):
        told = say("server", "edit", "web", "--host", "web.example")

        assert told.code == 2
        assert "changes nothing" in told.err

    def test_how_an_engines_own_machine_is_reached_cannot_be_changed(self, say, program):
        program("engine", "--for", "0.1")
        name = say("server", "list", "--json").json["servers"][0]["name"]

        refused = say("server", "edit", name, "--host", "h")
        named = say("server", "edit", name, "--name", "mine", "--group", "office")

        assert refused.code == 2
        assert "without SSH" in refused.err
        assert named.code == 0


class TestListAndShow:
    @pytest.mark.usefixtures("web")
    def test_the_servers_of_one_group_are_listed(self, say):
        say("server", "add", "db", "--host", "2001:db8::1", "--port", "2200", "--group", "data")

        told = say("server", "list", "--group", "data")

        assert "[2001:db8::1]:2200" in told.out
        assert "web" not in told.out
        assert say("server", "list", "--group", "dta").err == (
            "There is no group called dta; did you mean data?\n"
        )

    def test_an_empty_fleet_says_the_next_step(self, say):
        assert "noc-console server add" in say("server", "list").out

    @pytest.mark.usefixtures("web")
    def test_an_unknown_name_is_answered_with_the_near_ones(self, say):
        for act in ("show", "edit", "test", "trust", "remove"):
            told = say("server", act, "wep")
            assert (told.code, told.err) == (
                1,
                "There is no server called wep; did you mean web?\n",
            )

    @pytest.mark.usefixtures("web")
    def test_show_tells_what_a_person_may_need(self, say, tmp_path, sshd):
        store = open_store(StoreLocation.parse(str(tmp_path / "store")))
        key = {"address": "web.example", "port": 22, "key_line": sshd.host_key_line}
        accept_key(store, **key, accepted_by="ann", now=NOW)
        store.close()
        say(
            "server", "edit", "web", "--notes", "Rack 7\nSecond row", "--check", "http:/ status=204"
        )

        told = say("server", "show", "web").out

        for words in ("web.example", "modern only", "Rack 7\n", "http:/ status=204", "ann"):
            assert words in told
        assert shown(say)["host_keys"][0]["accepted_by"] == "ann"
        assert shown(say)["verdict"] == "unknown"

    @pytest.mark.usefixtures("web")
    def test_an_escape_in_what_a_stranger_wrote_does_nothing(self, say):
        say(
            *(
                "server",
                "edit",
                "web",
                "--notes",
                "\x1b[2J\x1b]0;owned\x07",
                "--brand",
                "\u202eevil",
            ),
            *("--group", "a\x1b[31m"),
        )

        for words in (("list",), ("show", "web"), ("list", "--group", "\x1b[2J")):
            told = say("server", *words)
            assert "\x1b" not in told.out + told.err
            assert "\u202e" not in told.out


@pytest.mark.usefixtures("web")
class TestRemove:
    def test_removing_is_undone_by_the_words_it_prints(self, say):
        before = {**shown(say), "since": None}

        removed = say("server", "remove", "web", "--yes")
        gone = say("server", "list", "--json").json["servers"]
        restored = say("server", "restore", "web")

        assert "noc-console server restore web" in removed.out
        assert gone == []
        assert restored.out == "Brought back web.\n"
        assert {**shown(say), "since": None} == before

    def test_without_a_terminal_nothing_is_removed_unasked(self, say):
        told = say("server", "remove", "web")

        assert told.code == 2
        assert "--yes" in told.err
        assert shown(say)["name"] == "web"

    def test_of_several_servers_all_are_removed_or_none(self, say):
        assert say("server", "remove", "web", "nobody", "--yes").code == 1
        assert shown(say)["name"] == "web"

    def test_who_is_reached_through_it_is_named(self, say):
        say("server", "add", "db", "--host", "db.example", "--jump", "web")

        assert "db can then not be reached" in say("server", "remove", "web", "--yes").out

    def test_a_server_is_not_brought_back_over_another_of_its_name(self, say):
        say("server", "remove", "web", "--yes")
        say("server", "add", "web", "--host", "new.example")

        told = say("server", "restore", "web")

        assert told.code == 1
        assert shown(say)["address"] == "new.example"

    def test_what_was_never_removed_cannot_be_brought_back(self, say):
        assert "there is none at all" in say("server", "restore", "web").err
