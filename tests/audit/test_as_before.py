"""What is as last month is decided as it was then; what is not wants a look."""

from dataclasses import replace
from datetime import timedelta

from noc_console.audit.as_before import NEW_TASK, are_due_anew, as_before
from noc_console.audit.checklist_lines import Line, Scope, lines_of
from noc_console.audit.decision import DecisionKind
from noc_console.audit.finding import Result
from tests.audit.checklists import asked, checklist, decision, finding
from tests.conftest import NOW

TODAY = NOW.date()
ITEMS = ("tcp/1", "tcp/2", "tcp/3", "tcp/4", "tcp/5", "tcp/6")


def lines(*before, was=None) -> list[Line]:
    """Give the lines of a server with six findings that last month decided about so."""
    found = [finding(item=one) for one in ITEMS]
    then = {(1, *one.key): one for one in found} | (was or {})
    decided = {(1, one.check_id, one.item): one for one in before}
    shown = checklist(asked(1, *found), before=then, decided_before=decided)
    return lines_of(shown, Scope(server_ids=frozenset({1})))


def task(item, due):
    return decision(1, item=item, kind=DecisionKind.TASK, audit_id=6, owner="bob", until=due)


def test_the_same_finding_is_decided_as_it_was_and_the_rest_is_left():
    reason = {"reason": "By contract."}
    found = as_before(
        lines(
            decision(1, item="tcp/1", kind=DecisionKind.FALSE, audit_id=6, **reason),
            decision(1, item="tcp/2", kind=DecisionKind.FALSE, audit_id=6, **reason),
            task("tcp/3", TODAY + timedelta(days=3)),
            decision(1, item="tcp/4", kind=DecisionKind.FIXED, audit_id=6),
            decision(1, item="tcp/5", kind=DecisionKind.ACCEPTED, audit_id=6, **reason),
        ),
        TODAY,
    )
    first, second = found.again
    assert (first.kind, first.reason, len(first.keys)) == (DecisionKind.FALSE, "By contract.", 2)
    assert (second.owner, second.until) == ("bob", TODAY + timedelta(days=3))
    assert second.keys == ((1, "FW-01", "tcp/3"),)
    assert found.left == 4  # fixed, accepted, never decided, and a question


def test_a_finding_that_is_new_or_got_worse_is_never_decided_as_before():
    key = (1, "FW-01", "tcp/1")
    was = {key: finding(item="tcp/1", result=Result.WARN)}
    said = decision(1, item="tcp/1", kind=DecisionKind.FALSE, audit_id=6, reason="By contract.")
    assert as_before(lines(said, was=was), TODAY).again == ()


def test_a_task_whose_day_is_past_is_due_anew():
    told = lines(task("tcp/1", TODAY - timedelta(days=9)), task("tcp/2", TODAY + timedelta(days=9)))
    assert are_due_anew(told, TODAY) == 1
    assert {one.until for one in as_before(told, TODAY).again} == {
        TODAY + NEW_TASK,
        TODAY + timedelta(days=9),
    }
    chosen = TODAY + timedelta(days=2)
    assert chosen in {one.until for one in as_before(told, TODAY, chosen).again}


def test_what_people_are_asked_is_answered_anew_each_month():
    said = decision(
        1, "ASK-01", "", kind=DecisionKind.ANSWERED, audit_id=6, reason="Restored on the 2nd."
    )
    assert as_before(lines(said), TODAY).again == ()


def test_what_is_decided_already_stays_as_it_is():
    said = decision(1, item="tcp/1", kind=DecisionKind.FALSE, audit_id=6, reason="By contract.")
    decided = [replace(one, need=type(one.need).NOTHING) for one in lines(said)]
    assert as_before(decided, TODAY).again == ()
