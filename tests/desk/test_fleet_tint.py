"""What is chosen keeps the colours of its verdict, readable in both themes."""

import pytest
from PySide6.QtGui import QColor

from noc_console.desk.fleet.row_painter import tinted
from noc_console.desk.theme.theme import LEAST_CONTRAST, contrast, load_theme
from noc_console.desk.theme.themes import window_palette


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_colour_of_a_chosen_row_is_read_on_its_ground(application, name):
    theme = load_theme(name)
    ground = tinted(window_palette(theme.window))
    inks = [*theme.look.colours.values(), theme.look.faint, QColor(theme.window.text)]
    assert min(contrast(ink, ground) for ink in inks) >= LEAST_CONTRAST
    assert ground != QColor(theme.window.field)
