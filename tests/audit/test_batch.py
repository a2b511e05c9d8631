"""The script that asks a server its checks, run in the shells there are, and its answers read."""

import os
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.audit.batch import (
    MAX_OUTPUT,
    MAX_SCRIPT,
    AsRoot,
    BatchReader,
    ServerShouts,
    asked_of,
    batch_script,
    in_scripts,
)
from noc_console.audit.catalogue import load_catalogue
from noc_console.audit.check import Family, Privilege
from tests.audit.asking import NONCE, check, run_batch

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
SHELLS = (("dash",), ("bash", "--posix"))


@pytest.fixture(params=SHELLS, ids=lambda words: words[0])
def shell(request):
    return request.param


def test_each_check_gives_its_bytes_and_its_exit_status(shell):
    found, reader = run_batch(
        [
            check("A", "printf 'one\\ntwo'; exit 3"),
            check("B", ":"),
            check("C", "printf '\\033[31m\\000\\377<b>=1+1\\n'"),
        ],
        shell=shell,
    )

    assert (found["A"].output, found["A"].exit_status) == (b"one\ntwo", 3)
    assert (found["B"].output, found["B"].exit_status, found["B"].is_whole) == (b"", 0, True)
    assert found["C"].output == b"\x1b[31m\x00\xff<b>=1+1\n"
    assert reader.is_over
    assert reader.cpu_ms is not None


def test_a_check_without_its_tool_says_which(shell):
    found, _ = run_batch([check("A", "nosuchtool", needs=("sh", "nosuchtool"))], shell=shell)

    assert found["A"].is_missing == ("nosuchtool",)


def test_a_check_that_never_ends_is_ended_and_the_next_is_asked(shell):
    found, _ = run_batch(
        [
            check("A", "trap '' TERM; echo begun; while :; do sleep 1; done", deadline_s=1.0),
            check("B", "echo two"),
        ],
        shell=shell,
    )

    assert found["A"].exit_status in {124, 137}
    assert found["A"].output == b"begun\n"
    assert found["B"].output == b"two\n"


def test_a_hundred_megabytes_are_cut_and_told_as_cut(shell):
    found, _ = run_batch(
        [check("A", "head -c 104857600 /dev/zero"), check("B", "echo two")], shell=shell
    )

    assert len(found["A"].output) == MAX_OUTPUT
    assert not found["A"].is_whole
    assert found["B"].output == b"two\n"


def test_nothing_of_the_accounts_environment_reaches_a_check(shell, tmp_path):
    evil = tmp_path / "id"
    evil.write_text("#!/bin/sh\necho poisoned\n")
    evil.chmod(0o755)
    found, _ = run_batch(
        [check("A", "id -u; env")],
        shell=shell,
        environment={
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            "ENV": str(evil),
            "BASH_ENV": str(evil),
            "BASH_FUNC_id%%": "() { echo poisoned; }",
            "BASH_FUNC_printf%%": "() { echo poisoned; }",
            "LD_LIBRARY_PATH": str(tmp_path),
            "TOKEN": "s3cret",
        },
    )

    words = found["A"].output.decode()
    assert words.startswith("0\n")
    assert "poisoned" not in words
    assert "s3cret" not in words
    assert "LD_LIBRARY_PATH" not in words


def test_a_check_that_writes_to_a_file_is_ended(shell, tmp_path):
    target = tmp_path / "written"
    found, _ = run_batch([check("A", f"head -c 10 /dev/zero > {target}; echo on")], shell=shell)

    assert not target.exists() or target.stat().st_size == 0
    assert found["A"].output in {b"", b"on\n"}


def test_a_check_that_reads_its_input_reads_nothing(shell):
    found, _ = run_batch([check("A", "cat"), check("B", "echo two")], shell=shell)

    assert (found["A"].output, found["A"].exit_status) == (b"", 0)
    assert found["B"].output == b"two\n"


