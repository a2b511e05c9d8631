"""The columns of a CSV file and the fields they become."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from noc_console.desk.importing.mapping_form import MappingForm
from tests.desk.qt_life import end


@pytest.fixture
def form(application: QApplication) -> Iterator[MappingForm]:
    shown = MappingForm({"name": "Name", "address": "Address", "user": "User"})
    shown.show_columns(
        ["Hostname", "IP", "Rack"], ["web1", "10.0.0.1"], {"name": "Hostname", "user": "Login"}
    )
    yield shown
    end(shown)


def test_what_was_guessed_is_chosen_and_a_column_that_is_not_there_is_not(
    form: MappingForm,
) -> None:
    assert form.mapping() == {"name": "Hostname"}


def test_a_column_is_offered_with_an_example_from_the_file(form: MappingForm) -> None:
    chooser = form.choosers["address"]

    assert [chooser.itemText(place) for place in range(chooser.count())] == [
        "(not in this file)",
        "Hostname   (such as web1)",
        "IP   (such as 10.0.0.1)",
        "Rack",
    ]


def test_a_choice_is_in_the_mapping_and_told(form: MappingForm) -> None:
    told: list[bool] = []
    form.changed.connect(lambda: told.append(True))
    form.choosers["address"].setCurrentIndex(2)
    form.choosers["address"].activated.emit(2)

    assert form.mapping() == {"name": "Hostname", "address": "IP"}
    assert told == [True]


def test_a_cell_with_an_escape_in_it_is_shown_inert(form: MappingForm) -> None:
    form.show_columns(["Name"], ["\x1b[31mweb"], {})

    assert "\x1b" not in form.choosers["name"].itemText(1)
