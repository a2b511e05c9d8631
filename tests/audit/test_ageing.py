"""Evidence of people goes by age; what was found and signed stays and still proves itself."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from noc_console.audit.ageing import let_age
from noc_console.audit.audit_records import evidence_of, findings_of
from noc_console.audit.bundle_verifying import verify_bundle
from noc_console.audit.bundling import bundle_of
from noc_console.audit.catalogue import load_catalogue
from noc_console.audit.journal import EntryKind
from noc_console.audit.report_document import as_html, as_json
from noc_console.audit.report_reading import read_report
from noc_console.audit.verifying import verify_audit
from noc_console.store.schema.audit import audit_entry, audit_evidence
from tests.audit.signed import collected, journal_of, signed
from tests.conftest import NOW

LATER = NOW + timedelta(days=400, seconds=1, microseconds=123)


def test_what_is_too_old_goes_and_the_journal_says_so_once(any_store, tmp_path):
    old = signed(any_store, tmp_path)

    assert let_age(any_store, 400, NOW + timedelta(days=399)) == 0
    assert let_age(any_store, 400, LATER) == 4
    assert let_age(any_store, 400, LATER + timedelta(days=1)) == 0

    assert evidence_of(any_store, old.id, 1, "FW-01") is None
    assert len(findings_of(any_store, old.id)) == 2
    aged = [one for one in journal_of(any_store, old.id) if one.kind is EntryKind.AGED]
    assert [(one.body["days"], one.body["pieces"]) for one in aged] == [(400, 4)]


def test_an_audit_whose_evidence_aged_still_proves_itself_and_says_so(store, tmp_path):
    old = signed(store, tmp_path)
    let_age(store, 400, LATER)

    for found in (verify_audit(store, old.id), verify_bundle(bundle_of(store, old.id)).verified):
        assert found.broken == ()
        assert (found.evidence, found.aged) == (4, 4)
    report = read_report(store, old.id, load_catalogue(tmp_path / "none"), LATER)
    assert as_json(report)["evidence_aged"] == 4
    assert "aged out" in as_html(report)


def test_what_is_missing_and_not_old_enough_is_gone_not_aged(store, tmp_path):
    begun = signed(store, tmp_path)
    let_age(store, 400, LATER)
    later = collected(store, "2027-12")
    with store.history_write() as connection:
        connection.execute(sa.delete(audit_evidence).where(audit_evidence.c.server_id == 2))
    assert verify_audit(store, begun.id).broken == ()
    assert verify_audit(store, later.id).broken == (
        "the evidence of FW-01 on web2 (server 2): it is gone",
        "the evidence of USR-01 on web2 (server 2): it is gone",
    )


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"days": "x", "before": 3},
        {"days": 400, "before": LATER.isoformat()},
        {"days": 400, "before": "2027-11-28T02:00:00"},
    ],
)
def test_an_entry_that_claims_more_than_its_days_excuses_nothing(store, tmp_path, body):
    begun = signed(store, tmp_path)
    let_age(store, 400, LATER)
    with store.write() as connection:
        entry = audit_entry.c.kind == EntryKind.AGED.value
        connection.execute(sa.update(audit_entry).where(entry).values(body=body))
    assert (
        "the evidence of FW-01 on web1 (server 1): it is gone"
        in verify_audit(store, begun.id).broken
    )


class Killed(BaseException):
    """The end of a process."""


def test_one_that_is_killed_between_its_entry_and_its_deed_is_done_again(
    store, tmp_path, monkeypatch
):
    begun = signed(store, tmp_path)

    def ended():
        raise Killed

    with monkeypatch.context() as killed:
        killed.setattr(store, "history_write", ended)
        with pytest.raises(Killed):
            let_age(store, 400, LATER)
    assert verify_audit(store, begun.id).broken == ()
    assert evidence_of(store, begun.id, 1, "FW-01") is not None

    assert let_age(store, 400, LATER) == 4
    found = verify_audit(store, begun.id)
    assert (found.broken, found.aged) == ((), 4)
