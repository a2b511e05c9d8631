"""Beside a server's name its link's trouble is told without the name, and nothing else is cut."""

import pytest

from noc_console.health.reason_words import beside_name


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            "web1 refuses connections at port 22; check it.",
            "Refuses connections at port 22; check it.",
        ),
        ("web1: the name web1.example is not known.", "The name web1.example is not known."),
        ("The host key of web1 CHANGED.", "The host key of web1 CHANGED."),
        ("web12 does not answer.", "web12 does not answer."),
        ("web1", "web1"),
        ("web1: ", "web1: "),
    ],
)
def test_the_sentence_of_a_link_loses_the_name_at_its_head(words, told):
    assert beside_name("link", words, "web1") == told


def test_a_service_of_the_servers_own_name_keeps_it():
    words = "nginx is running but not answering"
    assert beside_name("service:nginx", words, "nginx") == words


def test_without_a_name_nothing_is_cut():
    assert beside_name("link", "web1 does not answer.", "") == "web1 does not answer."
