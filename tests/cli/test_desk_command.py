"""Without a display the same program runs off screen, tells the fleet, and leaves nothing."""

import json
import os
import platform

import psutil
import pytest


@pytest.fixture(autouse=True)
def no_display(monkeypatch, tmp_path):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def engines_of(store):
    """Give the processes that watch this store."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "engine" in words and str(store) in words:
            found.append(process)
    return found


def test_off_screen_this_machine_is_watched_told_and_drawn(program, tmp_path):
    pictures = tmp_path / "pictures"
    done = program("desk", "--off-screen", "12", "--pictures", str(pictures))
    drawn = sorted(path.name.split("-")[0] for path in pictures.iterdir())
    engine = json.loads(program("status", "--json").stdout)["engine"]

    assert (done.returncode, done.stderr) == (0, "")
    assert platform.node() in done.stdout
    assert "Watched by the engine on" in done.stdout
    assert drawn == ["fleet", "server", "settings"]
    assert engine is None
    assert engines_of(tmp_path / "store") == []


@pytest.mark.skipif(os.name == "nt", reason="Windows always has a display")
def test_without_a_display_the_sentence_says_what_works(program, tmp_path):
    done = program("desk")

    assert done.returncode == 1
    assert done.stderr.startswith("There is no display here. Use `noc-console status --watch`")
    assert not (tmp_path / "store").exists()


def test_a_display_that_does_not_answer_is_told_in_one_sentence(program, monkeypatch):
    monkeypatch.setenv("DISPLAY", "127.0.0.1:59")
    done = program("desk")

    assert done.returncode == 1
    assert done.stderr.startswith("The window cannot be shown: ")
    assert done.stderr.count("\n") == 1


def test_off_screen_a_store_that_cannot_be_opened_is_told(program, tmp_path):
    (tmp_path / "store").write_text("no folder")
    done = program("desk", "--off-screen", "3")

    assert done.returncode == 1
    assert done.stderr.startswith("A store is a folder")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--off-screen", "0"], "--off-screen needs a number of seconds above 0."),
        (["--pictures", "x"], "--pictures goes with --off-screen"),
    ],
)
def test_options_that_make_no_sense_are_told(program, words, sentence):
    done = program("desk", *words)

    assert done.returncode == 1
    assert done.stderr.startswith(sentence)
