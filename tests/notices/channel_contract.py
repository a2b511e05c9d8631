"""What every way of posting must do, whether its channel is the real one or a fake.

A file of tests subclasses `Contract` and gives a fixture `stand`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from noc_console.health.delivery.sending import SendStep, tell_nobody
from noc_console.notices.channels.channel import PostFailed, Way
from noc_console.notices.text import About, Text
from tests.notices.fakes.fake_server import FakeServer, Reply

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
HOSTILE = 'web1 <script>alert(1)</script> "A&B", 😀 עברית [gallery] #1 (x)'


@dataclass
class Stand:
    """A way, the same with a wrong secret, what its channel has, and the server if it is a fake."""

    way: Way
    wrong: Way
    count: Callable[[], int]
    shown: Callable[[], str]
    secret: str
    server: FakeServer | None = None
    can_edit: bool = True
    knows_second: bool = True
    """Whether a second post with the same reference makes no second posting."""
    has_form: bool = True
    """Whether its answers have a form of their own; those of a webhook may be anything."""
    close: Callable[[], None] = field(default=lambda: None)


def text(reference: str = "n42-start-1", **fields: object) -> Text:
    """Give the text of a posting."""
    about = About(
        notice="n42",
        is_planned=True,
        state="planned",
        starts_at=AT + timedelta(days=7),
        ends_at=AT + timedelta(days=7, minutes=45),
        zone="Europe/Berlin",
    )
    usual = {
        "title": "Kernel update of web1 on 1 December 2026",
        "summary": "Kernel update of web1: Tuesday, 1 December 2026, 03:00-03:45 CET.",
        "markdown": "**Kernel update** of web1.\n\nIt restarts once.",
        "html": "<p><strong>Kernel update</strong> of web1.</p><p>It restarts once.</p>",
        "plain": "Kernel update of web1.\n\nIt restarts once.",
        "about": about,
    }
    return Text(**(usual | {"reference": reference} | fields))


def nothing() -> None:
    """Be called before something is handed over."""


class Stop(Exception):
    """The program ends just before it hands something over."""


class Contract:
    """The claims."""

    def test_what_was_posted_is_found_by_its_reference_and_no_other(self, stand: Stand):
        assert stand.way.find("n42-start-1") is None
        posted = stand.way.post(text(), None, nothing)
        stand.way.post(
            text("n42-start-10", title="Another one for everybody", summary="Two"), None, nothing
        )

        assert posted.remote_id
        found = stand.way.find("n42-start-1")
        assert found is not None
        assert (found.remote_id, found.parts) == (posted.remote_id, posted.parts)
        assert stand.way.find("n42-start") is None
        assert stand.way.find("n42-start-11") is None

    def test_its_link_leads_to_it(self, stand: Stand):
        posted = stand.way.post(text(), None, nothing)

        assert posted.link.startswith(("http://", "https://"))

    def test_it_says_when_it_hands_over_once_and_not_before_it_can(self, stand: Stand):
        counts: list[int] = []
        stand.way.post(text(), None, lambda: counts.append(stand.count()))

        assert counts == [0]
        assert stand.count() == 1

    def test_what_stops_before_it_hands_over_posts_nothing(self, stand: Stand):
        def stop() -> None:
            raise Stop

        with pytest.raises(Stop):
            stand.way.post(text(), None, stop)

        assert stand.count() == 0
        assert stand.way.find("n42-start-1") is None

    def test_another_try_makes_no_second_posting(self, stand: Stand):
        stand.way.post(text(), None, nothing)
        if stand.knows_second:
            stand.way.post(text(), None, nothing)
        else:
            with pytest.raises(PostFailed) as failure:
                stand.way.post(text(), None, nothing)
            assert failure.value.is_in_doubt

        assert stand.count() == 1

    def test_it_is_changed_where_it_stands(self, stand: Stand):
        posted = stand.way.post(text(), None, nothing)
        other = text(
            summary="It takes longer.", html="<p>It takes longer.</p>", markdown="It takes longer.",
            plain="It takes longer.",
        )  # fmt: skip
        if not stand.can_edit:
            with pytest.raises(PostFailed) as failure:
                stand.way.edit(posted, other)
            assert failure.value.is_final
            return
        changed = stand.way.edit(posted, other)

        assert changed.remote_id == posted.remote_id
        assert "It takes longer." in stand.shown()
        assert "restarts once" not in stand.shown()
        assert stand.count() == 1

    def test_it_is_taken_away_and_may_be_gone_already(self, stand: Stand):
        posted = stand.way.post(text(), None, nothing)
        stand.way.delete(posted)
        stand.way.delete(posted)

        assert stand.count() == 0
        assert stand.way.find("n42-start-1") is None

    def test_its_test_proves_the_login_and_posts_nothing(self, stand: Stand):
        steps: list[SendStep] = []
        sentence = stand.way.test(steps.append)

        assert steps
        assert all(step.ok for step in steps)
        assert sentence
        assert stand.count() == 0

    def test_a_wrong_secret_is_one_sentence_that_says_nothing_of_it(self, stand: Stand):
        called: list[int] = []
        with pytest.raises(PostFailed) as testing:
            stand.wrong.test(tell_nobody)
        with pytest.raises(PostFailed) as failure:
            stand.wrong.post(text(), None, lambda: called.append(1))

        assert stand.count() == 0
        for one in (testing.value, failure.value):
            assert one.sentence.endswith(".")
            assert stand.secret not in one.sentence
            assert not one.is_in_doubt

    def test_hostile_words_arrive_as_words(self, stand: Stand):
        stand.way.post(
            text(title=f"Trouble at {HOSTILE}", summary=HOSTILE, plain=HOSTILE, markdown=HOSTILE),
            None,
            nothing,
        )
        assert "<script>" not in stand.way.preview(text()).posts[0]
        assert stand.way.find("n42-start-1") is not None

    def test_its_preview_is_within_its_limits_however_long_the_text(self, stand: Stand):
        long = "A sentence about web1 that goes on. " * 3000
        shown = stand.way.preview(text(summary=long.strip(), plain=long.strip()))

        assert shown.posts
        assert not shown.most or all(0 < count <= shown.most for count in shown.counts)


class FakeContract(Contract):
    """The claims that need a channel which fails when it is told to."""

    def test_an_answer_that_is_lost_leaves_it_in_doubt_and_asking_settles_it(self, stand: Stand):
        assert stand.server is not None
        stand.server.lose_next = 1
        with pytest.raises(PostFailed) as failure:
            stand.way.post(text(), None, nothing)

        assert failure.value.is_in_doubt
        assert stand.way.find("n42-start-1") is not None
        assert stand.count() == 1

    @pytest.mark.parametrize("status", [500, 502])
    def test_an_error_of_its_own_may_be_tried_again(self, stand: Stand, status: int):
        assert stand.server is not None
        stand.server.break_next = Reply(status, {"error": "oops"})
        with pytest.raises(PostFailed) as failure:
            stand.way.find("n42-start-1")

        assert not failure.value.is_final
        assert not failure.value.is_in_doubt

    def test_it_comes_back_when_it_is_asked_to(self, stand: Stand):
        assert stand.server is not None
        stand.server.break_next = Reply(429, {"error": "slow down"}, {"Retry-After": "120"})
        with pytest.raises(PostFailed) as failure:
            stand.way.find("n42-start-1")

        assert failure.value.pause_s == 120
        assert not failure.value.is_final

    def test_a_redirect_is_not_followed_and_nothing_is_handed_over(self, stand: Stand):
        assert stand.server is not None
        elsewhere = {"Location": "http://127.0.0.1:9/elsewhere"}
        stand.server.break_next = Reply(302, None, elsewhere)
        with pytest.raises(PostFailed) as failure:
            stand.way.test(tell_nobody)

        assert failure.value.is_final
        assert "correct the address" in failure.value.sentence

    def test_a_channel_that_does_not_answer_is_one_sentence(self, stand: Stand):
        assert stand.server is not None
        stand.server.close()
        with pytest.raises(PostFailed) as failure:
            stand.way.post(text(), None, nothing)

        assert "cannot be reached" in failure.value.sentence
        assert not failure.value.is_in_doubt
        assert not failure.value.is_final

    def test_nonsense_is_one_sentence(self, stand: Stand):
        assert stand.server is not None
        if not stand.has_form:
            return
        stand.server.break_next = Reply(200, "surprise")
        with pytest.raises(PostFailed) as failure:
            stand.way.test(tell_nobody)

        assert "something else than its interface should" in failure.value.sentence
