"""An audit decided, signed, countersigned and verified by the words of a terminal."""

import getpass
import io
import json
import subprocess

import keyring
import pytest
import sqlalchemy as sa

from noc_console.cli.main import main
from noc_console.store.schema.audit import audit_finding, audit_result, audit_server
from noc_console.store.store import open_store
from tests.audit.signed import asked_in_all, make_key, passing_nothing_over
from tests.desk.memory_keyring import MemoryKeyring


@pytest.fixture
def begun(location):
    store = open_store(location)
    yield passing_nothing_over(store)
    store.close()


def run(capsys, location, *words):
    code = main(["audit", *words, "--store", str(location)])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_from_a_finding_to_a_countersigned_audit(capsys, location, begun, tmp_path, monkeypatch):
    ann, bob = str(make_key(tmp_path, "ann")), str(make_key(tmp_path, "bob"))
    code, _, said = run(capsys, location, "sign", "--key", ann)
    assert code == 1
    assert "FW-01 tcp/3306 on web1 wants a decision" in said
    assert "decide about these first" in said

    code, out, _ = run(
        capsys, location, "decide", "FW-01", "task", "--owner", "bob", "--until", "2099-01-31"
    )
    assert (code, out.count("task: FW-01 tcp/3306 on web")) == (0, 2)
    assert run(capsys, location, "sign", "--key", ann, "2026-11")[0] == 0
    code, _, said = run(capsys, location, "countersign", "--key", bob)
    assert (code, "another person countersigns" in said) == (1, True)
    monkeypatch.setattr(getpass, "getuser", lambda: "bob")
    code, out, _ = run(capsys, location, "countersign", "--key", bob)
    assert code == 0
    assert '\nsigned by: "bob"\n' in out

    folder = tmp_path / "proof"
    code, out, _ = run(capsys, location, "verify", "--out", str(folder))
    assert code == 0
    commands = [line for line in out.splitlines() if line.startswith("ssh-keygen")]
    for command in commands:
        subprocess.run(command, shell=True, cwd=folder, check=True, capture_output=True)  # noqa: S602
    assert len(commands) == 2

    carried = tmp_path / "november.zip"
    assert run(capsys, location, "report", "--out", str(carried))[0] == 0
    code, out, _ = run(capsys, tmp_path / "no-store", "verify", str(carried))
    assert (code, "ssh-keygen -Y verify -f allowed_signers -I auditor" in out) == (0, True)
    assert "The audit of 2026-11, revision 1 is as it was signed: " in out
    assert not (tmp_path / "no-store").exists()
    content = carried.read_bytes()
    carried.write_bytes(content.replace(b"is open to all", b"is shut to all", 1))
    code, _, said = run(capsys, location, "verify", str(carried))
    assert (code, "finding FW-01 tcp/3306 on web1 (server 1)" in said) == (1, True)


def test_a_passphrase_that_was_kept_is_not_asked_for_again(
    capsys, location, begun, tmp_path, monkeypatch
):
    memory = MemoryKeyring()
    monkeypatch.setattr(keyring, "get_keyring", lambda: memory)
    run(capsys, location, "decide", "FW-01", "task", "--owner", "bob", "--until", "2099-01-31")
    ann = str(make_key(tmp_path, "ann", passphrase="open sesame"))
    typed = ["--key", ann, "--passphrase-stdin", "--keep-passphrase"]
    monkeypatch.setattr("sys.stdin", io.StringIO("open sesame\n"))
    assert run(capsys, location, "sign", *typed)[0] == 0

    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    monkeypatch.setattr(getpass, "getuser", lambda: "bob")
    code, _, said = run(capsys, location, "countersign", "--key", ann)
    assert code == 1
    assert "the auditor's key" in said  # it was opened, and refused as what it is


def test_the_auditor_and_the_second_person_carry_away_what_they_signed(
    capsys, location, begun, tmp_path, monkeypatch
):
    run(capsys, location, "decide", "FW-01", "fixed")
    for act, who in (("sign", "ann"), ("countersign", "bob")):
        monkeypatch.setattr(getpass, "getuser", lambda who=who: who)
        key, carried = str(make_key(tmp_path, who)), str(tmp_path / f"{act}.zip")
        code, _, said = run(capsys, location, act, "--key", key, "--out", str(tmp_path / "a.txt"))
        assert (code, "ends in .zip" in said) == (1, True)
        assert run(capsys, location, act, "--key", key, "--out", carried)[0] == 0
        code, out, _ = run(capsys, location, "verify", "--json", carried)
        assert (code, json.loads(out)["broken"]) == (0, [])
    assert set(json.loads(out)["signed_by"]) == {"auditor", "countersigner"}


def test_what_was_changed_since_is_named_and_not_countersigned(
    capsys, location, begun, tmp_path, monkeypatch
):
    key = str(make_key(tmp_path))
    run(capsys, location, "decide", "FW-01", "fixed")
    run(capsys, location, "sign", "--key", key)
    store = open_store(location)
    with store.write() as connection:
        connection.execute(sa.update(audit_finding).values(sentence="Nothing."))
    store.close()

    code, out, _ = run(capsys, location, "verify", "--json")
    assert (code, json.loads(out)["ok"]) == (1, False)
    monkeypatch.setattr(getpass, "getuser", lambda: "bob")
    code, _, said = run(capsys, location, "countersign", "--key", str(make_key(tmp_path, "b")))
    assert code == 1
    assert "finding FW-01 tcp/3306 on web1 (server 1)" in said


