"""Servers come from files and go to files; nothing is written before a person agrees."""

import os
import pty
import stat
import subprocess
import sys

import pytest

CONFIG = """\
Host web1
  HostName 10.0.0.1
  User ops
  Frobnicate yes
Host odd
  ProxyCommand nc %h %p
"""
TABLE = "Machine,IP,Login\nweb1,10.0.0.1,ops\nweb2,10.0.0.2,ops\n"


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "config"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "fleet.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def names(say):
    return [server["name"] for server in say("server", "list", "--json").json["servers"]]


class TestImport:
    def test_a_preview_has_a_line_a_server_and_one_for_what_is_not_understood(self, say, config):
        told = say("server", "import", config, "--dry-run")

        assert told.code == 0
        assert told.out == (
            "ACTION    NAME  WHERE         GROUPS\n"
            "add       web1  ops@10.0.0.1\n"
            "left out  odd   odd\n"
            "        Of ProxyCommand only `ssh -W %h:%p host` is understood.\n"
            f"{config}:4: Frobnicate yes\n"
            "        OpenSSH has no such keyword.\n"
            "1 to add, 1 left out, 1 line not understood.\n"
        )
        assert names(say) == []

    def test_without_a_terminal_nothing_is_imported_unless_yes_is_given(self, say, config):
        refused = say("server", "import", config, typed="yes\n")
        assert (refused.code, refused.err) == (
            2,
            "There is no terminal to ask on; give --yes to import without being asked.\n",
        )
        assert names(say) == []

        done = say("server", "import", config, "--yes")
        assert done.code == 0
        assert done.out.endswith("1 server was added.\n")
        assert names(say) == ["web1"]

    def test_the_same_file_again_changes_nothing_and_asks_nothing(self, say, table):
        say("server", "import", table, "--yes", "--map", "name=Machine")
        again = say("server", "import", table, "--map", "name=Machine")

        assert again.code == 0
        assert "2 already as in the file." in again.out
        assert names(say) == ["web1", "web2"]

    def test_columns_that_are_named_count_over_those_guessed(self, say, table):
        told = say("server", "import", table, "--yes", "--json", "--map", "notes=Login")

        assert told.json["columns"] == {"name": "Machine", "address": "IP", "notes": "Login"}
        assert [row["server"]["notes"] for row in told.json["servers"]] == ["ops", "ops"]

    def test_json_imports_only_with_yes(self, say, config):
        told = say("server", "import", config, "--json").json

        assert (told["kind"], told["imported"]) == ("openssh", False)
        assert [row["action"] for row in told["servers"]] == ["add", "skip"]
        assert told["not_understood"] == [
            {
                "file": str(config),
                "line": 4,
                "text": "Frobnicate yes",
                "why": "OpenSSH has no such keyword.",
            }
        ]
        assert names(say) == []
        assert say("server", "import", config, "--json", "--yes").json["imported"] is True
        assert names(say) == ["web1"]

    @pytest.mark.parametrize(
        ("words", "code", "why"),
        [
            (("config", "--map", "name=x"), 2, "--map is for a CSV table"),
            (("fleet.csv", "--map", "name"), 2, "names no column"),
            (("fleet.csv", "--map", "name=Rack"), 1, "no column 'Rack'"),
            (("fleet.csv", "--map", "nam=IP"), 1, "'nam' is no field"),
            (("nothing",), 1, "cannot be read (No such file or directory)"),
        ],
    )
    @pytest.mark.usefixtures("config", "table")
    def test_what_cannot_be_read_is_one_sentence(self, say, tmp_path, words, code, why):
        told = say("server", "import", tmp_path / words[0], *words[1:])

        assert (told.code, told.err.count("\n")) == (code, 1)
        assert why in told.err
        assert names(say) == []

    def test_hostile_names_do_nothing_to_the_terminal(self, say, tmp_path):
        path = tmp_path / "hosts.yaml"
        names_of_hosts = '"\\e[2J": , "<b>x</b>": , "=1+1": , "\\u202Egpj": '
        path.write_text(f"all: {{hosts: {{{names_of_hosts}}}}}", encoding="utf-8")

        told = say("server", "import", path, "--yes")

        assert told.out.isascii()
        assert "\x1b" not in told.out
        assert "<b>x</b>" in told.out

    @pytest.mark.parametrize(("answer", "kept"), [("yes", ["web1"]), ("no", []), ("", [])])
    def test_on_a_terminal_it_asks(self, say, config, tmp_path, answer, kept):
        ours, theirs = pty.openpty()
        try:
            os.write(ours, f"{answer}\n".encode())
            told = subprocess.run(
                [sys.executable, "-m", "noc_console", "server", "import", str(config)],
                stdin=theirs,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
                env={**os.environ, "NOC_CONSOLE_STORE": str(tmp_path / "store")},
            )
        finally:
            os.close(ours)
            os.close(theirs)

        assert "Import 1 server?" in told.stderr
        assert told.returncode == (0 if kept else 1)
        assert ("Nothing was imported." in told.stderr) is not bool(kept)
        assert names(say) == kept


class TestExport:
    @pytest.fixture(autouse=True)
    def fleet(self, say):
        say("server", "add", "gate", "--host", "gate.example")
        say("server", "add", "web", "--host", "10.0.0.1", "--jump", "gate", "--notes", "=1+1")

    def test_a_table_goes_to_standard_output_and_back(self, say, tmp_path):
        told = say("server", "export")
        assert told.out.splitlines()[0].startswith("name,address,port,user,")
        assert ",'=1+1," in told.out

        path = tmp_path / "fleet.csv"
        path.write_text(told.out, encoding="utf-8")
        assert "2 already as in the file." in say("server", "import", path).out

    @pytest.mark.parametrize(
        ("words", "start"),
        [
            (("--out", "fleet.csv"), b"\xef\xbb\xbfname,address"),
            (("--out", "fleet.yml"), b"all:\n"),
            (("--out", "fleet", "--format", "yaml"), b"all:\n"),
            (("fleet.csv",), b"\xef\xbb\xbfname,address"),
        ],
    )
    def test_a_file_is_in_the_form_its_name_or_the_person_asks_for(
        self, say, tmp_path, monkeypatch, words, start
    ):
        monkeypatch.chdir(tmp_path)
        told = say("server", "export", *words)

        name = next(word for word in words if word.startswith("fleet"))
        assert told.out == f"2 servers are written to {name}.\n"
        assert (tmp_path / name).read_bytes().startswith(start)
        assert "2 already as in the file." in say("server", "import", name).out

    def test_a_file_is_replaced_whole_and_keeps_its_mode_and_its_link(self, say, tmp_path):
        real = tmp_path / "real.csv"
        real.write_text("old", encoding="utf-8")
        real.chmod(0o640)
        link = tmp_path / "fleet.csv"
        link.symlink_to(real)

        say("server", "export", "--out", link)

        assert link.is_symlink()
        assert stat.S_IMODE(real.stat().st_mode) == 0o640
        assert real.read_text("utf-8-sig").startswith("name,")
        assert [path.name for path in tmp_path.glob(".real*")] == []

    def test_a_place_that_cannot_be_written_is_one_sentence(self, say, tmp_path):
        told = say("server", "export", "--out", tmp_path / "nowhere" / "fleet.csv")

        assert told.code == 1
        assert told.err.endswith(
            "cannot be written (No such file or directory); choose another place.\n"
        )