def test_what_a_check_used_of_the_processor_is_told(shell):
    found, reader = run_batch(
        [check("A", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"), check("B", ":")],
        shell=shell,
    )

    assert found["A"].cpu_ms > found["B"].cpu_ms
    assert reader.cpu_ms >= found["A"].cpu_ms


def test_without_a_way_to_root_only_the_accounts_checks_are_asked():
    root = check("R", "echo root", privilege=Privilege.SUDO)
    found, _ = run_batch([check("A", "echo own"), root], as_root=AsRoot.NOT)

    assert found["A"].output == b"own\n"
    assert found["R"].why == "It never came."


def test_the_password_stands_in_no_script_and_root_gets_its_checks_by_a_pipe():
    asked = asked_of([check("R", "echo root", privilege=Privilege.SUDO)], Family.DEBIAN)
    script = batch_script(asked, nonce=NONCE, as_root=AsRoot.FED).decode()

    assert "IFS= read -r p" in script
    assert script.count("sudo -k -S") == 1
    assert NONCE not in script.split("sudo -k -S")[1].split("2>/dev/null")[0]


def test_a_long_catalogue_is_asked_in_parts_none_longer_than_an_argument_may_be():
    asked = asked_of([check(f"C{n}", "echo '" + "x" * 900 + "'") for n in range(300)], Family.RHEL)
    parts = list(in_scripts(asked))

    assert [one for part in parts for one in part] == asked
    assert len(parts) > 1
    for part in parts:
        script = batch_script(part, nonce=NONCE, as_root=AsRoot.IS_ROOT)
        assert len(script) < MAX_SCRIPT * 1.4 < 128 * 1024


def test_the_shipped_catalogue_is_one_script():
    for family in Family:
        asked = asked_of(list(load_catalogue().checks.values()), family)
        light = [one for one in asked if one.check.cost.value == "light"]
        assert len(list(in_scripts(light))) <= 2


def test_a_server_lost_half_way_leaves_what_came_and_says_why_for_the_rest():
    asked = asked_of([check("A", ":"), check("B", ":"), check("C", ":")], Family.DEBIAN)
    reader = BatchReader(asked, NONCE)
    told = f"\n@{NONCE} ready\n\n@{NONCE} begin 1 4\nfine\n@{NONCE} status 0\n\n@{NONCE} end 1 6\n"
    found = reader.feed(told.encode(), now_s=1.0, now=NOW)
    reader.feed(f"\n@{NONCE} begin 2 6\nhalf".encode(), now_s=2.0, now=NOW)
    rest = reader.rest("The connection was lost.", now=NOW)

    assert [(one.check_id, one.output, one.cpu_ms) for one in found] == [("A", b"fine", 20)]
    assert [(one.check_id, one.why, one.output) for one in rest] == [
        ("B", "The connection was lost.", b""),
        ("C", "The connection was lost.", b""),
    ]


def test_an_end_that_nobody_asked_for_ends_nothing():
    asked = asked_of([check("A", ":")], Family.DEBIAN)
    reader = BatchReader(asked, NONCE)
    words = f"\n@{NONCE} end 9 1\n\n@{NONCE} begin 7 1\nx\n@{NONCE} status 0\n\n@{NONCE} end 7 1\n"

    assert reader.feed(words.encode(), now_s=1.0, now=NOW) == []
    assert [one.check_id for one in reader.rest("no", now=NOW)] == ["A"]


def test_a_server_that_shouts_is_given_up():
    reader = BatchReader(asked_of([check("A", ":")], Family.DEBIAN), NONCE)

    with pytest.raises(ServerShouts, match="without end"):
        reader.feed(b"x" * 1_000_000, now_s=1.0, now=NOW)


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_any_bytes_give_outcomes_or_a_named_failure(parts):
    asked = asked_of([check("A", ":"), check("B", ":")], Family.DEBIAN)
    reader = BatchReader(asked, NONCE)
    found = []
    for part in parts:
        mixed = part.replace(b"\x00", f"\n@{NONCE} ".encode())
        found += reader.feed(mixed, now_s=1.0, now=NOW)
    found += reader.rest("no more", now=NOW)

    assert sorted(one.check_id for one in found) == ["A", "B"]
