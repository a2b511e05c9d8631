"""The ranges: chosen by button or key, a custom one between two instants."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QDateTime, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from noc_console.desk.server.graph_plans import Range
from noc_console.desk.server.range_bar import RangeBar
from tests.desk.qt_life import end

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def bar(application: QApplication) -> Iterator[RangeBar]:
    shown = RangeBar(NOW)
    shown.show()
    shown.activateWindow()
    QTest.qWaitForWindowExposed(shown)
    yield shown
    end(shown)


def chosen_by(bar: RangeBar) -> list[Range]:
    chosen: list[Range] = []
    bar.range_chosen.connect(chosen.append)
    return chosen


def moment(bar: RangeBar) -> str:
    labels = [label for label in bar.findChildren(QLabel) if label.accessibleName() == "Moment"]
    return labels[0].text()


@pytest.mark.parametrize(("key", "span"), list(zip("123456", Range, strict=True)))
def test_each_range_has_a_key(bar: RangeBar, key: str, span: Range) -> None:
    chosen = chosen_by(bar)
    QTest.keyClick(bar, key, Qt.KeyboardModifier.AltModifier)

    assert chosen == [span]
    assert bar.chosen is span


def test_a_custom_range_shows_its_fields_and_starts_with_the_last_day(bar: RangeBar) -> None:
    assert not bar.start.isVisible()
    bar.choose(Range.CUSTOM)

    assert bar.start.isVisible()
    assert bar.custom_span() == (NOW - timedelta(days=1), NOW)


def test_instants_chosen_the_wrong_way_round_are_turned(bar: RangeBar) -> None:
    bar.start.setDateTime(QDateTime.fromSecsSinceEpoch(int(NOW.timestamp()) + 3600))

    assert bar.custom_span() == (NOW, NOW + timedelta(hours=1))


def test_the_custom_range_is_asked_for_again_by_its_button(bar: RangeBar) -> None:
    bar.choose(Range.CUSTOM)
    chosen = chosen_by(bar)
    (show,) = bar.findChildren(QPushButton)
    show.click()

    assert chosen == [Range.CUSTOM]


def test_the_moment_is_told_with_its_zone(bar: RangeBar) -> None:
    assert moment(bar).startswith("Times in ")
    bar.show_moment(NOW.timestamp())

    local = NOW.astimezone()
    assert moment(bar).startswith(f"{local:%Y-%m-%d %H:%M:%S} ")
    assert moment(bar) != f"{local:%Y-%m-%d %H:%M:%S} "
