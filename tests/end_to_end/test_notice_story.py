"""A notice of planned work from the empty page to done: the program alone, on real places."""

import os

import pytest

from bench.notice_pictures import Pictures
from bench.notice_stage import CHANNELS, CONCERNED, FORUM, MAIL, NEWS, PAGE, SOCIAL
from bench.notice_story import NoticeStory

pytestmark = [pytest.mark.slow, pytest.mark.by_keys, pytest.mark.timeout(900)]

TOLD = {
    **dict.fromkeys((PAGE, NEWS, FORUM, SOCIAL), 8),
    MAIL: 6,  # not the start and the update: by then nobody reads mail
}


@pytest.mark.skipif(os.geteuid() != 0, reason="Postfix starts as root only")
def test_planned_work_is_told_from_the_empty_page_to_done_and_all_of_it_is_proven(tmp_path):
    story = NoticeStory(folder=tmp_path, pictures=Pictures(None))

    story.tell()

    ledger = story.told["ledger"]
    assert ledger["is_whole"]
    assert ledger["state"] == "done"
    first = ledger["versions"][0]
    assert (first["frozen"]["by"], first["approved"]["by"]) == ("anna", "ben")
    posted = [one for one in ledger["postings"] if one["act"] == "post"]
    assert not [one for one in posted if one["needs_person"] or one["next"]]
    sent = [one for one in posted if one["state"] == "sent"]
    for channel in CHANNELS:
        assert sum(one["channel"] == channel for one in sent) == TOLD[channel], channel
    assert all(one["link"] and one["remote_id"] for one in sent if one["channel"] != MAIL)
    assert all(one["mailings"] == {"sent": CONCERNED} for one in sent if one["channel"] == MAIL)
    kept = [(one["promise"], one["outcome"]) for one in ledger["promises"]]
    assert kept == [("start", "not measured"), ("end", "broken"), ("end", "kept")]  # it was longer
