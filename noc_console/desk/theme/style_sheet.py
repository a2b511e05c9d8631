"""The little that a palette cannot say: edges, room and the mark of the focus. Pure."""

from collections.abc import Callable

from noc_console.desk.theme.theme import WindowColours


def style_sheet(colours: WindowColours, trouble: str, picture: Callable[[str], str]) -> str:
    """Give the application's style sheet: what is wrong is written in the colour of `trouble`, and
    `picture` gives the path of one that is drawn so.
    """
    return f"""
QToolTip {{
    color: {colours.text}; background: {colours.button};
    border: 1px solid {colours.border}; padding: 4px;
}}
QLineEdit, QPlainTextEdit {{
    background: {colours.field}; color: {colours.text};
    border: 1px solid {colours.border}; border-radius: 4px; padding: 4px 6px;
    selection-background-color: {colours.accent}; selection-color: {colours.on_accent};
}}
QLineEdit:focus, QPlainTextEdit:focus {{ border-color: {colours.accent}; }}
QLineEdit, QPlainTextEdit, QTextEdit {{ placeholder-text-color: {colours.faint}; }}
QLineEdit:disabled {{
    color: {colours.disabled}; placeholder-text-color: {colours.disabled};
}}
QAbstractSpinBox QLineEdit, QComboBox QLineEdit {{ border: none; background: transparent; }}
QAbstractSpinBox, QComboBox {{
    background: {colours.field}; color: {colours.text}; min-height: 18px;
    border: 1px solid {colours.border}; border-radius: 4px; padding: 4px 6px;
    selection-background-color: {colours.accent}; selection-color: {colours.on_accent};
}}
QAbstractSpinBox {{ padding: 0; min-height: 26px; }}
QAbstractSpinBox:focus, QComboBox:focus, QComboBox:on {{ border-color: {colours.accent}; }}
QAbstractSpinBox:disabled, QComboBox:disabled {{ color: {colours.disabled}; }}
QComboBox::drop-down, QDateTimeEdit::drop-down,
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{
    border: none; background: transparent; width: 20px;
}}
QComboBox::down-arrow, QDateTimeEdit::down-arrow, QAbstractSpinBox::down-arrow {{
    image: url({picture("down")}); width: 9px; height: 9px;
}}
QAbstractSpinBox::up-arrow {{ image: url({picture("up")}); width: 9px; height: 9px; }}
QComboBox QAbstractItemView {{
    background: {colours.field}; border: 1px solid {colours.border}; border-radius: 0;
}}
QCheckBox::indicator, QAbstractItemView::indicator {{
    width: 14px; height: 14px; border: 1px solid {colours.faint}; border-radius: 3px;
    background: {colours.field};
}}
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {{
    background: {colours.accent}; border-color: {colours.accent}; image: url({picture("tick")});
}}
QCheckBox::indicator:focus {{ border: 2px solid {colours.accent}; }}
QCheckBox::indicator:checked:focus {{ border-color: {colours.text}; }}
QCheckBox::indicator:disabled {{ border-color: {colours.border}; }}
QPushButton, QToolButton#plain {{
    background: {colours.button}; color: {colours.text};
    border: 1px solid {colours.border}; border-radius: 4px; padding: 5px 12px;
}}
QPushButton:hover, QPushButton:focus {{ border-color: {colours.accent}; }}
QPushButton:default {{
    background: {colours.accent}; color: {colours.on_accent}; border-color: {colours.accent};
}}
QPushButton:disabled {{
    color: {colours.disabled}; background: {colours.ground}; border-color: {colours.border};
}}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QHeaderView {{ background: {colours.ground}; }}
QHeaderView::section {{
    background: {colours.ground}; color: {colours.faint};
    border: none; border-bottom: 1px solid {colours.border}; padding: 5px 8px;
}}
QTableView, QListView, QTreeView {{
    background: {colours.field}; border: 1px solid {colours.border}; border-radius: 4px;
    gridline-color: {colours.border};
}}
QTableView:focus, QListView:focus, QTreeView:focus, QTextBrowser:focus {{
    border-color: {colours.accent};
}}
QTabBar {{ qproperty-drawBase: 0; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {colours.border}; }}
QTabBar::tab {{
    color: {colours.faint}; padding: 6px 12px; border: none;
    border-bottom: 2px solid transparent;
}}
QTabBar::tab:selected {{ color: {colours.text}; border-bottom-color: {colours.accent}; }}
QTabBar::tab:focus {{ background: {colours.button}; }}
QSplitter::handle {{ background: {colours.border}; }}
QSplitter::handle:vertical {{ height: 1px; margin: 3px 0; }}
QSplitter::handle:horizontal {{ width: 1px; margin: 0 3px; }}
QSplitter#serverSplitter::handle {{ background: transparent; }}
QStatusBar {{ border-top: 1px solid {colours.border}; color: {colours.faint}; }}
QStatusBar QLabel {{ padding: 1px 8px; }}
QStatusBar::item {{ border: none; }}
QMenuBar {{ background: {colours.ground}; }}
QMenuBar::item {{ padding: 4px 10px; }}
QMenuBar::item:selected, QMenu::item:selected {{
    background: {colours.accent}; color: {colours.on_accent};
}}
QMenu {{ background: {colours.field}; border: 1px solid {colours.border}; padding: 4px; }}
QMenu::item {{ padding: 5px 24px 5px 16px; }}
QMenu::item:disabled {{ color: {colours.disabled}; }}
QListWidget#pageRail {{
    background: {colours.ground}; border: none; border-radius: 0;
    border-right: 1px solid {colours.border}; padding: 6px 0; outline: none;
}}
QLabel#problem {{ color: {trouble}; font-weight: 600; }}
QDialog#palette {{ border: 1px solid {colours.border}; }}
QListView#found::item {{ padding: 5px 6px; }}
QListWidget#pageRail::item {{ padding: 0 12px; border-left: 3px solid transparent; }}
QListWidget#pageRail::item:hover {{ background: {colours.button}; }}
QListWidget#pageRail::item:selected {{
    background: {colours.field}; color: {colours.text}; border-left-color: {colours.accent};
}}
QListWidget#pageRail:focus::item:selected {{ background: {colours.button}; }}
#troubleBand {{
    background: {colours.field}; color: {colours.text}; font-weight: 600;
    border-bottom: 1px solid {colours.border}; padding: 8px 12px;
}}
#noticeBand {{ background: {colours.button}; border-top: 1px solid {colours.border}; }}
#noticeBand QLabel {{ background: transparent; }}
QScrollArea {{ border: none; }}
#faint {{ color: {colours.faint}; }}
#pageTitle {{ font-size: 20px; font-weight: 700; }}
#sectionTitle {{ font-size: 15px; font-weight: 600; }}
"""
