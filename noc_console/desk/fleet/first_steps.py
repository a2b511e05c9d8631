"""What stands under the fleet while there is only this machine in it: three ways to go on."""

from collections.abc import Callable

from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

_WIDEST = 640


class FirstSteps(QWidget):
    """A sentence, and three buttons with a sentence each; the first has the focus."""

    def __init__(
        self,
        add: Callable[[], object],
        import_: Callable[[], object],
        open_this_machine: Callable[[], object],
    ) -> None:
        """Offer them."""
        super().__init__()
        self.setAccessibleName("First steps")
        self.title = QLabel("Three ways to go on")
        self.title.setObjectName("sectionTitle")
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setObjectName("faint")
        self.add_button = QPushButton("Add a server…")
        self.import_button = QPushButton("Import servers…")
        self.open_button = QPushButton("Open this machine")
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        for place, (button, act, sentence) in enumerate(
            (
                (self.add_button, add, "Type a name and an address, and test the connection."),
                (
                    self.import_button,
                    import_,
                    "Take an OpenSSH configuration, an Ansible inventory or a CSV file.",
                ),
                (
                    self.open_button,
                    open_this_machine,
                    "Load, CPU, memory, disks and network of this computer, live.",
                ),
            )
        ):
            label = QLabel(sentence)
            label.setWordWrap(True)
            label.setBuddy(button)
            button.setAccessibleDescription(sentence)
            button.setAutoDefault(True)  # Enter presses it too
            button.clicked.connect(lambda _=False, act=act: act())
            grid.addWidget(button, place, 0)
            grid.addWidget(label, place, 1)
        inside = QWidget()
        inside.setMaximumWidth(_WIDEST)
        box = QVBoxLayout(inside)
        box.setSpacing(10)
        box.addWidget(self.title)
        box.addWidget(self.words)
        box.addSpacing(6)
        box.addLayout(grid)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 16, 0, 0)
        outer.addWidget(inside)
        outer.addStretch(1)
        self.setFocusProxy(self.add_button)

    def show_words(self, *, has_this_machine: bool, is_watched: bool) -> None:
        """Say what is seen above, as it is."""
        self.open_button.setEnabled(has_this_machine)
        if has_this_machine and is_watched:
            self.words.setText("The one row above is this computer, live. Your servers come next.")
        elif has_this_machine:
            self.words.setText("The one row above is this computer. Your servers come next.")
        else:
            self.words.setText(
                "There is no server in this store yet. This computer appears here by itself, some"
                " seconds after the start: as soon as an engine watches."
            )
