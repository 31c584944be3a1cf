"""The card in the panel where hints and guesses are: two switches and two buttons that stand for actions of the table."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.actions import Actions
from desktop_app.document import DocumentState
from desktop_app.guesses.names import colouring_name
from desktop_app.recipe_panel.rows import EDGE_PX
from desktop_app.theme import set_role

SWITCHES = ("hint_tool", "guess_map")
BUTTONS = ("suggest_place", "other_colourings")


class GuessCard(QFrame):
    """Shown while a step that follows hints is on."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 12, 12, 12)
        rows.setSpacing(8)
        self.controls: dict[str, QAbstractButton] = {}
        for name in SWITCHES:
            switch = QCheckBox(self)
            set_role(switch, "switch")
            self._add(name, switch, actions[name])
        rows.addSpacing(4)
        for name in BUTTONS:
            self._add(name, QPushButton(self), actions[name])
        self._in_use = QLabel(self)
        set_role(self._in_use, "small")
        self._in_use.setContentsMargins(EDGE_PX, 0, EDGE_PX, 0)
        rows.addWidget(self._in_use)
        self.show_state(None)

    def _add(self, name: str, control: QAbstractButton, action: QAction) -> None:
        layout = self.layout()
        assert layout is not None
        layout.addWidget(control)
        self.controls[name] = control
        _Mirror(control, action)

    def show_state(self, state: DocumentState | None) -> None:
        """For a photo's recipe; without a step that colours there is nothing to hint at."""
        number = next((e.settings.candidate for e in state.recipe.enabled if e.step == "colorize"), -1) if state else -1
        self.setVisible(number >= 0)
        self._in_use.setVisible(number > 0)
        self._in_use.setText(f"In use: {colouring_name(max(0, number))}")


class _Mirror(QObject):
    """Keeps a button true to an action, which it triggers."""

    def __init__(self, control: QAbstractButton, action: QAction) -> None:
        super().__init__(control)
        self._control, self._action = control, action
        control.setCheckable(action.isCheckable())
        control.clicked.connect(self._trigger)
        action.changed.connect(self._follow)
        self._follow()

    @Slot()
    def _trigger(self) -> None:
        self._action.trigger()
        self._follow()

    @Slot()
    def _follow(self) -> None:
        control, action = self._control, self._action
        words = action.text().replace("&", "")
        control.setText(words)
        control.setAccessibleName(words.rstrip("…"))
        control.setToolTip(action.toolTip())
        control.setAccessibleDescription(action.toolTip())
        control.setEnabled(action.isEnabled())
        control.setChecked(action.isChecked())
