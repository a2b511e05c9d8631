"""Posting on a real WordPress: the contract, and what WordPress has of its own."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from noc_console.health.delivery.sending import tell_nobody
from noc_console.notices.channels.channel import Channel, ChannelKind, PostFailed
from noc_console.notices.channels.wordpress import WordPress
from tests.cli.running import wait_for
from tests.notices.channel_contract import HOSTILE, Contract, Stand, nothing, text
from tests.wordpress import WordPressSite, wordpress

_POSTS = "FROM wp_posts WHERE post_type = 'post' AND post_status IN ('publish', 'future')"


@pytest.fixture(scope="session")
def site() -> Iterator[WordPressSite]:
    """Give a site that lives as long as the run."""
    with wordpress() as running:
        yield running


@pytest.fixture
def stand(site: WordPressSite) -> Stand:
    """Give that site without a post."""
    site.query("DELETE FROM wp_posts WHERE post_type = 'post'")
    settings = {"address": site.url, "user": site.editor, "categories": str(site.category)}
    one = Channel(id=1, name="News", kind=ChannelKind.WORDPRESS, settings=settings, secret="env:X")
    secret = site.passwords[site.editor]
    return Stand(
        way=WordPress(one, lambda: (secret,)),
        wrong=WordPress(one, lambda: ("a wrong one",)),
        count=lambda: int(site.query(f"SELECT COUNT(*) {_POSTS}")[0][0]),
        shown=lambda: str(site.query(f"SELECT post_content {_POSTS}")),
        secret=secret,
    )


@pytest.mark.usefixtures("stand")
class TestWordPress(Contract):
    """The contract."""

    def test_a_visitor_reads_it_and_no_word_of_it_is_code(self, stand: Stand, site: WordPressSite):
        posted = stand.way.post(
            text(title=f"At {HOSTILE}", html="<p>[gallery] of <strong>web1</strong></p>"),
            None,
            nothing,
        )
        page = site.page(posted.link)

        assert "&lt;script&gt;alert" in page
        assert "<script>alert" not in page
        assert "&#091;gallery] of <strong>web1</strong>" in page
        assert "<p></p>" not in page

    def test_a_post_for_later_comes_out_at_its_time_by_itself(
        self, stand: Stand, site: WordPressSite
    ):
        at = datetime.now(UTC) + timedelta(days=7)
        posted = stand.way.post(text(), at, nothing)

        assert site.query(f"SELECT post_status, post_date_gmt {_POSTS}") == [
            ["future", f"{at:%Y-%m-%d %H:%M:%S}"]
        ]
        assert stand.way.find("n42-start-1") is not None
        site.let_time_pass_until(at)
        wait_for(lambda: site.query(f"SELECT post_status {_POSTS}") == [["publish"]])

        assert "Kernel update" in site.page(posted.link)

    def test_a_post_whose_time_wordpress_missed_comes_out_when_it_is_asked_for(
        self, stand: Stand, site: WordPressSite
    ):
        at = datetime.now(UTC) + timedelta(days=7)
        stand.way.post(text(), at, nothing)
        site.let_posts_be_due()
        found = stand.way.find("n42-start-1")

        assert found is not None
        assert site.query(f"SELECT post_status {_POSTS}") == [["publish"]]
        assert "Kernel update" in site.page(found.link)

    def test_a_user_who_may_not_publish_is_told_of_before_anything_is_posted(
        self, stand: Stand, site: WordPressSite
    ):
        settings = {"address": site.url, "user": site.reader}
        one = Channel(id=1, name="News", kind=ChannelKind.WORDPRESS, settings=settings)
        way = WordPress(one, lambda: (site.passwords[site.reader],))

        with pytest.raises(PostFailed) as failure:
            way.test(tell_nobody)
        assert "role Author or Editor" in failure.value.sentence
        with pytest.raises(PostFailed):
            way.post(text(), None, nothing)
        assert stand.count() == 0

    def test_a_category_that_is_not_there_is_named(self, site: WordPressSite):
        settings = {"address": site.url, "user": site.editor, "categories": "4711"}
        one = Channel(id=1, name="News", kind=ChannelKind.WORDPRESS, settings=settings)

        with pytest.raises(PostFailed, match="4711"):
            WordPress(one, lambda: (site.passwords[site.editor],)).test(tell_nobody)
