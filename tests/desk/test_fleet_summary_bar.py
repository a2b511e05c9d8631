"""The counts by verdict: shape, count and word; in a narrow window the word is in the tip."""

import pytest

from noc_console.desk.fleet.summary_bar import SummaryBar
from noc_console.health.verdict import Verdict
from tests.desk.fleet_bench import LOOK
from tests.desk.qt_life import end


@pytest.fixture
def bar(application):
    bar = SummaryBar(LOOK)
    bar.resize(1200, 40)
    bar.show()
    bar.show_counts({Verdict.DOWN: 2, Verdict.IN_MAINTENANCE: 1, Verdict.OK: 48}, 51)
    yield bar
    end(bar)


def test_only_verdicts_that_some_server_has_are_told_with_shape_and_word(bar):
    shown = [one.text() for one in bar.buttons.values() if one.isVisible()]
    assert shown == ["■  2 down", "□  1 in maintenance", "●  48 ok"]
    assert bar.all_button.text() == "51 servers"


def test_in_a_narrow_window_the_words_go_into_the_tip_and_come_back(bar):
    down = bar.buttons[Verdict.DOWN]
    bar.resize(300, 40)
    assert (down.text(), down.toolTip()) == ("■  2", "2 down")
    assert down.accessibleName() == "2 down: show only these"
    bar.resize(1200, 40)
    assert down.text() == "■  2 down"


def test_a_verdict_asked_for_stays_when_nobody_has_it_any_more(bar):
    bar.show_asked(Verdict.DOWN)
    bar.show_counts({Verdict.OK: 51}, 51)
    assert bar.buttons[Verdict.DOWN].isVisible()
    chosen = []
    bar.verdict_chosen.connect(chosen.append)
    bar.buttons[Verdict.DOWN].click()
    bar.buttons[Verdict.OK].click()
    assert chosen == [None, Verdict.OK]
