"""A site's own templates take the place of those shipped, and a broken one is not kept."""

import pytest

from noc_console.notices.language import LanguageNotUnderstood
from noc_console.notices.template_process import TemplateFailed
from noc_console.notices.template_shelf import (
    InvalidTemplate,
    own_templates,
    put_template,
    put_template_folder,
    read_shelf,
)
from noc_console.notices.template_trial import try_template
from noc_console.notices.word_book import WordsNotUnderstood, words_found

SHIPPED = read_shelf()


def test_english_and_german_are_shipped_whole():
    assert SHIPPED.languages == ("de", "en")
    assert set(SHIPPED.sources("de")) == set(SHIPPED.sources("en"))
    for code in SHIPPED.languages:
        assert set(SHIPPED.language(code).missing) == set(SHIPPED.language("en").missing)
        assert set(SHIPPED.language(code).standing) == set(SHIPPED.language("en").standing)


def test_a_language_names_the_sends_that_english_words_for_it(store):
    put_template(store, "fr/language.toml", SHIPPED.by_path["en/language.toml"])
    put_template(store, "fr/start.md", "Le travail commence.")

    shelf = read_shelf(store)
    assert shelf.lacking("de") == ()
    assert "week-before" in shelf.lacking("fr")
    assert "start" not in shelf.lacking("fr")


def test_own_templates_are_kept_for_everybody_and_taken_away(any_store):
    put_template(any_store, "en/start.md", "Ours.")

    shelf = read_shelf(any_store)
    assert shelf.sources("en")["start"] == "Ours."
    assert shelf.own == {"en/start.md"}
    put_template(any_store, "en/start.md", None)
    assert read_shelf(any_store).sources("en") == SHIPPED.sources("en")


def test_a_folder_goes_before_the_store_and_the_brand_before_all(store, tmp_path):
    folder = tmp_path / "templates"
    (folder / "Nordhost" / "en").mkdir(parents=True)
    (folder / "en").mkdir()
    (folder / "en" / "start.md").write_text("Of the folder.", encoding="utf-8")
    (folder / "Nordhost" / "en" / "start.md").write_text("Of the brand.", encoding="utf-8")
    put_template(store, "en/start.md", "Of the store.")
    put_template_folder(store, str(folder))

    shelf = read_shelf(store)
    assert shelf.sources("en")["start"] == "Of the folder."
    assert shelf.sources("en", "Nordhost")["start"] == "Of the brand."
    assert shelf.sources("de")["start"] == SHIPPED.sources("de")["start"]


def test_a_folder_that_is_not_there_is_refused(store, tmp_path):
    with pytest.raises(InvalidTemplate, match="no folder"):
        put_template_folder(store, str(tmp_path / "none"))


def test_a_folder_that_went_away_holds_nothing(store, tmp_path):
    folder = tmp_path / "templates"
    folder.mkdir()
    put_template_folder(store, str(folder))
    folder.rmdir()

    assert read_shelf(store).by_path == SHIPPED.by_path


@pytest.mark.parametrize(
    "path", ["start.md", "en/../start.md", "/en/start.md", "en/start.html", "a/b/c/d.md", "en/ .md"]
)
def test_a_template_has_a_place(store, path):
    with pytest.raises(InvalidTemplate, match="no place"):
        put_template(store, path, "x")
    assert own_templates(store) == {}


def test_a_template_has_a_size(store):
    with pytest.raises(InvalidTemplate, match="64 kB"):
        put_template(store, "en/start.md", "x" * 70_000)


@pytest.mark.parametrize(
    ("path", "text", "failure"),
    [
        ("en/start.md", "{{ tilte }}", TemplateFailed),
        ("en/_seven.md", "{{ window.txt }}", TemplateFailed),
        ("Nordhost/de/_end.md", "{% if %}", TemplateFailed),
        ("fr/start.md", "x", InvalidTemplate),
        ("en/language.toml", "name = 'x'", LanguageNotUnderstood),
        ("en/words.toml", "vague = 1", WordsNotUnderstood),
        ("works/own.toml", "[en]\nsubject = 'x'", InvalidTemplate),
    ],
)
def test_a_broken_template_is_found_before_it_is_kept(path, text, failure):
    with pytest.raises(failure):
        try_template(SHIPPED, path, text)


@pytest.mark.parametrize(
    "path",
    ["en/start.md", "de/_seven.md", "en/language.toml", "en/words.toml", "works/network.toml"],
)
def test_what_is_shipped_passes_the_same_trial(path):
    try_template(SHIPPED, path, SHIPPED.by_path[path])


def test_a_language_that_lacks_a_word_says_which():
    text = SHIPPED.by_path["en/language.toml"].replace('"Sunday"]', "]")

    with pytest.raises(LanguageNotUnderstood, match="a list of 7 words"):
        try_template(SHIPPED, "en/language.toml", text)


def test_a_word_within_a_longer_one_is_not_told_twice():
    listed = {"short": "a", "short time": "b", "etc": "c"}

    assert list(words_found("In a short time, shortly, etc.", listed)) == [
        ("short time", "b"),
        ("etc", "c"),
    ]


@pytest.mark.parametrize(
    ("path", "text", "place"),
    [
        ("en/start.md", "title: a\nsummary: b\n---\none\n{{ nobody }}\n", r"\(line 5\)"),
        ("en/start.md", "title: a\nsummary: {{ nobody }}\n---\none\n", r"\(line 2\)"),
        ("en/start.md", "title: a\n---\none\n{% for %}\n", r"\(line 4\)"),
        ("en/start.md", "no head\n\n{{ nobody }}\n", r"\(line 3\)"),
        ("en/_seven.md", "one\n\n{{ nobody }}\n", r"\(line 3 of _seven.md\)"),
        ("en/_seven.md", "one\n{% if %}\n", r"\(line 2 of _seven.md\)"),
    ],
)
def test_a_broken_template_says_in_which_line(path, text, place):
    with pytest.raises(TemplateFailed, match=place):
        try_template(SHIPPED, path, text)
