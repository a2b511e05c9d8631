"""What a cell of the checklist says, what a line wants, and how far people are."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.audit.audit import CollectState
from noc_console.audit.check import Step
from noc_console.audit.checklist import (
    Mark,
    Need,
    arranged,
    arranged_as,
    server_row,
    whole_row,
)
from noc_console.audit.checklist_changes import changes_of
from noc_console.audit.checklist_lines import Scope, lines_of
from noc_console.audit.checklist_progress import progress_of
from noc_console.audit.decision import WHOLE_AUDIT, DecisionKind
from noc_console.audit.finding import Result, Severity
from noc_console.audit.month import Change
from noc_console.audit.whole import WholeAudit
from tests.audit.checklists import (
    CHECKS,
    asked,
    checklist,
    decision,
    finding,
    part,
    result,
)
from tests.conftest import NOW

STEPS = tuple(Step)


def cell(made, server_id=1, step=Step.FIREWALL):
    return server_row(made, made.parts[server_id]).cells[STEPS.index(step)]


def only(made, **scope):
    (line,) = lines_of(made, Scope(**scope))
    return line


def rows_of(made):
    found = [server_row(made, one) for one in made.parts.values()]
    whole = whole_row(made)
    return arranged([*found, *([whole] if whole is not None else [])])


def test_a_cell_counts_what_waits_and_takes_the_worst_mark():
    made = checklist(
        part(
            1,
            result("FW-01", Result.FAIL, finding(), finding(item="tcp/22", result=Result.WARN)),
            result("FW-02", Result.PASS),
        )
    )
    assert cell(made).mark is Mark.FAIL
    assert cell(made).open == 2
    assert dict(cell(made).counts) == {Mark.FAIL: 1, Mark.WARN: 1, Mark.PASS: 1}


def test_a_critical_fail_is_worse_than_a_fail():
    made = checklist(
        part(1, result("FW-02", Result.FAIL, finding("FW-02", severity=Severity.CRITICAL)))
    )
    assert cell(made).mark is Mark.CRITICAL


def test_what_was_not_measured_never_counts_as_passed():
    made = checklist(
        part(
            1, result("FW-01", Result.NOT_MEASURED, why="sudo asks."), result("FW-02", Result.PASS)
        )
    )
    assert cell(made).mark is Mark.NOT_MEASURED
    assert cell(made).open == 0


def test_a_check_that_was_not_asked_yet_never_counts_as_passed():
    made = checklist(part(1, result("FW-02", Result.PASS)))
    assert cell(made).mark is Mark.UNASKED


def test_a_critical_check_that_was_not_measured_asks_for_a_reason_until_it_is_answered():
    found = part(1, result("FW-02", Result.NOT_MEASURED, why="The server does not have nft."))
    open_one = only(checklist(found), check_id="FW-02")
    assert (open_one.need, open_one.mark) == (Need.REASON, Mark.ASKS)

    said = decision(1, "FW-02", "", DecisionKind.ANSWERED, reason="No firewall by contract.")
    answered = only(checklist(found, decisions=(said,)), check_id="FW-02")
    assert (answered.need, answered.mark) == (Need.NOTHING, Mark.DECIDED)


def test_a_question_asked_of_people_is_open_until_somebody_answers():
    made = checklist(asked(1))
    line = only(made, check_id="ASK-01")
    assert line.need is Need.ANSWER
    assert line.is_question
    assert line.takes(DecisionKind.ANSWERED)
    assert not line.takes(DecisionKind.FIXED)


def test_a_server_that_could_not_be_asked_at_all_wants_one_reason():
    made = checklist(part(1, state=CollectState.FAILED, why="No connection."))
    assert server_row(made, made.parts[1]).open == 1
    assert only(made, is_open_only=True).key == (1, "", "")


def test_what_is_from_before_is_said_where_the_newest_run_could_not_ask():
    made = checklist(
        part(1, result("FW-01", Result.PASS), state=CollectState.FAILED, why="It was lost.")
    )
    assert cell(made).is_old
    assert only(made, check_id="FW-01").is_old
    assert "could not be asked: It was lost." in server_row(made, made.parts[1]).state


def test_a_step_that_no_check_looked_at_stands_for_the_whole_audit():
    made = checklist(asked(1))
    row = whole_row(made)
    unseen = [step for step, one in zip(STEPS, row.cells, strict=True) if one.open]
    assert Step.LOGINS in unseen
    assert Step.FIREWALL not in unseen
    lines = lines_of(made, Scope(server_ids=frozenset({WHOLE_AUDIT})))
    assert {one.step for one in lines} == set(unseen)
    assert all(one.takes(DecisionKind.ANSWERED) for one in lines)


def test_an_exception_of_an_earlier_month_is_told_as_such():
    held = decision(
        1, kind=DecisionKind.ACCEPTED, audit_id=6, reason="VPN", until=NOW.date() + timedelta(9)
    )
    line = only(checklist(asked(1, finding()), decisions=(held,)), check_id="FW-01")
    assert not line.is_open
    assert line.is_of_before


def test_a_line_says_what_became_of_it_since_the_month_before():
    made = checklist(
        asked(1, finding(), finding(item="tcp/22"), finding(item="tcp/80")),
        month_before="2026-10",
        before={
            (1, "FW-01", "tcp/3306"): finding(),
            (1, "FW-01", "tcp/22"): finding(item="tcp/22", result=Result.WARN),
            (1, "FW-01", "udp/53"): finding(item="udp/53"),
        },
    )
    changes = {one.key[2]: one.change for one in lines_of(made, Scope(check_id="FW-01"))}
    assert changes == {"tcp/3306": Change.SAME, "tcp/22": Change.CHANGED, "tcp/80": Change.NEW}
    assert {one.item: one.change for one in changes_of(made)} == changes | {"udp/53": Change.GONE}


def test_the_same_finding_is_found_on_every_server():
    made = checklist(*(asked(number, finding()) for number in (1, 2, 3)))
    lines = lines_of(made, Scope(check_id="FW-01", item="tcp/3306"))
    assert [one.key[0] for one in lines] == [1, 2, 3]


def test_the_worst_group_and_its_worst_server_stand_first():
    made = checklist(
        asked(1, group="calm"),
        asked(2, finding(result=Result.WARN), group="busy"),
        asked(3, finding(), finding(item="tcp/22"), group="busy"),
    )
    names = [one.name for one in rows_of(made)]
    assert names == ["The whole audit", "busy", "web3", "web2", "calm", "web1"]


def test_what_is_decided_does_not_move_the_rows():
    made = checklist(asked(1, finding()), asked(2, finding(), finding(item="tcp/22")))
    rows = rows_of(made)
    after = checklist(*made.parts.values(), decisions=(decision(2), decision(2, item="tcp/22")))
    fresh = {key: server_row(after, one) for key, one in after.parts.items()}
    fresh[WHOLE_AUDIT] = whole_row(after)
    again = arranged_as(rows, fresh)
    assert [one.name for one in again] == [one.name for one in rows]
    # a question and what is open on web1 are left of the group
    assert next(one.open for one in again if one.name == "web") == 3


def test_progress_counts_by_step_and_person_and_tells_overdue_tasks():
    made = checklist(
        asked(1, finding()),
        asked(2, finding()),
        part(3, state=CollectState.FAILED, why="No connection."),
        decisions=(
            decision(1, by="bob"),
            decision(
                2,
                kind=DecisionKind.TASK,
                owner="carla",
                until=NOW.date() - timedelta(1),
                by="bob",
            ),
        ),
    )
    progress = progress_of(made, rows_of(made), NOW.date())
    assert [(one.name, one.decided, one.tasks, one.overdue) for one in progress.people] == [
        ("carla", 0, 1, 1),
        ("bob", 2, 0, 0),
    ]
    assert progress.decided == 2
    assert sum(one.open for one in rows_of(made) if not one.server_id) == progress.open


RESULTS = st.sampled_from([Result.FAIL, Result.WARN, Result.NOT_MEASURED, Result.PASS, None])


@given(
    st.lists(
        st.tuples(
            st.fixed_dictionaries(dict.fromkeys(CHECKS, RESULTS)),
            st.sampled_from([CollectState.DONE, CollectState.FAILED]),
        ),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
)
def test_what_is_open_is_what_stands_against_signing(servers, is_decided):
    parts = []
    for number, (found, state) in enumerate(servers, 1):
        results = [
            result(
                check_id,
                one,
                *(
                    [finding(check_id, result=one, severity=CHECKS[check_id].severity)]
                    if one.needs_decision
                    else []
                ),
            )
            for check_id, one in found.items()
            if one is not None
        ]
        parts.append(part(number, *results, state=state))
    decisions = (decision(1), decision(1, "FW-02", "", DecisionKind.ANSWERED)) * is_decided
    made = checklist(*parts, decisions=decisions)
    results = {(p.row.server_id, one): p.results[one] for p in parts for one in p.results}
    whole = WholeAudit(
        audit=made.audit,
        servers=tuple(one.row for one in parts),
        results=results,
        findings=tuple((p.row.server_id, one) for p in parts for one in p.findings),
        decisions=made.decisions,
    )
    against = {one.key for one in whole.against_signing(CHECKS)}

    lines = lines_of(made, Scope(is_open_only=True))

    if results:  # before anything was asked, only the servers are told, not each step
        assert {one.key for one in lines} == against
    whole = whole_row(made)
    counted = sum(server_row(made, one).open for one in parts) + (whole.open if whole else 0)
    assert counted == sum(one.is_open for one in lines) == len(lines)


@pytest.mark.parametrize("kind", DecisionKind)
def test_what_passed_takes_no_decision(kind):
    line = only(checklist(asked(1)), check_id="FW-02")
    assert not line.takes(kind)


def test_a_critical_check_that_was_not_measured_and_says_more_is_one_open_line():
    said = finding("FW-02", "", Result.NOT_MEASURED, Severity.CRITICAL)
    more = finding("FW-02", "/backup", Result.INFO, Severity.CRITICAL)
    shown = checklist(part(1, result("FW-02", Result.NOT_MEASURED, said, more, why="Not agreed.")))
    told = lines_of(shown, Scope(server_ids=frozenset({1}), check_id="FW-02"))
    assert [(one.key[2], one.sentence, one.is_open) for one in told] == [
        ("", said.sentence, True),
        ("/backup", more.sentence, False),
    ]
    assert server_row(shown, shown.parts[1]).cells[list(Step).index(Step.FIREWALL)].open == 1
    assert told[0].takes(DecisionKind.ANSWERED)
