"""The catalogue is whole or refused; a site changes what it may and nothing else."""

import pytest

from noc_console.audit.catalogue import UnknownCheck, load_catalogue
from noc_console.audit.check import Step
from noc_console.audit.check_reading import WrongCheckFile
from noc_console.audit.finding import Severity

OWN = """
step = "firewall and ports"
[[check]]
id = "OWN-01"
title = "A check of our own"
rationale = "We want to know."
severity = "low"
privilege = "plain"
parser = "words"
options = { fields = ["word"] }
empty = "pass"
empty_sentence = "Nothing."
mend = "Mend it."
limits = { most = 3 }
[check.run]
all = "true"
[[check.rule]]
result = "warn"
where = [["word", "is not", "well"]]
sentence = "It says {word}."
"""


def written(folder, text):
    """Write a site's file and give its folder."""
    (folder / "own.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_step_that_no_check_looks_at_is_named(tmp_path):
    ids = [one.id for one in load_catalogue().checks.values() if one.step is Step.SERVICES]
    off = "".join(f'[[change]]\nid = "{one}"\noff = "Looked at by others."\n' for one in ids)

    unseen = load_catalogue(written(tmp_path, off)).steps_unseen

    assert Step.SERVICES in unseen
    assert Step.FIREWALL not in unseen


def test_a_site_adds_checks_and_the_hash_tells(tmp_path):
    catalogue = load_catalogue(written(tmp_path, OWN))

    assert catalogue.check("own-01").title == "A check of our own"
    assert catalogue.sha256 != load_catalogue().sha256


def test_a_site_changes_limits_and_severity_and_switches_off_with_a_reason(tmp_path):
    change = '[[change]]\nid = "FW-01"\nseverity = "low"\nlimits = { risky = [23] }\n'
    off = '[[change]]\nid = "FW-01"\noff = "The cloud does it."\n'

    changed = load_catalogue(written(tmp_path, change)).checks["FW-01"]

    assert (changed.severity, changed.limits["risky"]) == (Severity.LOW, [23])
    assert load_catalogue(written(tmp_path, off)).checks["FW-01"].is_off == "The cloud does it."


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('severity = "low"', 'severity = "grave"', "severity is 'grave'"),
        ('parser = "words"', 'parser = "eval"', "no parser 'eval'"),
        ('"is not"', '"eval"', "'eval' is no comparator"),
        ('id = "OWN-01"', 'id = "FW-01"', "FW-01 is there already"),
        ('id = "OWN-01"', 'id = "own"', "an id is such as"),
        ('title = "A check of our own"', "", "title is missing"),
        ('mend = "Mend it."', 'mend = "Mend it."\ncolour = 1', "'colour' is no key"),
        ("[check.run]\nall", "[check.run]\nbeos", "run.beos is no family"),
        ('[check.run]\nall = "true"', "", "it has no command"),
        ('"well"', '"$least"', "no limit 'least'"),
        ('"is not", "well"', '"matches", "["', "is no pattern"),
        ('"is not", "well"', '"in", "well"', "wants a list"),
        ('"is not", "well"', '"over", "well"', "wants a number"),
        ('step = "firewall', 'step = "fire', "step is 'fire and ports'"),
        ("[[check]]", "[[check]", "cannot be read as TOML"),
        ('sentence = "It', 'sentense = "It', "a rule has result"),
        ('empty = "pass"', 'empty = "well"', "empty is 'well'"),
    ],
)
def test_a_wrong_file_is_refused_with_what_and_where(tmp_path, before, after, said):
    assert before in OWN

    with pytest.raises(WrongCheckFile, match=r"own\.toml") as refused:
        load_catalogue(written(tmp_path, OWN.replace(before, after)))

    assert said in refused.value.sentence


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ('id = "NO-01"', "there is no check 'NO-01'"),
        ('id = "FW-01"\ntitle = "x"', "'title' cannot be changed"),
        ('id = "FW-01"\nlimits = { risky = 1 }', "of another kind"),
        ('id = "FW-01"\nlimits = { new = 1 }', "no limit 'new'"),
        ('id = "FW-01"\noff = true', "off is the reason"),
    ],
)
def test_a_wrong_change_is_refused(tmp_path, change, said):
    with pytest.raises(WrongCheckFile) as refused:
        load_catalogue(written(tmp_path, f"[[change]]\n{change}\n"))

    assert said in refused.value.sentence


def test_an_unknown_check_is_said_to_be():
    with pytest.raises(UnknownCheck, match="NO-01"):
        load_catalogue().check("NO-01")
