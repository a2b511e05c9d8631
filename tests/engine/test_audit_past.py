"""A check that is judged by its past is given it; one that looks at agreed paths is told them."""

from datetime import date, timedelta

from noc_console.audit.agreed import OwnerKind
from noc_console.audit.agreed_records import agree
from noc_console.audit.audit_records import evidence_of, findings_of
from noc_console.audit.finding import Result
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
