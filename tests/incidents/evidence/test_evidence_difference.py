"""What changed between two exhibits: what came and went first, figures told apart."""

from hypothesis import given
from hypothesis import strategies as st

from noc_console.incidents.evidence.evidence_difference import Change, difference


def told(before, after):
    return [(one.change, one.text) for one in difference("\n".join(before), "\n".join(after))]


def test_a_process_that_worked_on_is_not_told_as_gone_and_new():
    before = ["PID USER S CPU COMM", "7 www-data R 10.5 php-fpm: pool birch", "9 root S 1.0 sshd"]
    after = ["PID USER S CPU COMM", "7 www-data S 99.5 php-fpm: pool birch", "8 root S 0.1 perl"]

    assert told(before, after) == [
        (Change.SAME, "PID USER S CPU COMM"),
        (Change.GONE, "9 root S 1.0 sshd"),
        (Change.FIGURES, "7 www-data S 99.5 php-fpm: pool birch"),
        (Change.NEW, "8 root S 0.1 perl"),
    ]


def test_another_process_with_the_same_words_is_another_process():
    assert told(["7 a R 1.0 php"], ["8 a R 1.0 php"]) == [
        (Change.GONE, "7 a R 1.0 php"),
        (Change.NEW, "8 a R 1.0 php"),
    ]


words = st.lists(st.text(alphabet="ab1 .%", max_size=12), max_size=12)


@given(before=words, after=words)
def test_every_line_of_both_stands_once(before, after):
    lines = difference("\n".join(before), "\n".join(after))

    old, new = "\n".join(before).splitlines(), "\n".join(after).splitlines()
    assert sorted(one.before for one in lines if one.before) == list(range(1, len(old) + 1))
    assert sorted(one.after for one in lines if one.after) == list(range(1, len(new) + 1))
    for one in lines:
        assert one.text == (new[one.after - 1] if one.after else old[one.before - 1])
