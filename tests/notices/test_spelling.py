"""Misspelt words are told with what may have been meant; names, numbers and addresses are not."""

import pytest

from noc_console.notices.spelling import MOST_TOLD, has_dictionary, misspelt


def words(text, language="en", known=()):
    return [one.word for one in misspelt(text, language, known)]


def test_a_misspelt_word_is_told_with_what_was_meant():
    (found,) = misspelt("You will recieve your mail.", "en")

    assert found.word == "recieve"
    assert "receive" in found.meant


def test_a_capital_letter_stays_in_what_was_meant():
    (found,) = misspelt("Websiten antworten. Wartungsarbeitn am Server.", "de", ["Websiten"])

    assert found.word == "Wartungsarbeitn"
    assert found.meant[0].startswith("Wartungsarbeit")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("web-07 runs PHP 8.3 at https://exmaple.org/pht, write to hlep@exmaple.org", "en"),
        ("It isn't the customer's well-known read-only server.", "en"),
        ("Der Kundenbereich und die Sicherheitslücken des Rechenzentrumbetreibers.", "de"),
        ("Use `systemctl restrat` in ⟨neww versionn⟩.", "en"),
        ("", "en"),
    ],
)
def test_what_is_no_misspelling_is_not_told(text, language):
    assert words(text, language) == []


def test_known_words_are_right_in_any_case():
    assert words("Nordhorst and nordhorst", known=["NORDHORST"]) == []
    assert words("Nordhorst and nordhorst") == ["Nordhorst"]


def test_a_language_without_a_dictionary_is_not_checked():
    assert not has_dictionary("tlh")
    assert words("nuqneH", "tlh") == []


def test_a_text_of_nonsense_is_bounded():
    nonsense = " ".join(f"x{chr(97 + n // 26)}{chr(97 + n % 26)}qzj" for n in range(100))

    assert len(words(nonsense)) == MOST_TOLD
