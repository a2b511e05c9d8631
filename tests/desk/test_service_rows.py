"""Both views of a service in one row, the worst first."""

from datetime import UTC, datetime, timedelta

import pytest

from noc_console.desk.server.service_rows import (
    certificate_text,
    certificate_verdict,
    inside_text,
    outside_text,
    service_rows,
)
from noc_console.health.verdict import Verdict
from noc_console.telemetry.service import CheckResult, Inside, Outside, ServiceState

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def check(label: str, service: str, outside: Outside, days: float | None = None) -> CheckResult:
    return CheckResult(
        label=label,
        service=service,
        outside=outside,
        at=NOW,
        latency_ms=1.0,
        detail="",
        certificate_expires_at=None if days is None else NOW + timedelta(days=days),
    )


def test_the_worst_service_comes_first() -> None:
    rows = service_rows(
        [
            ServiceState(name="nginx", inside=Inside.RUNNING, outside=Outside.ANSWERS),
            ServiceState(name="exim4", inside=Inside.RUNNING, outside=Outside.NO_ANSWER),
            ServiceState(name="cron", inside=Inside.UNKNOWN),
        ],
        [],
    )

    assert [row.name for row in rows] == ["exim4", "cron", "nginx"]
    assert rows[0].verdict is Verdict.CUT_OFF


def test_a_check_stands_beside_its_service_and_one_without_service_has_a_row_of_its_own() -> None:
    rows = service_rows(
        [ServiceState(name="nginx", inside=Inside.RUNNING, outside=Outside.ANSWERS)],
        [
            check("https:443", "nginx", Outside.ANSWERS),
            check("tcp:8080", "", Outside.REFUSED),
        ],
    )

    assert [(row.name, row.is_service, outside_text(row)) for row in rows] == [
        ("tcp:8080", False, "refused"),
        ("nginx", True, "answers"),
    ]
    assert rows[1].check is not None
    assert rows[1].check.label == "https:443"


@pytest.mark.parametrize(
    ("inside", "sub_state", "words"),
    [
        (Inside.RUNNING, "running", "running"),
        (Inside.STOPPED, "", "stopped"),
        (Inside.STARTING, "auto-restart", "starting (auto-restart)"),
    ],
)
def test_inits_own_word_is_shown_where_it_says_more(
    inside: Inside, sub_state: str, words: str
) -> None:
    (row,) = service_rows([ServiceState(name="nginx", inside=inside, sub_state=sub_state)], [])

    assert inside_text(row) == words


@pytest.mark.parametrize(
    ("days", "words", "verdict"),
    [
        (-1.0, "EXPIRED 24 h 00 min ago", Verdict.DOWN),
        (3.5, "3 d 12 h left", Verdict.EARLY),
        (60.0, "60 d 0 h left", Verdict.OK),
        (None, "–", Verdict.UNKNOWN),
    ],
)
def test_a_certificate_says_how_long_it_is_good(
    days: float | None, words: str, verdict: Verdict
) -> None:
    (row,) = service_rows([], [check("https:443", "", Outside.ANSWERS, days)])

    assert certificate_text(row, NOW) == words
    assert certificate_verdict(row, NOW) is verdict
