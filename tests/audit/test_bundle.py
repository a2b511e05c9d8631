"""An audit carried away in one file proves itself, and names each byte that was changed."""

import contextlib
import io
import json
import random
import subprocess
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noc_console.audit.bundle import README_TEXT, NoBundle, packed, proving_command
from noc_console.audit.bundle_verifying import verify_bundle
from noc_console.audit.bundling import bundle_of
from noc_console.audit.sealing import CannotSign
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store
from tests.audit.signed import decided, signed


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    folder = tmp_path_factory.mktemp("signed")
    store = open_store(StoreLocation.parse(str(folder / "store")))
    made = bundle_of(store, signed(store, folder).id)
    store.close()
    return made


def members(bundle):
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_is_whole_without_a_store_and_says_who_signed_what(bundle):
    found = verify_bundle(bundle)
    assert found.verified.broken == ()
    assert found.verified.signed_by["auditor"].startswith("ann, ssh-ed25519 ")
    assert (found.verified.evidence, found.verified.entries) == (4, 4)
    assert (found.told["month"], found.told["revision"]) == ("2026-11", "1")


def test_either_database_gives_one_that_is_whole(any_store, tmp_path):
    made = bundle_of(any_store, signed(any_store, tmp_path).id)
    assert verify_bundle(made).verified.broken == ()


def test_stock_programs_open_and_prove_it(bundle, tmp_path):
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
    assert (tmp_path / "evidence/1/FW-01.txt").read_text() == "LISTEN 0.0.0.0:3306\n"
    for role in ("auditor", "countersigner"):
        command = proving_command(role)
        assert command in README_TEXT
        subprocess.run(command, shell=True, cwd=tmp_path, check=True, capture_output=True)  # noqa: S602


def test_each_of_200_changed_bytes_is_found_and_named(bundle):
    chance = random.Random(2026)  # noqa: S311 - which byte is changed is no secret
    unnamed, only_frame = [], 0
    for _ in range(200):
        place = chance.randrange(len(bundle))
        other = bytearray(bundle)
        other[place] ^= chance.randrange(1, 256)
        broken = verify_bundle(bytes(other)).verified.broken
        if not broken:
            unnamed.append(place)
        only_frame += broken == ("the check sum of the file: what it holds is as it was signed",)
    assert unnamed == []
    assert only_frame < 20


@given(place=st.integers(0, 10**9), change=st.integers(1, 255))
@settings(max_examples=60, deadline=None)
def test_any_changed_byte_is_named(bundle, place, change):
    other = bytearray(bundle)
    other[place % len(bundle)] ^= change
    assert verify_bundle(bytes(other)).verified.broken


@given(start=st.integers(0, 10**9), length=st.integers(1, 5000), junk=st.binary(max_size=60))
@settings(max_examples=60, deadline=None)
def test_a_file_that_is_cut_or_patched_is_named_or_no_bundle(bundle, start, length, junk):
    start %= len(bundle)
    other = bundle[:start] + junk + bundle[start + length :]
    if other == bundle:
        return
    with contextlib.suppress(NoBundle):
        assert verify_bundle(other).verified.broken


def test_what_is_changed_and_packed_anew_is_named_by_what_it_is(bundle):
    files = members(bundle)
    files["findings.jsonl"] = files["findings.jsonl"].replace(b"is open to all", b"is shut to all")
    files["evidence/2/FW-01.txt"] = b"nothing\n"
    del files["evidence/1/USR-01.txt"]
    files["decisions.jsonl"] = files["decisions.jsonl"].splitlines(keepends=True)[0]
    files["README.txt"] += b"All is well."
    files["more.txt"] = b"hello"
    assert set(verify_bundle(packed(files.items())).verified.broken) == {
        "finding FW-01 tcp/3306 on web1 (server 1)",
        "finding FW-01 tcp/3306 on web2 (server 2)",
        "the evidence of FW-01 on web2 (server 2)",
        "the evidence of USR-01 on web1 (server 1): it is gone",
        "decision 2",
        "README.txt",
        "more.txt: it was put there",
    }


def test_a_row_that_is_there_twice_is_named(bundle):
    files = members(bundle)
    lines = files["findings.jsonl"].splitlines(keepends=True)
    files["findings.jsonl"] = lines[0].replace(b"open to all", b"shut to all") + b"".join(lines)
    broken = verify_bundle(packed(files.items())).verified.broken
    assert broken == ("finding FW-01 tcp/3306 on web1 (server 1)",)


def test_a_file_that_is_there_twice_is_named(bundle):
    files = [*members(bundle).items(), ("results.jsonl", b"")]
    with pytest.warns(UserWarning, match="Duplicate name"):
        other = packed(files)
    assert "results.jsonl" in verify_bundle(other).verified.broken


@pytest.mark.parametrize(
    "line",
    [
        b"[]",
        b"{}",
        b"[" * 5000,
        b'{"audit_id": 1}',
        b"\xff",
        json.dumps({"audit_id": "1", "number": []}).encode(),
    ],
)
def test_a_line_that_is_no_row_is_named_and_raises_nothing(bundle, line):
    files = members(bundle)
    for name in [one for one in files if one.endswith(".jsonl")]:
        broken = verify_bundle(packed((files | {name: line + b"\n"}).items())).verified.broken
        assert f"line 1 of {name}" in broken


def test_statements_of_another_key_do_not_pass_for_the_auditors(bundle):
    files = members(bundle)
    for part in ("", ".sig"):
        files[f"statement-auditor.txt{part}"] = files[f"statement-countersigner.txt{part}"]
    broken = verify_bundle(packed(files.items())).verified.broken
    assert "the signature of the auditor" in broken
    assert "the two signatures: both are of one key" in broken


def test_an_audit_nobody_signed_is_not_carried_away(store):
    with pytest.raises(CannotSign, match="Nobody has signed"):
        bundle_of(store, decided(store).id)


def test_another_file_is_no_bundle():
    for other in (b"", b"%PDF-1.4", b"PK\x05\x06" + bytes(18)):
        with pytest.raises(NoBundle, match="no exported audit"):
            verify_bundle(other)
