"""What an engine's picture of a server means for alarms: a `View` for the book.

Pure: no I/O, no clock.
"""

from noc_console.engine.picture import Picture
from noc_console.fleet.failure import FailureKind
from noc_console.fleet.link_state import LinkState
from noc_console.health.alarm_book import Reach, View
from noc_console.health.alarm_life import LINK, Standing
from noc_console.health.rules import MAX_REASONS
from noc_console.health.verdict import Judgement, Reason, Verdict
from noc_console.telemetry.service import Combined, Outside

_HOST_GONE = {
    FailureKind.UNREACHABLE,
    FailureKind.TIMED_OUT,
    FailureKind.CONNECTION_LOST,
    FailureKind.STOPPED_ANSWERING,
    FailureKind.JUMP_FAILED,
}
"""Where the machine itself seems to be away. One that refuses us is there: its web pages are
watched for themselves."""

_ALWAYS_NEWS = {FailureKind.HOST_KEY_CHANGED, FailureKind.HOST_KEY_REVOKED}
"""Somebody may be listening in: that is told whether or not the server ever answered us."""

_FROM_OUTSIDE = frozenset({"check", "certificate"})


def view_of(picture: Picture) -> View:
    """Give what the book is told of a server that was judged."""
    judgement = picture.judgement
    if judgement is None:
        raise ValueError("a server is viewed after it was judged")
    if picture.is_rebooting:
        return _expected_away(picture.server.id)
    link = next((one for one in judgement.reasons if one.key == LINK), None)
    reach = _reach_of(picture, link)
    reasons = judgement.reasons
    if reach is Reach.NOT_KNOWN and link is not None:
        reasons = tuple(one for one in reasons if one.key != LINK)
    return View(
        server_id=picture.server.id,
        reasons=reasons,
        reach=reach,
        hides=_is_host_gone(picture),
        is_muted=judgement.verdict is Verdict.IN_MAINTENANCE,
        is_apart=_may_be_taken_over(picture),
        standing=lambda key: _standing(picture, judgement, reach, key),
    )


def _expected_away(server_id: int) -> View:
    """Nothing is raised and nothing clears while a server is away because a person had it reboot.

    The gate says what became of it, and alarms go on as soon as it has.
    """
    return View(
        server_id=server_id,
        reasons=(),
        reach=Reach.NOT_KNOWN,
        hides=False,
        is_muted=False,
        standing=lambda _key: Standing.NOT_KNOWN,
    )


def _reach_of(picture: Picture, link: Reason | None) -> Reach:
    if link is None:
        return Reach.FINE
    if picture.link is LinkState.UP:
        return Reach.NOT_KNOWN if link.verdict is Verdict.UNKNOWN else Reach.LOST
    if picture.failure is None:
        return Reach.NOT_KNOWN
    # what fails for want of a key of ours is news only where it worked before
    is_news = picture.was_up or picture.failure.kind in _ALWAYS_NEWS
    is_lost = link.verdict is not Verdict.UNKNOWN or is_news
    return Reach.LOST if is_lost else Reach.NOT_KNOWN


def _may_be_taken_over(picture: Picture) -> bool:
    """Whether this server, not a jump server before it, shows a key that it must not have."""
    failure = picture.failure
    return (
        failure is not None
        and failure.kind in _ALWAYS_NEWS
        and failure.address == picture.server.address
    )


def _is_host_gone(picture: Picture) -> bool:
    if picture.failure is not None and picture.failure.kind not in _HOST_GONE:
        return False
    return not any(
        result.outside is Outside.ANSWERS and result.at > picture.link_since
        for result in picture.checks.values()
    )


def _standing(picture: Picture, judgement: Judgement, reach: Reach, key: str) -> Standing:
    """Tell what is known of a key that is not among the reasons."""
    kind, _, label = key.partition(":")
    if key == LINK:
        return Standing.NORMAL if reach is Reach.FINE else Standing.NOT_KNOWN
    if len(judgement.reasons) >= MAX_REASONS:
        return Standing.NOT_KNOWN  # it may be amiss, and only not among the worst
    if kind in _FROM_OUTSIDE:
        return _standing_of_check(picture, label)
    if reach is not Reach.FINE:
        return Standing.NOT_KNOWN
    if kind == "service":
        return _standing_of_service(picture, label)
    return Standing.NORMAL  # what is past a line stays a reason while it is not told anew


def _standing_of_check(picture: Picture, label: str) -> Standing:
    if all(check.label != label for check in picture.server.checks):
        return Standing.NORMAL  # nobody asks for it any more
    result = picture.checks.get(label)
    if result is None or result.outside is Outside.NOT_CHECKED:
        return Standing.NOT_KNOWN
    return Standing.NORMAL


def _standing_of_service(picture: Picture, name: str) -> Standing:
    state = next((one for one in picture.services() if one.name == name), None)
    if state is not None and state.combined is Combined.UNKNOWN:
        return Standing.NOT_MEASURED
    return Standing.NORMAL
