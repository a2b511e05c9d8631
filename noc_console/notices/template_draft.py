"""A template that somebody is typing and has not saved: one for each person, in the store.

It is used by nobody, and is there again after the window was closed or has died.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from noc_console.notices.template_shelf import MOST_BYTES
from noc_console.store.settings import get_setting, put_setting
from noc_console.store.store import Store

_KEY = "notices.template_draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateDraft:
    """What was typed. `began_from` is the hash of the text it was to take the place of."""

    path: str
    text: str
    began_from: str
    typed_at: datetime


def text_hash(text: str) -> str:
    """Give what tells whether a template is still the one that was changed."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def get_draft(store: Store, who: str) -> TemplateDraft | None:
    """Give what a person typed and did not save; None where there is nothing."""
    told = get_setting(store, f"{_KEY}.{who}", None)
    if not isinstance(told, dict):
        return None
    try:
        return TemplateDraft(
            path=str(told["path"]),
            text=str(told["text"]),
            began_from=str(told["began_from"]),
            typed_at=datetime.fromtimestamp(float(told["typed_at"]), UTC),
        )
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None


def keep_draft(store: Store, who: str, draft: TemplateDraft | None) -> None:
    """Keep what a person typed in the place of what was kept; None keeps nothing.

    More than a template may hold is not kept: it could not be saved either.
    """
    if draft is None:
        if get_setting(store, f"{_KEY}.{who}", {}):
            put_setting(store, f"{_KEY}.{who}", {})
        return
    if len(draft.text.encode("utf-8", "replace")) > 2 * MOST_BYTES:
        return
    told = {
        "path": draft.path,
        "text": draft.text.encode("utf-8", "replace").decode(),
        "began_from": draft.began_from,
        "typed_at": draft.typed_at.timestamp(),
    }
    put_setting(store, f"{_KEY}.{who}", told)
