"""What holds for every command: words, exit codes, sentences."""

import subprocess
import sys
from pathlib import Path

import pytest

from noc_console import __version__
from noc_console.cli.main import main, parse
from noc_console.errors import ConsoleError


class TestWords:
    @pytest.mark.parametrize(
        "words",
        [
            ["--store", "/srv/noc", "version", "--flag", "a"],
            ["version", "--flag", "--store", "/srv/noc", "a"],
            ["version", "a", "--flag", "--store=/srv/noc"],
        ],
    )
    def test_the_store_may_stand_before_or_after_the_command(self, command, words):
        seen = []
        command(lambda arguments: seen.append(arguments) or 0)

        main(words)

        assert (seen[0].store, seen[0].words, seen[0].flag) == ("/srv/noc", ["a"], True)

    def test_no_command_is_the_desk(self, command, monkeypatch):
        monkeypatch.setitem(main.__globals__["COMMANDS"], "desk", "open the window")
        command(lambda _arguments: 0)

        assert parse(["--store", "/srv/noc"]).command == "desk"

    def test_an_unknown_command_is_a_usage_error(self, program):
        result = program("statsu")

        assert result.returncode == 2
        assert "statsu" in result.stderr

    def test_an_unknown_option_is_a_usage_error(self, program):
        assert program("version", "--colour").returncode == 2

    def test_help_names_every_command_and_imports_none(self):
        result = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "noc_console", "--help"],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )

        assert "version" in result.stdout
        assert "sqlalchemy" not in result.stderr
        assert "PySide6" not in result.stderr


class TestEnds:
    def test_the_version_is_told(self, program):
        assert __version__ in program("version").stdout

    def test_an_expected_failure_is_one_sentence_and_exit_1(self, command, capsys):
        def fail(_arguments):
            raise ConsoleError("The shelf is empty; put a server on it.")

        command(fail)

        assert main(["version"]) == 1
        assert capsys.readouterr().err == "The shelf is empty; put a server on it.\n"

    def test_an_interrupt_is_quiet_and_exits_130(self, command, capsys):
        def interrupt(_arguments):
            raise KeyboardInterrupt

        command(interrupt)

        assert main(["version"]) == 130
        assert capsys.readouterr().err == ""

    def test_a_bug_is_logged_with_the_reference_that_is_told(self, command, capsys, state_home):
        command(lambda _arguments: 1 // 0)

        code = main(["version"])

        told = capsys.readouterr().err
        log = (state_home / "noc-console" / "bugs.log").read_text()
        reference = told.split("entry ")[1].split()[0]
        assert code == 1
        assert told.count("\n") == 1
        assert "Traceback" not in told
        assert reference in log
        assert "ZeroDivisionError" in log

    def test_a_bug_is_told_even_where_no_log_can_be_written(self, command, capsys, state_home):
        state_home.write_text("a file where the folder should be")
        command(lambda _arguments: 1 // 0)

        assert main(["version"]) == 1
        assert "ZeroDivisionError" in capsys.readouterr().err

    @pytest.mark.usefixtures("state_home")
    def test_a_reader_that_goes_away_is_no_error(self):
        script = (
            "import sys; from noc_console.cli import main as m\n"
            "class C:\n"
            "    def add_arguments(self, p): pass\n"
            "    def run(self, a):\n"
            "        for n in range(100000): print(n)\n"
            "        return 0\n"
            "m.load_command = lambda name: C()\n"
            "sys.exit(m.main(['version']))"
        )
        with subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            process.stdout.readline()
            process.stdout.close()
            told = process.stderr.read()
            process.wait(30)

        assert told == b""
        assert process.returncode == 141

    @pytest.mark.usefixtures("state_home")
    @pytest.mark.parametrize("told", ["print(1, flush=True)", "print(1)"])
    def test_output_that_a_disk_takes_no_more_is_said_in_a_sentence(self, told):
        script = (
            "import sys; from noc_console.cli import main as m\n"
            "class C:\n"
            "    def add_arguments(self, p): pass\n"
            "    def run(self, a):\n"
            f"        {told}\n"
            "        return 0\n"
            "m.load_command = lambda name: C()\n"
            "sys.exit(m.main(['version']))"
        )
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [sys.executable, "-c", script],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )

        assert done.returncode == 1
        assert done.stderr == (
            "What was to be told cannot be written: No space left on device; see where it is to"
            " go.\n"
        )

    def test_streams_that_were_closed_for_it_are_no_error(self):
        closed = [sys.executable, "-m", "noc_console", "version"]
        done = subprocess.run(
            ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *closed], timeout=60, check=False
        )

        assert done.returncode == 0

    def test_a_store_without_a_place_is_a_usage_error_in_one_line(self, program):
        done = program("--store")

        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
