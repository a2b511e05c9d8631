"""What is not as it was signed is told with names, whatever a seal that was forged says."""

from hypothesis import given
from hypothesis import strategies as st

from noc_console.audit.broken_words import with_names

SERVERS = ({"server_id": 7, "server_name": "shop12"},)
DECISIONS = (
    {"id": 3, "server_id": 7, "check_id": "FW-01", "item": "tcp/25", "kind": "fixed"},
    {"id": 4, "server_id": 0, "check_id": "backups", "item": "", "kind": "answered"},
    {"id": 5, "server_id": 7, "check_id": "", "item": "", "kind": "answered"},
)


def told(thing: str) -> str:
    return with_names([thing], SERVERS, DECISIONS)[0]


def test_a_finding_a_result_and_evidence_name_their_server():
    assert told('finding [7, "FW-01", "tcp/25"]') == "finding FW-01 tcp/25 on shop12 (server 7)"
    assert told("result of USR-02 on server 7") == "result of USR-02 on shop12 (server 7)"
    assert (
        told("the evidence of USR-02 on server 7: it is gone")
        == "the evidence of USR-02 on shop12 (server 7): it is gone"
    )


def test_a_decision_says_what_it_is_about():
    assert told("decision 3") == "decision 3 (fixed: FW-01 tcp/25 on shop12 (server 7))"
    assert told("decision 4") == "decision 4 (answered: backups)"
    assert told("decision 5") == "decision 5 (answered: all of it on shop12 (server 7))"


def test_what_is_gone_is_told_by_its_number():
    assert told("decision 12") == "decision 12"
    assert told('finding [9, "FW-01", ""]') == "finding FW-01 on server 9"


def test_a_thing_of_several_lines_keeps_them():
    assert told('finding [7, "FIL-01", "a\\nb"]') == "finding FIL-01 a\nb on shop12 (server 7)"


@given(st.sampled_from(("", "finding ", "decision ", "result of a on server ")), st.text())
def test_whatever_a_forged_seal_names_is_told(begin: str, rest: str):
    assert isinstance(told(begin + rest), str)


def test_a_finding_that_is_none_is_told_as_it_stands():
    for thing in ('finding [1, "FW-01"]', "finding [[], [], []]", "finding [" + "[" * 5000 + "]"):
        assert told(thing) == thing
