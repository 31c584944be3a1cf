"""The stylesheet of the whole window, written once from the tokens."""

from __future__ import annotations

from string import Template

from desktop_app.theme.tokens import RADIUS, UNIT, Theme

ICON_PREFIX = "autochromeicons"
"""Search path under which `apply` makes resources/icons known to Qt."""


def stylesheet(theme: Theme, text_pt: float = 10.0) -> str:
    """Qt style sheet in the theme's colours; sizes of type follow `text_pt`, the platform's own.

    Dynamic property `role` — QPushButton: primary, quiet, danger. QCheckBox: switch. QFrame: card, panel, well, line.
    QLabel: title, heading, quiet, small, error, done. QToolButton: quiet is its only look.
    """
    values = theme.colours() | {
        "title_pt": f"{text_pt * 1.5:.1f}pt",
        "heading_pt": f"{text_pt * 1.15:.1f}pt",
        "small_pt": f"{text_pt * 0.9:.1f}pt",
        "half": f"{UNIT // 2}px",
        "unit": f"{UNIT}px",
        "unit2": f"{2 * UNIT}px",
        "radius": f"{RADIUS}px",
        "icons": f"{ICON_PREFIX}:controls",
        "shade": theme.name,
        # A light knob reads as the thing to take hold of in both themes; on paper it needs an outline.
        "handle": theme.text if theme.is_dark else theme.card,
        "handle_hover": theme.on_accent if theme.is_dark else theme.raised,
        "handle_edge": theme.text if theme.is_dark else theme.edge,
        "scroll": theme.track,
    }
    return "\n".join(Template(part).substitute(values) for part in _PARTS)


_WINDOW = """
QMainWindow, QDialog, QMessageBox, QWizard { background: $room; color: $text; }
QWidget { color: $text; }
QWidget:disabled { color: $disabled; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover, QSplitter::handle:pressed { background: $accent_mark; }
QStatusBar { background: $panel; color: $quiet; border-top: 1px solid $line; }
QStatusBar::item { border: none; }
QToolBar { background: $panel; border: none; border-bottom: 1px solid $line; padding: $half $unit; spacing: $half; }
QToolBar::separator { background: $line; width: 1px; margin: $half $half; }
QFrame[role="card"] { background: $card; border: 1px solid $line; border-radius: $unit; }
QFrame[role="panel"] { background: $panel; border: none; }
QFrame[role="well"] { background: $well; border: none; }
QFrame[role="line"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QGroupBox { background: $card; border: 1px solid $line; border-radius: $unit; margin-top: 24px; padding: $unit2; }
QGroupBox::title { subcontrol-origin: margin; subcontrol-position: top left; color: $quiet; padding: 0 0 $half 0; }
QScrollArea, QScrollArea > QWidget > QWidget#contents { background: transparent; border: none; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar::tab { background: transparent; color: $quiet; padding: $unit $unit2; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent_mark; }
QTabBar::tab:focus { background: $selection; }
"""

_WORDS = """
QLabel { background: transparent; }
QLabel[role="title"] { font-size: $title_pt; font-weight: 600; }
QLabel[role="heading"] { font-size: $heading_pt; font-weight: 600; }
QLabel[role="quiet"] { color: $quiet; }
QLabel[role="small"] { color: $quiet; font-size: $small_pt; }
QLabel[role="error"] { color: $error; }
QLabel[role="done"] { color: $done; }
QLabel:disabled, QLabel[role="quiet"]:disabled, QLabel[role="small"]:disabled { color: $disabled; }
QToolTip { background: $card; color: $text; border: 1px solid $edge; padding: $half $unit; }
"""

