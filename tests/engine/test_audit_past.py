"""A check that is judged by its past is given it; one that looks at agreed paths is told them."""

from dataclasses import replace
from datetime import date, timedelta
from unittest.mock import patch

from noc_console.audit.agreed import OwnerKind
from noc_console.audit.agreed_records import agree
from noc_console.audit.audit_records import evidence_of, findings_of, open_audit
from noc_console.audit.batch import not_asked
from noc_console.audit.catalogue import load_catalogue
from noc_console.audit.check import Family, Privilege
from noc_console.audit.finding import Result
from noc_console.audit.summary_records import summaries_of
from noc_console.engine.audit_collecting import Collecting
from noc_console.engine.audit_run import known_for
from noc_console.fleet.server import Server
from noc_console.store.settings import put_setting
from tests.engine.running import add, closed, now
from tests.engine.test_audit_run import begin

CHECKS = """
step = "spamming"

[[check]]
id = "AM-01"
title = "Senders as a test writes them"
rationale = "A test asks it."
severity = "low"
privilege = "plain"
parser = "mail"
item = "{{who}}"
empty = "not measured"
empty_sentence = "Nothing came."
mend = "Nothing."
[check.run]
all = "cat {told}"
[[check.rule]]
result = "warn"
where = [["standing", "is", "high"]]
sentence = "{{who}} sent {{says}}"

[[check]]
id = "AM-02"
title = "Agreed paths as a command is told them"
rationale = "A test asks it."
severity = "low"
privilege = "plain"
parser = "words"
options = {{ fields = ["path"], given = "backup path" }}
item = "{{path}}"
empty = "not measured"
empty_sentence = "Nothing is agreed."
mend = "Nothing."
[check.run]
all = '''printf '%s\\n' "$@"'''
[[check.rule]]
result = "info"
sentence = "{{path}} is looked at."
"""


def answer(last, counts):
    """Give the counts of a user on the days that end with `last`."""
    days = [last - timedelta(days=len(counts) - 1 - number) for number in range(len(counts))]
    words = " ".join(map(str, counts))
    return (
        f"MTA\texim\nTODAY\t{last}\nDAYS\t{' '.join(map(str, days))}\nSENT\tuser\tshop\t{words}\n"
    )


def test_the_second_month_is_judged_by_what_the_first_kept(store, sshd, tmp_path, start_engine):
    told = tmp_path / "told"
    folder = store.location.folder / "checks"
    folder.mkdir(exist_ok=True)
    (folder / "site.toml").write_text(CHECKS.format(told=told))
    put_setting(store, "recorder.is_automatic", False)
    web1 = add(store, sshd, "web1")
    paths = [("backup path", "/srv/back up"), ("backup path", "/backup/*")]
    agree(store, OwnerKind.SERVER, str(web1.id), paths, reason="by hand", by="ann", now=now())
    start_engine(store).wait_until_watching()

    told.write_text(answer(date(2026, 10, 31), [20] * 20))
    october, number = begin(store, [web1], ["AM-01", "AM-02"], month="2026-10")
    closed(store, number, 240)
    told.write_text(answer(date(2026, 11, 28), [20, 900, 25]))
    november, number = begin(store, [web1], ["AM-01"], month="2026-11")
    closed(store, number, 240)

    [looked] = findings_of(store, october.id)
    assert (looked[1].item, looked[1].result) == ("/srv/back up", Result.INFO)
    high = {one.item: one.result for _, one in findings_of(store, november.id)}
    assert high["user shop"] is Result.WARN
    assert evidence_of(store, november.id, web1.id, "AM-01") == told.read_bytes()


def test_what_logs_tell_is_kept_in_short_so_that_no_window_reads_the_evidence_of_a_fleet(store):
    web1 = Server(id=1, name="web1", address="192.0.2.1")
    audit = open_audit(store, "2026-11", [web1], catalogue="", by="ann", now=now())
    told = answer(now().date(), [20, 900, 25]).encode()
    shipped = load_catalogue().check("MAIL-04")
    check = replace(shipped, privilege=Privilege.STORE, commands={Family.OTHER: "a test's"})
    way = {(Privilege.STORE, "a"): lambda *_: replace(not_asked(check, "", now()), output=told)}
    collecting = Collecting(
        store,
        audit,
        reach=None,
        known=known_for(store, audit.id),
        now=now,
        wait=lambda _: None,
        is_wanted=lambda: None,
    )
    with patch.dict("noc_console.engine.audit_looks.LOOKS", way):
        collecting.collect_one(web1, check, collecting.base_of(web1))
    [kept] = summaries_of(store, audit.id, "MAIL-04").values()
    assert '"shop"' in kept
