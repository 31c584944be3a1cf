"""What lies over the comparison and takes no clicks: follows its size, has a switch, and a legend in the photo's corner."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Slot
from PySide6.QtWidgets import QWidget

from desktop_app.compare.view import CompareView
from desktop_app.legend import Legend
from desktop_app.theme.tokens import UNIT


class ViewOverlay(QWidget):
    """Base of the tints over a CompareView, under its words “Before” and “After”.

    legend: a child of the view. legend_at: the lower corner of the seen part of the photo where it stands, AlignLeft or AlignRight.
    """

    def __init__(self, view: CompareView, name: str, legend: Legend, legend_at: Qt.AlignmentFlag) -> None:
        super().__init__(view)
        self._view = view
        self._is_on = False
        self._legend_at = legend_at
        self.legend = legend
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(name)
        self.setGeometry(view.rect())
        self.stackUnder(view.labels)
        view.installEventFilter(self)
        view.view_changed.connect(self._place)
        view.divider_moved.connect(self._place)
        view.original_shown.connect(self._place)
        self.hide()

    @property
    def is_on(self) -> bool:
        """Switched on; there may still be nothing to show."""
        return self._is_on

    @Slot(bool)
    def switch(self, on: bool) -> None:
        """Show it or take it away."""
        self._is_on = on
        self._place()

    @property
    def _has_something(self) -> bool:
        """There is something to show."""
        raise NotImplementedError

    @property
    def _is_wanted(self) -> bool:
        """It is to be seen, if there is something to show."""
        return self._is_on

    @property
    def _photo(self) -> QRectF:
        """Where the photo lies in the view, logical pixels; parts of it may be outside."""
        viewport = self._view.viewport
        return QRectF(viewport.left, viewport.top, viewport.shown_width, viewport.shown_height)

    @Slot()
    def _place(self) -> None:
        """Show or hide both, and put the legend where the photo is now."""
        seen = self._has_something and not self._view.is_original_alone
        self.setVisible(seen and self._is_wanted)
        self.legend.setVisible(seen and self._is_on)
        if seen:
            self._place_legend()
            self.update()

    def _place_legend(self) -> None:
        left, top, right, bottom = self._view.viewport.visible
        self.legend.adjustSize()
        x = left + UNIT
        if self._legend_at == Qt.AlignmentFlag.AlignRight:
            x = max(x, min(right, self.width()) - self.legend.width() - UNIT)
        y = min(bottom, self.height()) - self.legend.height() - UNIT
        self.legend.move(round(x), round(max(top + UNIT, y)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._view.rect())
            self._place()
        return False
