"""What is done in the composer by a key; `F1` lists it. GUI thread only."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence

from noc_console.desk.composer.composer import Composer
from noc_console.desk.composer.composer_deeds import ComposerDeeds
from noc_console.desk.composer.course_panel import CLEAR_KEYS, INCIDENT_KEYS, UPDATE_KEYS
from noc_console.desk.composer.languages_panel import FILL_KEYS
from noc_console.desk.composer.window_line import CHOOSE_KEYS, OPEN_KEYS

Key = tuple[str, str, Callable[[], object]]
"""What it does, its keys, and the act."""
APPROVE_KEYS, TRIAL_KEYS = "Ctrl+Return", "Ctrl+Shift+T"


def add_keys(composer: Composer, deeds: ComposerDeeds) -> None:
    """Give the composer its keys."""
    for words, keys, act in (*_of_every(composer, deeds), *_of_kind(composer, deeds)):
        action = QAction(words, composer)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _=False, act=act: act())
        composer.addAction(action)
    composer.approve_button.setToolTip(APPROVE_KEYS)
    composer.trial_button.setToolTip(TRIAL_KEYS)


def _of_every(composer: Composer, deeds: ComposerDeeds) -> tuple[Key, ...]:
    preview = composer.preview
    return (
        ("Back to the list", "Esc", composer.leave),
        ("Approve, or freeze for a second person", APPROVE_KEYS, deeds.approve),
        ("Send a test to yourself", TRIAL_KEYS, deeds.ask_trial),
        ("Go to the next thing to mend", "F8", deeds.go_to_next),
        ("Choose prepared texts", "Ctrl+B", composer.open_templates),
        ("The next of preview, plan, languages and course", "Ctrl+P", composer.turn_tab),
        ("Write in another language", "Ctrl+Shift+L", composer.open_languages),
        ("Put prepared texts into that language", FILL_KEYS, composer.languages.put_prepared),
        ("Preview of the next channel", "Ctrl+PgDown", lambda: preview.step_channel(1)),
        ("Preview of the channel before", "Ctrl+PgUp", lambda: preview.step_channel(-1)),
        ("Preview of the next send", "Ctrl+Shift+PgDown", lambda: preview.step_send(1)),
        ("Preview of the send before", "Ctrl+Shift+PgUp", lambda: preview.step_send(-1)),
        ("Preview in the next language", "Ctrl+Alt+PgDown", lambda: preview.step_language(1)),
        ("Another time or text of one send", "F2", deeds.ask_cell),
    )


def _of_kind(composer: Composer, deeds: ComposerDeeds) -> tuple[Key, ...]:
    """Planned work has a window; downtime that nobody planned has a course, and an incident."""
    if not composer.notice.is_scheduled:
        return (
            ("Write an update", UPDATE_KEYS, deeds.ask_update),
            ("Give the all-clear", CLEAR_KEYS, deeds.ask_clear),
            ("Go to its incident", INCIDENT_KEYS, deeds.open_incident),
        )
    return (
        ("Choose the window it is for", CHOOSE_KEYS, deeds.ask_window),
        ("Go to its window", OPEN_KEYS, deeds.open_window),
    )
