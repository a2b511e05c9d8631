"""The band that says what was done, and offers what can be done about it."""

import pytest

from noc_console.desk.notice_band import OFFER_FOR_MS, NoticeBand
from tests.desk.qt_life import end


@pytest.fixture
def band(application):
    band = NoticeBand()
    yield band
    end(band)


def test_what_is_offered_is_done_once_and_the_band_goes(band):
    done = []
    band.offer("web1 deleted.", "Undo", lambda: done.append("undone"))
    assert not band.act_button.isHidden()
    assert (band.words.text(), band.act_button.text()) == ("web1 deleted.", "Undo")
    band.act_button.click()
    band.act_button.click()
    assert done == ["undone"]
    assert band.isHidden()


def test_a_later_sentence_takes_the_offer_away(band):
    band.offer("web1 deleted.", "Undo", lambda: None)
    band.say("web2 is saved.")
    assert band.act_button.isHidden()
    assert band.words.text() == "web2 is saved."


def test_an_offer_stays_longer_than_a_sentence(band):
    band.offer("web1 deleted.", "Undo", lambda: None)
    assert band._timer.interval() == OFFER_FOR_MS
    band.say("web2 is saved.")
    assert band._timer.interval() < OFFER_FOR_MS
