"""Every shipped check on what it really prints: well, each rule, cut, missing, garbage.

Lines are of Debian 12 (commands run in a debootstrap chroot, faults planted) where the case is
`clean` or `planted`, else made by hand in the form the command prints. Those of `rhel` have the
same tags, made by the fragment itself from the formats of dnf-automatic(8), rpm(8) and yum.conf(5):
they were not run on a host of that family.
"""

import contextlib
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noc_console.audit.catalogue import load_catalogue
from noc_console.audit.check import Empty, Family, Privilege
from noc_console.audit.finding import Result
from noc_console.audit.judging import judge
from noc_console.audit.parsing.parsed import OutputNotUnderstood, Table
from noc_console.audit.parsing.registry import PARSERS
from tests.audit.judged import agreed_to, around, found, outcome

CASES = [
    case
    for path in sorted(Path(__file__).parent.glob("answers_of_*.toml"))
    for case in tomllib.loads(path.read_text("utf-8"))["case"]
]
STEPS = {"software updated", "firewall and ports", "minimum services", "user security", "logging"}
STEPS |= {"world-writable directories", "signs of break-in", "web applications", "spamming"}
STEPS |= {"suspect logins", "backups"}
STEPS |= {"disks and time", "performance", "asked of people", "certificates and DNS"}
CHECKS = {key: one for key, one in load_catalogue().checks.items() if one.step.value in STEPS}
ASKED = [one for one in CHECKS.values() if one.privilege in {Privilege.PLAIN, Privilege.SUDO}]


def named(case):
    """Name a case by its check and what is planted in it."""
    return f"{case['check']}-{case['is']}"


def judged_case(case):
    """Give what the check of a case makes of its output."""
    before = case.get("before")
    surroundings = around(
        agreed=agreed_to(**{kind: set(values) for kind, values in case.get("agreed", {}).items()}),
        before=None if before is None else frozenset((case["check"], item) for item in before),
    )
    check = CHECKS[case["check"]]
    if check.is_off:
        check = type(check)(**{**_fields(check), "is_off": ""})
    return judge(check, outcome(check.id, case["output"]), surroundings)


def _fields(check):
    return {name: getattr(check, name) for name in check.__dataclass_fields__}


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_check_finds_what_is_there_and_names_it(case):
    result = judged_case(case)

    assert (result.result.value, found(result)) == (case["result"], case.get("found", {}))


def test_every_check_is_tried_well_and_ill_and_every_rule_decides_somewhere():
    silent = []
    for check in CHECKS.values():
        said = {
            (one.result.value, one.sentence)
            for case in CASES
            if case["check"] == check.id
            for one in judged_case(case).findings
        }
        words = [
            {word for word in rule.sentence.split() if "{" not in word} for rule in check.rules
        ]
        for rule, parts in zip(check.rules, words, strict=True):
            if rule.result is Result.NOT_MEASURED or rule.result is Result.NOT_APPLICABLE:
                continue
            if not any(
                result == rule.result.value and parts <= set(sentence.split())
                for result, sentence in said
            ):
                silent.append(f"{check.id}: {rule.sentence}")

    assert silent == []


def _declared(check):
    """Give the names a sentence of a check may use, as its parser and limits tell them."""
    tags = check.options.get("tags", {})
    names = {name for fields in tags.values() for name in fields} | set(check.limits)
    names |= {f"{tag}_{name}" for tag, fields in tags.items() for name in (*fields, "count")}
    names |= set(check.options.get("fields", ())) | {"item", "tag", "count", "stray_count"}
    return names | {"name", "value"} if check.parser == "pairs" else names


@pytest.mark.parametrize("check", CHECKS.values(), ids=lambda one: one.id)
def test_a_sentence_names_only_what_its_parser_tells(check):
    texts = [check.item, *(rule.sentence for rule in check.rules)]
    used = {name for text in texts for name in re.findall(r"{(\w+)}", text)}
    own = {"sockets": {"proto", "address", "port", "process"}, "firewall": {"family"}}
    own["mail"] = {"who", "says"}
    own["backups"] = {"path", "files", "bytes", "usual", "times", "found"}
    own["smart"] = {"disk", "model", "why", "pending", "uncorrectable", "reallocated", "wear"}
    own["smart"] |= {"warning", "media_errors", "hours"}
    own["arrays"] = {"name", "level", "state", "up", "wanted", "failed", "action", "done"}
    own["last"] = {"user", "kind", "tty", "network", "when"}
    own["open logins"] = own["last"] | {"address", "days", "open_for", "is_own"}
    own["logins"] = own["open logins"] | {"what", "method", "fingerprint", "hour", "item_name"}
    own["logins"] |= {"other_network", "same_user", "from_address", "elsewhere", "more"}

    assert used - _declared(check) - own.get(check.parser, set()) - {"pretty_name", "id"} == set()


@pytest.mark.parametrize("check", ASKED, ids=lambda one: one.id)
@pytest.mark.parametrize(
    "how",
    [
        {"output": b"\x1b]0;x\x07\xff\xfe\0"},
        {"output": b"", "is_missing": ("tool",)},
        {"output": b"", "exit_status": 127},
        {"output": b"", "exit_status": 124},
        {"output": b"", "is_whole": False},
        {"output": b"x" * 4_000_000, "is_whole": False},
    ],
    ids=["garbage", "missing", "unknown", "late", "cut", "huge"],
)
def test_what_was_not_seen_is_never_a_pass(check, how):
    result = judge(check, outcome(check.id, **how), around(family=next(iter(check.commands))))

    expected = Result.NOT_APPLICABLE if check.is_off else Result.NOT_MEASURED
    assert result.result in {expected, Result.FAIL, Result.WARN}
    assert result.result is expected or how["output"].startswith(b"xx")


@pytest.mark.parametrize("check", CHECKS.values(), ids=lambda one: one.id)
def test_an_empty_answer_passes_only_where_that_is_what_well_looks_like(check):
    assert (check.empty is Empty.PASS) == (check.id == "SVC-03")


@pytest.mark.parametrize("name", sorted({one.parser for one in CHECKS.values()}))
@settings(max_examples=60)
@given(output=st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_a_table_or_are_not_understood(name, output):
    options = next(one.options for one in CHECKS.values() if one.parser == name)

    with contextlib.suppress(OutputNotUnderstood):
        assert isinstance(PARSERS[name](output, options), Table)


@pytest.mark.parametrize("check", ASKED, ids=lambda one: one.id)
def test_a_command_is_one_that_sh_can_read(check):
    for command in check.commands.values():
        done = subprocess.run(["sh", "-n", "-c", command], capture_output=True, check=False)

        assert done.stderr == b""


def test_rows_of_firewall_rules_of_all_families_of_tools():
    assert {Family.DEBIAN, Family.RHEL} <= set(CHECKS["FW-02"].commands)
