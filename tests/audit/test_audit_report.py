"""The report of an audit says what stands in it, in every form, and is inert."""

import csv
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from noc_console.audit.audit_records import open_audit, put_collected
from noc_console.audit.catalogue import load_catalogue
from noc_console.audit.check import Family
from noc_console.audit.decision import DecisionKind
from noc_console.audit.decision_records import decide
from noc_console.audit.report_document import as_csv, as_html, as_json
from noc_console.audit.report_reading import NobodyReported, read_report
from noc_console.store.schema.audit import audit_result
from tests.audit.signed import SERVERS, collected, signed
from tests.audit.test_audit_records import result
from tests.conftest import NOW


@pytest.fixture
def catalogue(tmp_path):
    return load_catalogue(tmp_path / "none")


def test_what_is_open_stands_before_all_else_with_its_evidence(store, catalogue):
    begun = collected(store)
    decide(
        store,
        begun.id,
        [(2, "FW-01", "tcp/3306")],
        DecisionKind.TASK,
        until=NOW.date() + timedelta(days=9),
        owner="bob",
        by="ann",
        now=NOW,
    )
    report = read_report(store, begun.id, catalogue, NOW)
    told = as_json(report)
    assert told["verdict"].startswith(
        "2 servers, 4 checks: 2 failed, 0 with a warning, 0 not measured. "
        "1 finding has no decision yet. 1 task somebody works on. No check looked at: "
    )
    steps = [one["step"] for one in told["not_looked_at"]]
    assert "backups" in steps
    assert "firewall and ports" not in steps
    assert [one["server"] for one in told["findings"]] == ["web1", "web2"]
    assert told["findings"][0]["lines"] == ["LISTEN 0.0.0.0:3306"]
    html = as_html(report)
    day = f"{NOW.date() + timedelta(days=9):%Y-%m-%d}"
    assert f'task, bob, until <span class="id">{day}</span> (ann' in html
    assert "Nobody has signed it yet" in html


def test_a_report_is_of_one_customer_where_that_is_asked(store, catalogue):
    begun = collected(store)
    report = read_report(store, begun.id, catalogue, NOW, customer="Ann, née Ö")
    assert [one.server_name for one in report.servers] == ["web1"]
    assert report.of == "customer Ann, née Ö"
    with pytest.raises(NobodyReported, match="no group db"):
        read_report(store, begun.id, catalogue, NOW, group="db")


def test_the_next_month_tells_what_is_gone_and_since_when_the_rest_is_there(
    store, catalogue, tmp_path
):
    signed(store, tmp_path, "2026-10")
    begun = open_audit(store, "2026-11", SERVERS, catalogue="c", by="ann", now=NOW)
    for server, items in ((1, ()), (2, ("tcp/3306", "tcp/6379"))):
        found = result(items=items)
        put_collected(
            store, begun.id, server, [found], family=Family.DEBIAN, system="", cpu_ms=1, now=NOW
        )
    report = read_report(store, begun.id, catalogue, NOW)
    assert [(one.server_name, one.check_id) for one in report.gone] == [("web1", "FW-01")]
    told = {one["item"]: (one["change"], one["since"]) for one in as_json(report)["findings"]}
    assert told == {"tcp/3306": ("same", "2026-10"), "tcp/6379": ("new", "2026-11")}
    assert report.months == (("2026-10", 2, 0), ("2026-11", 2, 0))


def test_a_signed_report_carries_the_statements_that_prove_it(store, catalogue, tmp_path):
    begun = signed(store, tmp_path)
    html = as_html(read_report(store, begun.id, catalogue, NOW))
    assert "Signed as countersigner by bob" in html
    assert "noc-console audit statement 1" in html
    assert "-I auditor -n noc-console-audit" in html


def test_what_was_not_measured_for_the_same_reason_is_told_once(store, catalogue):
    begun = collected(store)
    with store.write() as connection:
        lost = {"result": "not measured", "why": "The server does not have ss."}
        of_both = audit_result.c.check_id == "USR-01"
        connection.execute(sa.update(audit_result).where(of_both).values(**lost))
    html = as_html(read_report(store, begun.id, catalogue, NOW))
    assert html.count("The server does not have ss.") == 1
    assert "<td>web1, web2</td>" in html


def test_the_first_page_tells_what_is_open_by_severity_with_owner_and_day(store, catalogue):
    begun = collected(store)
    day = NOW.date() + timedelta(days=9)
    task = {"until": day, "owner": "bob", "by": "ann", "now": NOW}
    decide(store, begun.id, [(2, "FW-01", "tcp/3306")], DecisionKind.TASK, **task)
    html = as_html(read_report(store, begun.id, catalogue, NOW))
    first = html[: html.index("Still open")]
    row = next(line for line in first.splitlines() if line.startswith("<tr><td>critical"))
    assert [row.count(f">{words}<") for words in ("2", "1", f"{day}", "bob")] == [1, 2, 1, 1]
    assert first.count("data:image/svg+xml;base64,") == 1


def test_the_annex_marks_the_lines_that_show_it(store, catalogue):
    begun = collected(store)
    html = as_html(read_report(store, begun.id, catalogue, NOW))
    annex = html[html.index("Annex: evidence") :]
    assert annex.count("<b>&gt;    1 LISTEN 0.0.0.0:3306</b>") == 2
    assert "USR-01" not in annex


def test_what_a_server_says_is_inert_in_every_form(store, catalogue):
    begun = open_audit(store, "2026-11", SERVERS, catalogue="c", by="ann", now=NOW)
    item = '=HYPERLINK("http://x")<script>alert(1)</script>\x1b[2J'
    put_collected(
        store,
        begun.id,
        1,
        [result(items=(item,), evidence=f"{item}\n".encode())],
        family=Family.DEBIAN,
        system="<b>",
        cpu_ms=1,
        now=NOW,
    )
    report = read_report(store, begun.id, catalogue, NOW)
    html = as_html(report)
    assert "<script>" not in html
    assert "\x1b" not in html
    (row,) = csv.DictReader(io.StringIO(as_csv(report)))
    assert row["item"].startswith("'=HYPERLINK")
    assert "\x1b" not in row["sentence"]
