"""A ledger as HTML, as JSON and as a table. Pure but for the templates."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from noc_console.fleet.importing.cells import guarded
from noc_console.incidents.report_templates import render
from noc_console.notices.ledger import Ledger, PromiseMonth
from noc_console.notices.posting import Mailing
from noc_console.notices.promises import Outcome, Promise

_COLUMNS = (
    *("notice", "version", "send", "round", "channel", "kind", "act", "recipient", "state"),
    *("due", "ended", "tries", "code", "link", "remote_id", "words"),
)
_PROMISE_COLUMNS = ("notice", "title", "promise", "promised", "was", "late_minutes", "outcome")


def ledger_html(ledger: Ledger) -> str:
    """Give a notice's ledger as a page that needs no other file."""
    return render("notice_ledger.html.j2", ledger=ledger, notice=ledger.stored.notice)


def ledger_csv(ledger: Ledger) -> str:
    """Give a row for each posting and each recipient; no cell becomes a formula."""
    rows: list[Sequence[object]] = [_COLUMNS]
    for one in ledger.postings:
        start = [one.notice_id, one.version, one.send, one.round, one.channel_name]
        start += [one.channel_kind, one.act.value]
        rows.append(
            [
                *start,
                "",
                one.state.value,
                _iso(one.due_at),
                _iso(one.ended_at),
                one.tries,
                "",
                one.link,
                one.remote_id,
                one.words,
            ]
        )
        rows += [_mailing_row(start, mail) for mail in ledger.mailings.get(one.id, ())]
    return _table(rows)


def promises_html(month: PromiseMonth) -> str:
    """Give a range's promises as a page that needs no other file."""
    return render("notice_promises.html.j2", month=month, outcomes=list(Outcome))


def promises_csv(month: PromiseMonth) -> str:
    """Give a row for each promise."""
    rows: list[Sequence[object]] = [_PROMISE_COLUMNS]
    rows += [_promise_row(one) for one in month.promises]
    return _table(rows)


def promise_json(one: Promise) -> dict[str, Any]:
    """Give a promise as plain values."""
    late = one.late_by
    return {
        "notice": one.notice_id,
        "title": one.title,
        "promise": one.kind.value,
        "promised": _iso(one.promised_at),
        "was": _iso(one.was_at) or None,
        "late_s": None if late is None else round(late.total_seconds()),
        "outcome": one.outcome.value,
    }


def month_json(month: PromiseMonth) -> dict[str, Any]:
    """Give a range's promises and first words as plain values."""
    half, nearly_all = month.half_within, month.nearly_all_within
    return {
        "title": month.range.title,
        "from": _iso(month.range.start),
        "to": _iso(month.range.end),
        "kept_share": month.kept,
        "counts": {one.value: month.count(one) for one in Outcome},
        "promises": [promise_json(one) for one in month.promises],
        "first_word": {
            "target_s": round(month.target.total_seconds()),
            "count": len(month.first_words),
            "p50_s": None if half is None else round(half.total_seconds()),
            "p95_s": None if nearly_all is None else round(nearly_all.total_seconds()),
            "times": [
                {
                    "notice": one.notice_id,
                    "detected": _iso(one.detected_at),
                    "spoken": _iso(one.spoken_at) or None,
                    "seconds": round(one.span(month.made_at).total_seconds()),
                }
                for one in month.first_words
            ],
        },
    }


def _promise_row(one: Promise) -> list[object]:
    late = one.late_by
    return [
        one.notice_id,
        one.title,
        one.kind.value,
        _iso(one.promised_at),
        _iso(one.was_at),
        "" if late is None else round(late.total_seconds() / 60),
        one.outcome.value,
    ]


def _mailing_row(start: Iterable[object], mail: Mailing) -> list[object]:
    return [
        *start,
        mail.address,
        mail.state.value,
        "",
        _iso(mail.ended_at),
        mail.tries,
        mail.code or "",
        "",
        mail.mark,
        mail.words,
    ]


def _table(rows: Iterable[Sequence[object]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(
        [guarded(str(cell)) if isinstance(cell, str) else cell for cell in row] for row in rows
    )
    return written.getvalue()


def _iso(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
