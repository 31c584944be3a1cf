"""The list of photos: which one is looked at, which are selected, which are on the screen."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from desktop_app.filmstrip.delegate import FilmstripDelegate
from desktop_app.filmstrip.model import ITEM, FilmstripModel, Index
from desktop_app.queue import PhotoQueue, QueueItem


class Filmstrip(QListView):
    """Shows the queue; the photo under its cursor is the one that is looked at."""

    looked_at = Signal(object)
    """Payload: the item under the cursor now."""
    selection_changed = Signal(object)
    """Payload: list of the selected items, in the queue's order."""
    seen = Signal(object)
    """Payload: an item that is on the screen and has no thumbnail."""

    def __init__(self, queue: PhotoQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filmstrip")
        self.setAccessibleName("Photos")
        self.setAccessibleDescription("The photos in the window and their state.")
        self._model = FilmstripModel(queue, self)
        self.setModel(self._model)
        self.setItemDelegate(FilmstripDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._look = QTimer(self, singleShot=True, interval=0)
        self._look.timeout.connect(self._tell_seen)
        self.verticalScrollBar().valueChanged.connect(self._look_soon)
        self._model.rowsInserted.connect(self._look_soon)
        self._model.rowsRemoved.connect(self._look_soon)
        queue.current_changed.connect(self._show_current)

    @property
    def selected_items(self) -> list[QueueItem]:
        rows = sorted(self.selectionModel().selectedIndexes(), key=QModelIndex.row)
        return [index.data(ITEM) for index in rows]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._look.start()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid():
            self.looked_at.emit(current.data(ITEM))

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.selection_changed.emit(self.selected_items)

    @Slot(object)
    def _show_current(self, item: QueueItem | None) -> None:
        if item is None:
            return
        index = self._model.index_of(item)
        if index.row() != self.currentIndex().row():
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    @Slot()
    def _look_soon(self) -> None:
        # Not the timer's own `start` as slot: it would take a scroll bar's value for milliseconds.
        self._look.start()

    @Slot()
    def _tell_seen(self) -> None:
        """Every item between the top and the bottom of the view."""
        area = self.viewport().rect()
        first = self.indexAt(area.topLeft())
        if not self.isVisible() or not first.isValid():
            return
        last = self.indexAt(area.bottomLeft())
        end = last.row() if last.isValid() else self._model.rowCount() - 1
        for row in range(first.row(), end + 1):
            item = self._model.index(row).data(ITEM)
            if item.thumbnail is None:
                self.seen.emit(item)
