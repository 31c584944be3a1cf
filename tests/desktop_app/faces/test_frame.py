"""The frame stays round its face while the photo is moved and zoomed, and lets clicks through."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage

from desktop_app.compare import CompareView
from desktop_app.faces.frame import FaceFrame

PLACE = QRectF(0.25, 0.25, 0.25, 0.5)


@pytest.fixture
def view(qtbot) -> Iterator[CompareView]:
    shown = CompareView()
    qtbot.addWidget(shown)
    shown.resize(900, 600)
    image = QImage(600, 400, QImage.Format.Format_RGB32)
    image.fill(QColor(0, 0, 90))
    for put in (shown.set_before, shown.set_after):
        put(image)
    shown.show()
    yield shown
    shown.close_pictures()


def surrounds(view: CompareView, frame: FaceFrame) -> bool:
    """The frame holds the whole face and not half as much more."""
    corners = [view.photo_to_widget(corner).toPoint() for corner in (PLACE.topLeft(), PLACE.bottomRight())]
    inner = QRectF(QPointF(corners[0]), QPointF(corners[1]))
    around = QRectF(frame.geometry())
    return around.contains(inner) and around.width() < inner.width() * 1.5 and around.height() < inner.height() * 1.5


def test_it_surrounds_its_face_wherever_the_photo_goes(view):
    frame = FaceFrame(view)
    frame.show_around(PLACE, "Face 1")
    assert frame.isVisible() and surrounds(view, frame)
    view.zoom_to(250.0, QPointF(300, 200))
    assert surrounds(view, frame)
    view.move_to(view.viewport.panned(40, -30))
    assert surrounds(view, frame)
    view.resize(700, 500)
    assert surrounds(view, frame)


def test_it_is_a_light_line_and_nothing_inside(view):
    frame = FaceFrame(view)
    frame.show_around(PLACE, "Face 1")
    image = view.grab().toImage()
    middle = frame.geometry().center()
    assert image.pixelColor(middle.x(), middle.y() - 30).blue() == 90
    line = [image.pixelColor(middle.x(), y).lightness() for y in range(frame.y(), frame.y() + 8)]
    assert max(line) > 240
    assert frame.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
