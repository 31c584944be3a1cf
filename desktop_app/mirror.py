"""Keeps a button true to an action of the table, which it triggers."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton


class ActionMirror(QObject):
    """Text, tool tip, name, state: all the action's. Lives as long as its button."""

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
