"""A person's settings and layout survive a restart; a broken file harms nothing."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.desk.settings.declared import BY_KEY, SETTINGS, InvalidSetting
from noc_console.desk.settings.desk_settings import LAYOUT_FILE, SETTINGS_FILE, DeskSettings
from noc_console.desk.settings.toml_file import as_toml, config_folder
from tests.desk.qt_life import wait_until

VALUES = st.one_of(
    st.booleans(), st.integers(-(2**62), 2**62), st.floats(allow_nan=False), st.text()
)


@pytest.fixture
def folder(application, tmp_path):
    return tmp_path / "config"


def test_every_default_is_a_value_its_setting_may_have():
    for setting in SETTINGS:
        setting.check(setting.default)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("theme", "mauve"),
        ("tray", 1),
        ("retention.raw_days", True),
        ("retention.raw_days", 0),
        ("retention.raw_days", 91),
        ("asked_by", "x" * 81),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_the_settings_title(key, value):
    with pytest.raises(InvalidSetting, match=BY_KEY[key].title):
        BY_KEY[key].check(value)


def test_a_setting_survives_a_restart_and_is_told_once(folder):
    settings = DeskSettings(folder)
    told = []
    settings.changed.connect(told.append)
    settings.put("theme", "dark")
    settings.put("theme", "dark")
    assert told == ["theme"]
    assert DeskSettings(folder).get("theme") == "dark"
    assert DeskSettings(folder).get("tray") is True


def test_layout_is_kept_shortly_after_it_changed(folder):
    settings = DeskSettings(folder)
    settings.put_layout("fleet.columns", [120, 80])
    wait_until((folder / LAYOUT_FILE).exists)
    assert DeskSettings(folder).get_layout("fleet.columns", []) == [120, 80]


def test_layout_is_kept_when_the_window_closes(folder):
    settings = DeskSettings(folder)
    settings.put_layout("window.size", [800, 600])
    settings.close()
    assert DeskSettings(folder).get_layout("window.size", []) == [800, 600]


def test_layout_of_another_kind_gives_the_default(folder):
    settings = DeskSettings(folder)
    settings.put_layout("fleet.sort", "name")
    assert settings.get_layout("fleet.sort", []) == []


def test_a_broken_file_is_told_and_the_usual_settings_hold(folder):
    folder.mkdir()
    (folder / SETTINGS_FILE).write_text("[desk\ntheme = ", encoding="utf-8")
    settings = DeskSettings(folder)
    assert settings.get("theme") == "system"
    assert len(settings.troubles) == 1
    assert str(folder / SETTINGS_FILE) in settings.troubles[0]


def test_one_wrong_value_is_told_and_the_others_hold(folder):
    folder.mkdir()
    text = '[desk]\ntheme = "mauve"\ntray = false\n'
    (folder / SETTINGS_FILE).write_text(text, encoding="utf-8")
    settings = DeskSettings(folder)
    assert (settings.get("theme"), settings.get("tray")) == ("system", False)
    assert len(settings.troubles) == 1


def test_a_folder_that_cannot_be_written_is_told_and_the_change_holds(folder):
    folder.write_text("a file where the folder belongs", encoding="utf-8")
    settings = DeskSettings(folder)
    told = []
    settings.trouble_met.connect(told.append)
    settings.put("theme", "dark")
    assert settings.get("theme") == "dark"
    assert len(told) == 1


@given(st.dictionaries(st.text(), st.one_of(VALUES, st.lists(VALUES))))
def test_what_is_written_reads_back_the_same(values):
    assert tomllib.loads(as_toml({"layout": values})) == {"layout": values}


def test_settings_belong_where_the_system_keeps_them(monkeypatch, tmp_path):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert config_folder() == tmp_path / "noc-console"
