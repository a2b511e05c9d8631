"""Themes read well, differ without colour, and ship with the program."""

import itertools
import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFontInfo, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit

from noc_console import desk
from noc_console.desk.fleet.row_painter import tinted
from noc_console.desk.server.server_view import ink_on
from noc_console.desk.theme.style_sheet import style_sheet
from noc_console.desk.theme.theme import LEAST_CONTRAST, contrast, load_theme
from noc_console.desk.theme.themes import ThemeChoice, Themes, window_palette
from noc_console.health.verdict import SHAPES, Verdict
from tests.desk.qt_life import end


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


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_hint_in_an_empty_field_reads_well(name, application):
    window = load_theme(name).window
    field = QLineEdit()
    field.setPlaceholderText("web1, web2")
    field.setStyleSheet(style_sheet(window, "#ff0000", str))
    field.ensurePolished()
    hint = field.palette().color(QPalette.ColorRole.PlaceholderText)

    assert hint.alpha() == 255  # Qt alone would take half of the text's colour
    assert contrast(hint, QColor(window.field)) >= LEAST_CONTRAST
    end(field)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_reads_well_on_a_row_that_is_chosen(name):
    theme = load_theme(name)
    ground = tinted(window_palette(theme.window))
    inks = [theme.window.text, theme.window.faint]
    inks += [colour.name() for colour in theme.look.colours.values()]

    poor = [ink for ink in inks if contrast(QColor(ink), ground) < LEAST_CONTRAST]

    assert poor == []


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_mark_of_the_focus_is_seen_on_every_ground(name):
    window = load_theme(name).window

    for ground in (window.ground, window.field, window.button):
        assert contrast(QColor(window.accent), QColor(ground)) >= 3.0  # WCAG 2.2, 1.4.11


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_words_on_a_verdict_s_own_colour_read_well(name):
    for colour in load_theme(name).look.colours.values():
        assert contrast(ink_on(colour), colour) >= LEAST_CONTRAST


def test_every_box_with_arrows_has_room_before_its_text():
    made = re.compile(r"^.*(?<!with_room\()\bQ(?:Double)?SpinBox\(\)", re.MULTILINE)
    bare = {
        str(path): found
        for path in Path(desk.__file__).parent.rglob("*.py")
        if (found := made.findall(path.read_text(encoding="utf-8")))
    }
    assert bare == {}
