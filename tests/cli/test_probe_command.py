"""`noc-console probe`, run as a person runs it."""

import json
from pathlib import Path

import psutil
import pytest

READY = b"Welcome!\n\n@noc-console ready\n"
FIRST = (
    b"@frame 1\n@+ uptime\n 10.0 1\n@+ vmstat\n oom_kill 3\n"
    b"@+ stat\n cpu 1 0 0 99 0 0 0 0\n@end 1\n"
)
SECOND = b"@frame 2\n@+ uptime\n 20.0 1\n@+ stat\n cpu 51 0 0 149 0 0 0 0\n@end 2\n"


def test_this_machine_is_read_with_rates_and_as_json(program):
    result = program("probe", "--json")

    told = json.loads(result.stdout)
    assert (result.returncode, result.stderr) == (0, "")
    assert told["values"]["cores"] == psutil.cpu_count()
    assert 0 <= told["values"]["cpu_percent"] <= 100
    assert "oom_kills" in told["values"] | told["missing"]
    assert told["server_at"].endswith(("Z", "+00:00"))


def test_another_proc_is_read_in_its_place(program, tmp_path, monkeypatch):
    (tmp_path / "uptime").write_text("100.00 50.00\n")
    monkeypatch.setenv("NOC_PROC", str(tmp_path))

    result = program("probe")

    assert "uptime_s" in result.stdout
    assert "100.00" in result.stdout
    assert "not on this server" in result.stdout


def test_a_saved_output_is_read_with_what_its_first_frame_alone_told(program, tmp_path: Path):
    saved = tmp_path / "saved"
    saved.write_bytes(READY + FIRST + SECOND)

    told = json.loads(program("probe", "--parse", str(saved), "--json").stdout)

    assert told["values"] == {"cpu_percent": 50.0, "oom_kills": 3.0, "uptime_s": 20.0} | {
        "cpu_user_percent": 50.0,
        "cpu_system_percent": 0.0,
        "iowait_percent": 0.0,
        "steal_percent": 0.0,
    }


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no whole frame"),
        (b"\x7fELF\x00\x1b[31m", "no whole frame"),
        (READY + b"@frame 1\ngarbage\n", "not ours"),
        (READY + b"@frame 1\n@end 1\n", "uptime"),
        (b"x" * 300_000, "without end"),
        (None, "cannot be read"),
    ],
)
def test_garbage_is_one_sentence_and_exit_1(program, tmp_path: Path, content, words):
    saved = tmp_path / "saved"
    if content is not None:
        saved.write_bytes(content)

    result = program("probe", "--parse", str(saved))

    assert result.returncode == 1
    assert result.stdout == ""
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stderr.strip().endswith(".")


def test_escapes_of_a_server_do_not_reach_the_terminal(program, tmp_path: Path):
    saved = tmp_path / "saved"
    net = "@+ net/dev\n \x1b[31mred: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"
    frames = [f"@frame {n}\n@+ uptime\n {n}0.0 1\n{net}@end {n}\n" for n in (1, 2)]
    saved.write_bytes(READY + "".join(frames).encode())

    result = program("probe", "--parse", str(saved))

    assert "red" in result.stdout
    assert "\x1b" not in result.stdout