_BUTTONS = """
QPushButton {
    background: $control; color: $text; border: 2px solid transparent; border-radius: $radius;
    min-height: 20px; padding: $half 14px; icon-size: 16px;
}
QPushButton:hover { background: $raised; }
QPushButton:pressed, QPushButton:checked { background: $pressed; }
QPushButton:focus { border-color: $accent_text; outline: none; }
QPushButton:disabled { background: transparent; color: $disabled; border: 2px solid $line; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; font-weight: 600; }
QPushButton[role="primary"]:hover { background: $accent_hover; }
QPushButton[role="primary"]:pressed { background: $accent_pressed; }
QPushButton[role="primary"]:focus { border-color: $text; }
QPushButton[role="primary"]:disabled { background: $control; color: $disabled; border-color: transparent; }
QPushButton[role="quiet"] { background: transparent; }
QPushButton[role="quiet"]:hover { background: $control; }
QPushButton[role="quiet"]:pressed { background: $pressed; }
QPushButton[role="quiet"]:focus { border-color: $accent_text; }
QPushButton[role="quiet"]:disabled { border-color: transparent; }
QPushButton[role="danger"] { background: transparent; color: $error; border: 2px solid $line; }
QPushButton[role="danger"]:hover { background: $control; }
QPushButton[role="danger"]:pressed { background: $pressed; }
QPushButton[role="danger"]:focus { border-color: $accent_text; }
QPushButton[role="danger"]:disabled { color: $disabled; }
QToolButton {
    background: transparent; color: $text; border: 2px solid transparent; border-radius: $radius; padding: $half; icon-size: 20px;
}
QToolButton:hover { background: $control; }
QToolButton:pressed { background: $pressed; }
QToolButton:checked { background: $selection; color: $accent_text; }
QToolButton:focus { border-color: $accent_text; }
QToolButton:disabled { color: $disabled; background: transparent; }
QToolButton[popupMode="1"] { padding-right: $unit2; }
QToolButton::menu-indicator { image: none; }
QToolButton::menu-button { border: none; width: $unit2; }
QToolButton::menu-arrow { image: url($icons/chevron-down.svg); width: 12px; height: 12px; }
"""

_CHOICES = """
QCheckBox, QRadioButton {
    spacing: $unit; background: transparent; padding: 2px; border: 2px solid transparent; border-radius: $radius;
}
QCheckBox:focus, QRadioButton:focus { border-color: $accent_text; outline: none; }
QCheckBox::indicator, QRadioButton::indicator { width: 16px; height: 16px; border: 1px solid $edge; background: $field; }
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 9px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $text; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url($icons/check.svg); }
QCheckBox::indicator:indeterminate { background: $accent; border-color: $accent; image: url($icons/partial.svg); }
QRadioButton::indicator:checked { background: $accent; border-color: $accent; image: url($icons/dot.svg); }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: transparent; border-color: $line; }
QCheckBox::indicator:checked:disabled, QCheckBox::indicator:indeterminate:disabled,
QRadioButton::indicator:checked:disabled { background: $edge; border-color: $edge; }
QCheckBox[role="switch"]::indicator {
    width: 34px; height: 18px; border-radius: 10px; border: 1px solid $edge; background: $field; image: url($icons/switch-off.svg);
}
QCheckBox[role="switch"]::indicator:checked { background: $accent; border-color: $accent; image: url($icons/switch-on.svg); }
QCheckBox[role="switch"]::indicator:disabled { background: transparent; border-color: $line; }
QCheckBox[role="switch"]::indicator:checked:disabled { background: $track; border-color: $track; }
QSlider { min-height: 24px; background: transparent; border: 2px solid transparent; border-radius: $radius; }
QSlider:focus { border-color: $accent_text; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $track; margin: 0 2px; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent_mark; margin: 0 2px; }
QSlider::handle:horizontal {
    width: 14px; height: 14px; margin: -6px 0; border-radius: 8px; background: $handle; border: 1px solid $handle_edge;
}
QSlider::handle:horizontal:hover { background: $handle_hover; }
QSlider::groove:vertical { width: 4px; border-radius: 2px; background: $track; margin: 2px 0; }
QSlider::add-page:vertical { width: 4px; border-radius: 2px; background: $accent_mark; margin: 2px 0; }
QSlider::handle:vertical {
    width: 14px; height: 14px; margin: 0 -6px; border-radius: 8px; background: $handle; border: 1px solid $handle_edge;
}
QSlider::sub-page:horizontal:disabled, QSlider::add-page:vertical:disabled { background: $edge; }
QSlider::handle:disabled { background: $track; border-color: $edge; }
"""