def test_what_nobody_looked_at_wants_a_reason_and_a_word_gives_it(capsys, location, tmp_path):
    store = open_store(location)
    begun = passing_nothing_over(store, "2026-12")
    with store.write() as connection:
        for gone in ("USR-01", "FW-02"):
            connection.execute(
                sa.delete(audit_result).where(
                    audit_result.c.check_id == gone, audit_result.c.server_id == 1
                )
            )
        logging = [one for one in asked_in_all() if one.check_id.startswith("LGG-")]
        connection.execute(
            sa.delete(audit_result).where(
                audit_result.c.check_id.in_([one.check_id for one in logging])
            )
        )
        is_unreached = {"state": "failed", "why": "It does not answer."}
        one = audit_server.c.server_id == 1
        connection.execute(sa.update(audit_server).where(one).values(**is_unreached))
        two = audit_result.c.server_id == 2
        unmeasured = {"result": "not measured", "why": "It was lost."}
        critical = sa.and_(two, audit_result.c.check_id == "FW-02")
        connection.execute(sa.update(audit_result).where(critical).values(**unmeasured))
    store.close()
    key = ["--key", str(make_key(tmp_path, "ann"))]
    run(capsys, location, "decide", "FW-01", "fixed")
    code, _, said = run(capsys, location, "sign", *key)
    assert code == 1
    assert "No check looked at “logging”" in said
    assert "FW-02 on web2 is critical, was not measured and has no reason: It was lost." in said

    why = ["answered", "--reason", "The provider looks at it."]
    code, _, said = run(capsys, location, "decide", "logging", "fixed")
    assert (code, "with answered" in said) == (1, True)
    assert run(capsys, location, "decide", "Logging", *why)[1] == (
        "answered: logging on all servers\n"
    )
    assert run(capsys, location, "decide", "FW-02", *why)[1] == "answered: FW-02 on web2\n"
    assert run(capsys, location, "decide", "all", *why)[1] == "answered: all on web1\n"
    code, out, said = run(capsys, location, "sign", *key)
    assert (code, said) == (0, "")
    assert "It says nothing of what no check looked at: logging" in out
    path = tmp_path / "audit.json"
    run(capsys, location, "report", "--out", str(path))
    told = json.loads(path.read_text())["not_looked_at"]
    assert {"step": "logging", "answer": "The provider looks at it."} in told
    assert begun.month == "2026-12"


def test_an_answer_is_to_what_was_not_measured_and_no_word_about_a_finding(
    capsys, location, tmp_path
):
    store = open_store(location)
    passing_nothing_over(store, "2026-12")
    with store.write() as connection:
        one = sa.and_(audit_result.c.check_id == "FW-01", audit_result.c.server_id == 2)
        lost = {"result": "not measured", "why": "It was lost."}
        connection.execute(sa.update(audit_result).where(one).values(**lost))
        gone = sa.and_(audit_finding.c.check_id == "FW-01", audit_finding.c.server_id == 2)
        connection.execute(sa.delete(audit_finding).where(gone))
    store.close()
    task = ["task", "--owner", "bob", "--until", "2099-01-31"]
    assert run(capsys, location, "decide", "FW-01", *task)[1] == "task: FW-01 tcp/3306 on web1\n"
    why = ["answered", "--reason", "It was down."]
    assert run(capsys, location, "decide", "FW-01", *why)[1] == "answered: FW-01 on web2\n"
    said = run(capsys, location, "decide", "FW-01", *why, "--server", "web1")[2]
    assert "Nothing of FW-01 asks for a decision there" in said
    assert len(run(capsys, location, "decide", "FW-01", "reopened")[1].splitlines()) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["decide", "FW-01", "accepted", "--reason", "x"], "Give a day"),
        (["decide", "FW-99", "fixed"], "audit show"),
        (["decide", "FW-01", "fixed", "--server", "web9"], "no server web9"),
        (["sign", "2020-01"], "2020-01"),
        (["verify", "77"], "no audit 77"),
        (["verify", "gone.zip"], "cannot be read"),
        (["report", "--out", "a.zip"], "Nobody has signed it yet"),
        (["report", "--out", "a.zip", "--server", "web1"], "holds the whole audit"),
    ],
)
def test_what_cannot_be_is_one_sentence(capsys, location, begun, words, said):
    code, _, told = run(capsys, location, *words)
    assert code == 1
    assert said in told
    assert told.count("\n") == 1


def test_an_audit_that_is_open_is_whole_and_not_signed(capsys, location, begun):
    code, out, _ = run(capsys, location, "verify")
    assert code == 0
    assert "whole, and not signed yet" in out


@pytest.mark.parametrize("form", ["html", "csv", "json", "pdf"])
def test_a_report_is_written_in_every_form(capsys, location, begun, tmp_path, form):
    path = tmp_path / f"audit.{form}"
    code, out, _ = run(capsys, location, "report", "--out", str(path), "--server", "web1")
    assert (code, out) == (0, f"{path}\n")
    assert path.stat().st_size > 200


def test_a_report_of_no_form_is_refused(capsys, location, begun, tmp_path):
    code, _, said = run(capsys, location, "report", "--out", str(tmp_path / "audit.doc"))
    assert (code, "ends in no form" in said) == (1, True)
