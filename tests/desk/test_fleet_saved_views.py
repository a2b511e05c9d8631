"""Saved views survive a restart; what cannot be understood harms nothing."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from noc_console.desk.fleet.fleet_cells import Column
from noc_console.desk.fleet.saved_views import BUILT_IN, SavedView, SavedViews
from noc_console.desk.settings.desk_settings import DeskSettings

MAIL = SavedView(name="Mail", filter="group:mail -ok", sort="CPU", descending=True, is_wall=True)


@pytest.fixture
def folder(application, tmp_path):
    return tmp_path / "config"


def test_a_saved_view_is_there_after_a_restart(folder):
    kept = DeskSettings(folder)
    SavedViews(kept).save(MAIL)
    SavedViews(kept).save(SavedView(name="all"))
    kept.close()
    again = SavedViews(DeskSettings(folder))
    assert again.all() == [SavedView(name="all"), MAIL]
    assert again.all()[1].column is Column.CPU


def test_a_view_of_the_same_name_takes_the_place_of_the_older_one(folder):
    views = SavedViews(DeskSettings(folder))
    views.save(MAIL)
    views.save(SavedView(name="Mail", filter="mail"))
    assert [view.filter for view in views.all()] == ["mail"]
    views.delete("Mail")
    assert views.all() == []


@given(st.lists(st.text(max_size=40)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_cannot_be_understood_is_left_out(folder, kept):
    layout = DeskSettings(folder)
    broken = ['{"name": 1}', '{"name": ""}', "[]", '{"name": "x", "later": 1}', "{"]
    layout.put_layout("fleet.views", [*broken, *kept])
    SavedViews(layout).save(MAIL)
    assert SavedViews(layout).all() == [MAIL]


def test_a_column_of_a_later_version_gives_the_worst_first():
    assert SavedView(name="x", sort="Temperature").column is Column.VERDICT


def test_the_built_in_views_ask_for_what_their_names_say():
    assert [view.filter for view in BUILT_IN] == ["", "-ok -in-maintenance"]


def test_a_view_gets_another_name_and_keeps_all_else(folder):
    views = SavedViews(DeskSettings(folder))
    views.save(MAIL)
    views.save(SavedView(name="Post", filter="old"))

    views.rename("Mail", "Post")
    views.rename("gone", "x")

    assert views.all() == [replace(MAIL, name="Post")]
