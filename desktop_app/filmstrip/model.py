"""The queue as Qt's list views want it: one row a photo."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot

from desktop_app import messages
from desktop_app.queue import PhotoQueue, QueueItem, State

Index = QModelIndex | QPersistentModelIndex
ITEM = Qt.ItemDataRole.UserRole


class FilmstripModel(QAbstractListModel):
    """Reads the queue; changes nothing."""

    def __init__(self, queue: PhotoQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        queue.about_to_add.connect(self._about_to_add)
        queue.added.connect(self._added)
        queue.about_to_remove.connect(self._about_to_remove)
        queue.removed.connect(self._removed)
        queue.item_changed.connect(self._item_changed)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._queue.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        item = self._queue.items[index.row()]
        if role == ITEM:
            return item
        if role == Qt.ItemDataRole.DisplayRole:
            return item.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{item.name}, {item.words}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(item)
        return None

    def index_of(self, item: QueueItem) -> QModelIndex:
        return self.index(self._queue.index(item))

    @Slot(object)
    def _about_to_add(self, count: int) -> None:
        rows = len(self._queue.items)
        self.beginInsertRows(QModelIndex(), rows, rows + count - 1)

    @Slot(object)
    def _added(self, items: list[QueueItem]) -> None:
        self.endInsertRows()

    @Slot(object)
    def _about_to_remove(self, item: QueueItem) -> None:
        row = self._queue.index(item)
        self.beginRemoveRows(QModelIndex(), row, row)

    @Slot(object)
    def _removed(self, item: QueueItem) -> None:
        self.endRemoveRows()

    @Slot(object)
    def _item_changed(self, item: QueueItem) -> None:
        index = self.index_of(item)
        self.dataChanged.emit(index, index)


def tool_tip(item: QueueItem) -> str:
    """Everything about a photo that its small picture has no room for."""
    lines = [str(item.path), item.words]
    if item.error is not None and item.state is State.FAILED:
        lines += [item.error.sentence, item.error.next_step]
    if item.output is not None:
        lines.append(f"Result: {item.output}")
    return "\n".join(line for line in [*lines, *map(messages.note, item.notes)] if line)