_FIELDS = """
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QPlainTextEdit, QTextEdit {
    background: $field; color: $text; border: 1px solid $edge; border-radius: $radius; padding: 3px 9px; min-height: 22px;
    selection-background-color: $accent; selection-color: $on_accent; placeholder-text-color: $quiet;
}
QLineEdit:hover, QSpinBox:hover, QDoubleSpinBox:hover { border-color: $quiet; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus,
QComboBox:on { border: 2px solid $accent_text; padding: 2px $unit; }
QSpinBox, QDoubleSpinBox { qproperty-alignment: 'AlignRight | AlignVCenter'; }
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled, QPlainTextEdit:disabled, QTextEdit:disabled {
    background: transparent; color: $disabled; border-color: $line;
}
QLineEdit[role="invalid"], QLineEdit[role="invalid"]:focus { border: 2px solid $error; padding: 2px $unit; }
QComboBox { background: $control; border: 2px solid transparent; padding: 2px 28px 2px $unit; }
QComboBox:focus, QComboBox:on { padding: 2px 28px 2px $unit; }
QComboBox:hover { background: $raised; }
QComboBox:disabled { border: 2px solid $line; }
QComboBox::drop-down { subcontrol-position: center right; width: 24px; border: none; }
QComboBox::down-arrow { image: url($icons/chevron-down.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $card; border: 1px solid $edge; outline: none; padding: $half; }
QComboBox QAbstractItemView::item { min-height: 28px; padding: 0 $unit; border-radius: 4px; }
QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::down-button {
    subcontrol-origin: border; width: 20px; border: none; background: transparent;
}
QSpinBox::up-button, QDoubleSpinBox::up-button { subcontrol-position: top right; margin: 3px 3px 0 0; }
QSpinBox::down-button, QDoubleSpinBox::down-button { subcontrol-position: bottom right; margin: 0 3px 3px 0; }
QSpinBox::up-button:hover, QDoubleSpinBox::up-button:hover, QSpinBox::down-button:hover, QDoubleSpinBox::down-button:hover {
    background: $control; border-radius: 3px;
}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url($icons/chevron-up.svg); width: 10px; height: 10px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url($icons/chevron-down.svg); width: 10px; height: 10px; }
"""

_LISTS = """
QAbstractItemView {
    background: $panel; color: $text; border: none; outline: none;
    selection-background-color: $selection; selection-color: $text;
}
QListView#faces { background: $card; }
QListView::item { border: 2px solid transparent; border-radius: $radius; padding: $half; min-height: 20px; }
QListView::item:hover { background: $control; }
QListView::item:selected { background: $selection; color: $text; }
QListView::item:focus { border-color: $accent_text; }
QHeaderView::section { background: $panel; color: $quiet; border: none; border-bottom: 1px solid $line; padding: $half $unit; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $scroll; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $edge; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QAbstractScrollArea::corner { background: transparent; }
QMenuBar { background: $panel; color: $text; border: none; padding: 2px $half; }
QMenuBar::item { background: transparent; padding: $half $unit; border-radius: 4px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $control; }
QMenuBar::item:disabled { color: $disabled; }
QMenu { background: $card; color: $text; border: 1px solid $edge; padding: $half; }
QMenu::item { padding: 6px 32px 6px 28px; border-radius: 4px; background: transparent; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: $half $unit; }
QMenu::icon { left: $unit; }
QMenu::indicator { width: 14px; height: 14px; left: $unit; }
QMenu::indicator:checked { image: url($icons/check-$shade.svg); }
QMenu::right-arrow { image: url($icons/chevron-right.svg); width: 12px; right: $unit; }
QProgressBar {
    background: $track; border: none; border-radius: 2px; min-height: 4px; max-height: 4px; text-align: center; color: transparent;
}
QProgressBar::chunk { background: $accent_mark; border-radius: 2px; }
QProgressBar::chunk:disabled { background: $edge; }
"""

_PARTS = (_WINDOW, _WORDS, _BUTTONS, _CHOICES, _FIELDS, _LISTS)
