"""The deeds for a whole audit on its page, awake where the audit takes them. GUI thread only."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from noc_console.audit.audit import AuditState
from noc_console.desk.sending.deed import Deed

if TYPE_CHECKING:
    from noc_console.desk.audit.audit_page import AuditPage
    from noc_console.desk.audit.sign_deeds import SignDeeds


class SignKeys:
    """Puts the deeds on a page; what they do is imported when the first of them is done."""

    def __init__(self, page: AuditPage) -> None:
        """Put them on; nothing can be signed before an audit was read."""
        self._page = page
        self._made: SignDeeds | None = None
        deeds = page.deeds
        deeds.add(
            Deed(key="sign", words="Sign…", keys="Ctrl+Shift+S", act=self._sign),
            Deed(
                key="report",
                words="Report…",
                keys="Ctrl+E",
                act=self._on(lambda do, of: do.report(of)),
            ),
            Deed(
                key="verify",
                words="Verify",
                keys="Ctrl+Shift+V",
                act=self._on(lambda do, of: do.verify(of)),
            ),
            Deed(
                key="revise",
                words="Correct…",
                keys="Ctrl+Shift+C",
                act=self._on(lambda do, of: do.revise(of)),
            ),
        )
        self._enable()
        page.chosen.connect(lambda _: self._enable())

    def _deeds(self) -> SignDeeds:
        if self._made is None:
            from noc_console.desk.audit.sign_deeds import SignDeeds

            page = self._page
            self._made = SignDeeds(page.context, page, page.now, page.show_finding, page.feed.want)
        return self._made

    def _on(self, act: Callable[[SignDeeds, int], None]) -> Callable[[], object]:
        return partial(self._act, act)

    def _act(self, act: Callable[[SignDeeds, int], None]) -> None:
        if self._page.audit is not None:
            act(self._deeds(), self._page.audit.id)

    def _sign(self) -> None:
        audit = self._page.audit
        if audit is not None:
            is_open = audit.state is AuditState.OPEN
            sign = self._deeds().sign if is_open else self._deeds().countersign
            sign(audit.id)

    def _enable(self) -> None:
        audit = self._page.audit
        state = audit.state if audit is not None else None
        is_there = state is not None
        deeds = self._page.deeds
        deeds.enable(
            sign=state in {AuditState.OPEN, AuditState.SIGNED},
            report=is_there,
            verify=is_there,
            revise=state in {AuditState.SIGNED, AuditState.COUNTERSIGNED},
        )
        deeds.reword("sign", "Counter-sign…" if state is AuditState.SIGNED else "Sign…")
        deeds.buttons["sign"].setVisible(state is not AuditState.COUNTERSIGNED)
        deeds.buttons["revise"].setVisible(deeds.actions["revise"].isEnabled())
