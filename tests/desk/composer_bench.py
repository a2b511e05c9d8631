"""A composer on a real store, with its clock standing still."""

from datetime import UTC, datetime

from PySide6.QtTest import QAbstractItemModelTester

from noc_console.desk.composer.composer_deeds import ComposerDeeds
from noc_console.desk.composer.opening import open_composer
from noc_console.notices.notice import Notice, NoticeKind
from noc_console.notices.notice_records import add_notice, get_notice
from tests.desk.page_bench import PageBench
from tests.desk.qt_life import end, wait_until
from tests.notices.outbox import scheduled

NOW = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)


class ComposerBench(PageBench):
    def __init__(self, folder):
        super().__init__(folder)
        self.at = NOW
        self.composer = None

    def begin(self, notice=None):
        """Show a composer; it has not settled yet."""
        notice = notice or Notice(kind=NoticeKind.SCHEDULED, zone="Europe/Berlin")
        self.show(add_notice(self.store, notice, by="ann", now=NOW))

    def show(self, stored):
        """Show a composer with a notice that is in the store."""
        self.composer = open_composer(self.context, stored, lambda: self.at)
        QAbstractItemModelTester(
            self.composer.plan, QAbstractItemModelTester.FailureReportingMode.Fatal, self.composer
        )
        self.composer.resize(1200, 700)
        self.composer.show()

    @property
    def deeds(self):
        return self.composer.findChild(ComposerDeeds)

    def open(self, notice=None):
        """Show a composer that has settled."""
        self.begin(notice)
        self.settle()
        return self.composer

    def settle(self):
        wait_until(lambda: self.pool.is_idle and self.composer.is_settled, 30)

    def stored(self):
        return get_notice(self.store, self.composer.keeper.stored.id)

    def end(self):
        if self.composer is not None:
            self.composer.preview.close_renderer()
            wait_until(lambda: self.pool.is_idle, 60)
            end(self.composer)
        self.close()

    def complete(self, **changes):
        return self.open(scheduled(servers=(self.server.id,), **changes))
