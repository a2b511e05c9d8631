"""What logs tell in short is kept beside the evidence, and says what the evidence says."""

from datetime import date, timedelta
from unittest.mock import patch

import pytest

from noc_console.audit import audit_records
from noc_console.audit.ageing import let_age
from noc_console.audit.audit_records import open_audit, put_collected, results_of
from noc_console.audit.check import Family
from noc_console.audit.logins import kept as logins
from noc_console.audit.spam import kept as spam
from noc_console.audit.summaries import SUMMARIES
from noc_console.audit.summary_records import summaries_of
from noc_console.fleet.server import Server
from tests.audit.judged import judged
from tests.audit.logins.test_login_timeline import ATTACK, USUAL, of
from tests.audit.spam.test_kept import LINE, answer
from tests.conftest import NOW

WEB1 = Server(id=1, name="web1", address="192.0.2.1")
SENT = answer(
    date(2026, 11, 28),
    {"shop": [20] * 20 + [900, 25], **{f"blog{place}": [5] * 22 for place in range(9)}},
    lines=f"LINE\tuser\tshop\t{LINE}",
)
TOLD = {"LOG-01": of(*USUAL, *ATTACK)["output"], "MAIL-04": SENT, "MAIL-05": "MTA\texim\n"}
PANELS = (logins.read_panel, spam.read_panel)


def collected(store, *, in_short):
    """Give an audit in which a server answered, with what it told in short or without."""
    audit = open_audit(store, "2026-11", [WEB1], catalogue="c" * 64, by="ann", now=NOW)
    results = [judged(check_id, output) for check_id, output in TOLD.items()]
    summaries = {one.check_id: SUMMARIES[one.check_id](one, ()) for one in results}
    put_collected(
        store,
        audit.id,
        WEB1.id,
        results,
        family=Family.DEBIAN,
        system="Debian 12",
        cpu_ms=1,
        now=NOW,
        summaries={key: body for key, body in summaries.items() if body} if in_short else None,
    )
    return audit


@pytest.mark.parametrize("read_panel", PANELS)
def test_what_is_kept_in_short_says_what_the_evidence_says(store, read_panel):
    of_evidence = read_panel(store, collected(store, in_short=False).id)
    audit = collected(store, in_short=True)
    with patch.object(audit_records.zlib, "decompress", side_effect=AssertionError):
        assert read_panel(store, audit.id) == of_evidence


@pytest.mark.parametrize("read_panel", PANELS)
def test_one_server_is_read_in_full_of_its_evidence(store, read_panel):
    in_full = read_panel(store, collected(store, in_short=False).id, WEB1.id)
    assert read_panel(store, collected(store, in_short=True).id, WEB1.id) == in_full


@pytest.mark.parametrize("read_panel", PANELS)
def test_another_versions_form_is_read_of_the_evidence(store, read_panel):
    audit = collected(store, in_short=False)
    of_evidence = read_panel(store, audit.id)
    for path in ("logins", "spam"):
        with patch(f"noc_console.audit.{path}.summary._FORM", 0):
            audit = collected(store, in_short=True)
    assert summaries_of(store, audit.id, "LOG-01")
    assert read_panel(store, audit.id) == of_evidence


def test_what_is_collected_again_without_it_leaves_nothing_old(store):
    audit = collected(store, in_short=True)
    assert summaries_of(store, audit.id, "LOG-01")
    collected(store, in_short=False)
    assert not summaries_of(store, audit.id, "LOG-01")


def test_it_ages_with_its_evidence(store):
    audit = collected(store, in_short=True)
    newest = max(one.at for one in results_of(store, audit.id).values())
    let_age(store, 30, newest + timedelta(days=40))
    assert not any(summaries_of(store, audit.id, check_id) for check_id in SUMMARIES)
    assert [one.why for one in logins.read_panel(store, audit.id).not_told] == [
        "What its log said is not kept any more."
    ]


def test_an_answer_nobody_understands_is_not_told_in_short():
    for check_id, of_check in SUMMARIES.items():
        assert of_check(judged(check_id, "\0"), ()) is None
