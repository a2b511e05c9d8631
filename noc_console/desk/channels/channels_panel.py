"""Channels: where notices are posted, whether it works, and proof of that. GUI thread only."""

from collections.abc import Callable, Hashable
from datetime import UTC, datetime

from noc_console.desk.channels.channel_deeds import ChannelDeeds
from noc_console.desk.channels.channel_rows import ChannelRow, channel_columns, read_channels
from noc_console.desk.context import DeskContext
from noc_console.desk.rows_panel import RowsPanel
from noc_console.desk.widgets.deed import Deed
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.fleet.inert import inert

_EMPTY = (
    "A channel is a place where notices are posted: e-mail, your web site's news, a status page, a"
    " forum, a social network, a chat. Add one, then test it; a test posts nothing."
)
_PAUSE = "Pause"


class ChannelsPanel(RowsPanel[ChannelRow]):
    """One of the tabs of sending."""

    def __init__(
        self, context: DeskContext, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Show that they are being read."""
        columns = channel_columns(lambda: context.theme().look, now)
        super().__init__(context, "Channels", columns, widest=200)
        self.acts = ChannelDeeds(context, self, self.read, now)
        self.said = plain_label()
        self.deeds.add(*self._deeds())
        self.box.addLayout(self.deeds.row())
        self.box.addWidget(self.stack, 1)
        self.box.addWidget(self.said)
        context.live.channels_changed.connect(self.read_if_shown)
        context.live.postings_changed.connect(self.read_if_shown)
        context.themes.changed.connect(lambda _: self.read_if_shown())
        self.table.doubleClicked.connect(lambda _: self.deeds.actions["edit"].trigger())
        self.choice_changed()

    def _deeds(self) -> tuple[Deed, ...]:
        acts, of_chosen = self.acts, self._of_chosen
        edit = of_chosen(lambda row: acts.edit(row.channel))
        remove = of_chosen(lambda row: acts.ask_to_remove(row.channel, row.waiting))
        test = of_chosen(lambda row: acts.test(row.channel))
        preview = of_chosen(lambda row: acts.preview(row.channel))
        pause = of_chosen(lambda row: acts.pause(row.channel))
        return (
            Deed(key="add", words="Add…", keys="Ins", act=acts.add),
            Deed(key="edit", words="Change…", keys="Return F2", act=edit, on_table=True),
            Deed(key="test", words="Test", keys="Ctrl+Shift+T", act=test),
            Deed(key="preview", words="Preview", keys="V", act=preview),
            Deed(key="pause", words=_PAUSE, keys="P", act=pause),
            Deed(key="remove", words="Remove…", keys="Del", act=remove, on_table=True),
        )

    def _of_chosen(self, act: Callable[[ChannelRow], object]) -> Callable[[], object]:
        return lambda: act(self.chosen) if self.chosen is not None else None

    def reading(self) -> Callable[[], tuple[ChannelRow, ...]]:
        """Give the work that reads the channels."""
        store = self.context.store
        return lambda: read_channels(store)

    def key_of(self, row: ChannelRow) -> Hashable:
        """Give the channel's number."""
        return row.channel.id

    def take(self, found: tuple[ChannelRow, ...]) -> None:
        """Show them."""
        self.show_rows(found)
        if not found:
            self.show_state("Notices are posted nowhere yet", _EMPTY, {"Add…": self.acts.add})

    def choice_changed(self) -> None:
        """Wake what can be done, and say all that the last test said."""
        row = self.chosen
        is_there = row is not None
        self.deeds.enable(
            edit=is_there, test=is_there, preview=is_there, pause=is_there, remove=is_there
        )
        is_paused = row is not None and row.channel.is_paused
        self.deeds.reword("pause", "Resume" if is_paused else _PAUSE)
        words = "" if row is None or row.test is None or row.test.is_well else row.test.sentence
        self.said.setText(f"■  {inert(words, 400)}" if words else "")
        self.said.setVisible(bool(words))
