"""The night of the story, end to end: the real program, a real engine, a real sshd."""

import pytest

from bench.story import PACES, Story


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_night_of_the_story_ends_with_its_cause_on_one_page(tmp_path):
    story = Story(folder=tmp_path, pace=PACES["quick"])

    story.tell()

    assert story.told["lead_s"] > 5
    assert "web1" in story.told["answer"]
    assert story.told["gate"]["is_well"] is True
    page = story.told["post_mortem"]
    assert "public\\_html/cart.php" in page.partition("## Timeline")[0]
    for step in ("Alarm raised", "Alarm claimed", "recording 1 begun", "reboot web1, done"):
        assert step in page
    assert "load past the cut-off, php-fpm does not stop" in page
    assert (tmp_path / "night.pdf").read_bytes().startswith(b"%PDF-")
