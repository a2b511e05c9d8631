"""Themes read well, differ without colour, and ship with the program."""

import itertools

import pytest
from PySide6.QtGui import QColor, QFontInfo, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication

from noc_console.desk.theme.theme import LEAST_CONTRAST, contrast, load_theme
from noc_console.desk.theme.themes import ThemeChoice, Themes
from noc_console.health.verdict import SHAPES, Verdict


@pytest.fixture(scope="module")
def application():
    return QApplication.instance() or QApplication([])


@pytest.fixture
def themes(application):
    font, palette = application.font(), application.palette()
    themes = Themes(application)
    yield themes
    themes.deleteLater()
    application.setStyleSheet("")
    application.setPalette(palette)
    application.setFont(font)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_all_text_reads_well_on_every_ground_it_stands_on(name):
    theme = load_theme(name)
    grounds = [theme.window.ground, theme.window.field, theme.window.stripe]
    inks = [theme.window.text, theme.window.faint, theme.window.accent]
    inks += [colour.name() for colour in theme.look.colours.values()]

    poor = [
        (ink, ground)
        for ink, ground in itertools.product(inks, grounds)
        if contrast(QColor(ink), QColor(ground)) < LEAST_CONTRAST
    ]

    assert poor == []


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_on_buttons_and_on_what_is_chosen_reads_well(name):
    window = load_theme(name).window

    assert contrast(QColor(window.text), QColor(window.button)) >= LEAST_CONTRAST
    assert contrast(QColor(window.on_accent), QColor(window.accent)) >= LEAST_CONTRAST


def test_contrast_is_counted_as_wcag_does():
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("white")) == pytest.approx(4.48, abs=0.01)


def test_each_verdict_has_a_shape_of_its_own():
    assert set(SHAPES) == set(Verdict)
    assert len(set(SHAPES.values())) == len(Verdict)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_what_is_well_is_grey(name):
    assert load_theme(name).look.colours[Verdict.OK].saturationF() < 0.3


def test_the_letters_are_the_shipped_ones_with_digits_of_one_width(themes, application):
    font = application.font()
    metrics = QFontMetrics(font)

    assert QFontInfo(font).family() == "Inter"
    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("8888")


def test_every_shape_is_in_the_shipped_letters(themes, application):
    metrics = QFontMetrics(application.font())

    assert [shape for shape in SHAPES.values() if not metrics.inFontUcs4(ord(shape))] == []


def test_choosing_a_theme_tells_and_repaints(themes, application):
    themes.apply(ThemeChoice.LIGHT)
    told = []
    themes.changed.connect(told.append)

    themes.apply(ThemeChoice.DARK)
    themes.apply(ThemeChoice.DARK)

    assert told == [load_theme("dark")]
    assert application.palette().color(QPalette.ColorRole.Window) == QColor(
        load_theme("dark").window.ground
    )
