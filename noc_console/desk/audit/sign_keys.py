"""The deeds for a whole audit on its page, awake where the audit takes them. GUI thread only."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from noc_console.audit.audit import AuditState
from noc_console.audit.decision import Key
from noc_console.desk.audit.chosen_audit import ChosenAudit
from noc_console.desk.widgets.deed import Deed, Deeds

if TYPE_CHECKING:
    from noc_console.desk.audit.sign_deeds import SignDeeds


class SignKeys:
    """Adds them to those of a page; what they do is imported when the first of them is done."""

    def __init__(
        self,
        chosen: ChosenAudit,
        deeds: Deeds,
        page: QWidget,
        show_finding: Callable[[Key], object],
    ) -> None:
        """Add them; nothing can be signed before an audit was read. Dialogs belong to `page`."""
        self._chosen = chosen
        self._of_page = deeds
        self._page = page
        self._show_finding = show_finding
        self._made: SignDeeds | None = None
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
        chosen.changed.connect(lambda _: self._enable())

    def _deeds(self) -> SignDeeds:
        if self._made is None:
            from noc_console.desk.audit.sign_deeds import SignDeeds

            chosen = self._chosen
            self._made = SignDeeds(
                chosen.context, self._page, chosen.now, self._show_finding, chosen.feed.want
            )
        return self._made

    def _on(self, act: Callable[[SignDeeds, int], None]) -> Callable[[], object]:
        return partial(self._act, act)

    def _act(self, act: Callable[[SignDeeds, int], None]) -> None:
        if self._chosen.audit is not None:
            act(self._deeds(), self._chosen.audit.id)

    def _sign(self) -> None:
        audit = self._chosen.audit
        if audit is not None:
            is_open = audit.state is AuditState.OPEN
            sign = self._deeds().sign if is_open else self._deeds().countersign
            sign(audit.id)

    def _enable(self) -> None:
        audit = self._chosen.audit
        state = audit.state if audit is not None else None
        is_there = state is not None
        deeds = self._of_page
        deeds.enable(
            sign=state in {AuditState.OPEN, AuditState.SIGNED},
            report=is_there,
            verify=is_there,
            revise=state in {AuditState.SIGNED, AuditState.COUNTERSIGNED},
        )
        deeds.reword("sign", "Counter-sign…" if state is AuditState.SIGNED else "Sign…")
        deeds.buttons["sign"].setVisible(state is not AuditState.COUNTERSIGNED)
        deeds.buttons["revise"].setVisible(deeds.actions["revise"].isEnabled())
