"""The commands of the table as QActions, and the table as menus and tool bars read it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from desktop_app.action_spec import ActionSpec, Situation
from desktop_app.action_table import ACTIONS
from desktop_app.theme import Theme, icon


class Actions(QObject):
    """The QActions of the table. `triggered` of each goes to the method of the same name of whoever is given to `connect_to`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._actions: dict[str, QAction] = {}
        groups: dict[str, QActionGroup] = {}
        for spec in ACTIONS:
            action = QAction(spec.text, self)
            action.setObjectName(spec.id)
            action.setShortcuts([QKeySequence(key) for key in spec.keys])
            action.setToolTip(tool_tip(spec))
            action.setStatusTip(spec.tip)
            action.setCheckable(spec.checkable)
            if spec.local:
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            if spec.group:
                group = groups.setdefault(spec.group, QActionGroup(self))
                group.addAction(action)
                if spec.may_be_none:
                    group.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
            self._actions[spec.id] = action

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def connect_to(self, commands: QObject) -> None:
        """Raises AttributeError if a command has no method."""
        for action_id, action in self._actions.items():
            action.triggered.connect(getattr(commands, action_id))

    def update(self, now: Situation) -> None:
        for spec in ACTIONS:
            why_not = getattr(now, spec.why_not) if spec.why_not else ""
            self._actions[spec.id].setEnabled(spec.when(now) and not why_not)
            self._actions[spec.id].setToolTip(why_not or tool_tip(spec))

    def show_icons(self, theme: Theme) -> None:
        """The drawings in the colours of `theme`."""
        for spec in ACTIONS:
            if spec.icon:
                self._actions[spec.id].setIcon(icon(spec.icon, theme))


def plain_text(spec: ActionSpec) -> str:
    """The text without the mark of its access key and without dots."""
    return spec.text.replace("&", "").rstrip("…")


def tool_tip(spec: ActionSpec) -> str:
    keys = QKeySequence(spec.keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if spec.keys else ""
    return f"{spec.tip} ({keys})" if keys else spec.tip


def menus() -> dict[str, list[ActionSpec]]:
    """Menu title -> its actions, in the table's order."""
    found: dict[str, list[ActionSpec]] = {}
    for spec in ACTIONS:
        if spec.menu:
            found.setdefault(spec.menu, []).append(spec)
    return found
