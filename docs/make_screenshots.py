"""Makes pictures of the window: python docs/make_screenshots.py [--out FOLDER] [--only NAME]... [--photos FOLDER] [--models FOLDER]

Without a screen it draws into memory. The photos are scikit-image's samples (public domain or CC0), made grey, so that the pictures
can be published. 150 % and 200 %: run it with QT_SCALE_FACTOR=1.5 and 2.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

from worn_shots import damage, enlarge, faces, tone, wide  # noqa: E402

SAMPLES = ("astronaut", "coffee", "chelsea", "rocket")
_WAIT_S = 120.0


def main() -> int:
    words = _words()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    words.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, shot in SHOTS.items():
            if not words.only or name in words.only:
                own = Path(folder) / name
                own.mkdir()
                shot(Stage(name, own, words), _photos(words.photos, own))
    return 0


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "screenshots")
    parser.add_argument("--only", action="append", help="make only this one (may be repeated)")
    parser.add_argument("--photos", type=Path, help="a folder of other photos")
    parser.add_argument("--models", type=Path, action="append", help="another folder of generators")
    return parser.parse_args()


def _photos(folder: Path | None, into: Path) -> list[Path]:
    """Copies of the photos, so that side-cars and results do not lie beside the originals; twenty in all."""
    import shutil

    import skimage.data
    from PIL import Image

    made: list[Path] = []
    if folder is not None:
        for path in sorted(folder.glob("*.jpg"))[:20]:
            made.append(Path(shutil.copy(path, into / path.name)))
        return made
    for number in range(20):
        name = SAMPLES[number % len(SAMPLES)]
        grey = Image.fromarray(getattr(skimage.data, name)()).convert("L")
        path = into / f"{name}-{1901 + number}.jpg"
        grey.save(path, quality=95)
        made.append(path)
    return made


class Stage:
    """One window, driven as a hand would."""

    def __init__(self, name: str, folder: Path, words: argparse.Namespace) -> None:
        from PySide6.QtWidgets import QApplication

        from desktop_app.assembly import Assembly, options_of

        self.name = name
        self.out: Path = words.out
        existing = QApplication.instance()
        self.app = existing if isinstance(existing, QApplication) else QApplication([])
        self.assembly = Assembly(self.app, folder / "settings.ini", options_of(words.models, None))
        self.shown: QImage | None = None
        self.assembly.closeup.after_shown.connect(self._after_shown)
        self.assembly.show()

    def _after_shown(self, image: QImage | None) -> None:
        self.shown = image

    def use(self, theme: str, width: int, height: int) -> None:
        from desktop_app.settings import THEME

        self.assembly.settings.remember(THEME, theme)
        self.assembly.window.resize(width, height)

    def wait(self, condition: Callable[[], object]) -> None:
        """Let the window work until `condition`; then a moment more, so that everything is painted."""
        deadline = time.monotonic() + _WAIT_S
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(self.name)
            self.app.processEvents()
            time.sleep(0.01)
        for _ in range(40):
            self.app.processEvents()
            time.sleep(0.01)

    def open(self, photos: list[Path]) -> None:
        self.assembly.warm_up()
        self.assembly.open(photos)
        self.wait(self.preview_is_there)

    def preview_is_there(self) -> bool:
        from desktop_app.document import slow_part

        current = self.assembly.queue.current
        if current is None or current.document.analyses is None:
            return False
        return current.document.analyses.slow_part == slow_part(current.document.state) and self.has_settled()

    def has_settled(self) -> bool:
        """The picture at the right of the line is the whole preview, not a draft."""
        shown, preview = (
            self.shown,
            self.assembly.queue.current.document.preview if self.assembly.queue.current else None,
        )
        return shown is not None and preview is not None and shown.width() == preview.width

    def thumbnails_are_there(self) -> bool:
        return all(item.thumbnail is not None for item in self.assembly.queue.items[:6])

    def take(self, suffix: str = "") -> None:
        """Save the window and what floats above it as a picture."""
        from PySide6.QtGui import QPainter

        scale = os.environ.get("QT_SCALE_FACTOR", "")
        name = f"{self.name}{suffix}{'@' + scale if scale else ''}.png"
        window = self.assembly.window
        picture = window.grab()
        painter = QPainter(picture)
        for floating in self.app.topLevelWidgets():
            if floating is not window and floating.isVisible():
                painter.drawPixmap(window.mapFromGlobal(floating.pos()), floating.grab())
        painter.end()
        picture.save(str(self.out / name))
        print(self.out / name)

    def close(self) -> None:
        self.assembly.close()
        self.assembly.window.hide()
        self.assembly.window.deleteLater()
        self.assembly.deleteLater()
        self.app.processEvents()


def empty(stage: Stage, photos: list[Path]) -> None:
    for theme in ("dark", "light"):
        stage.use(theme, 1280, 800)
        stage.wait(lambda: True)
        stage.take(f"-{theme}")
    stage.close()


def one(stage: Stage, photos: list[Path]) -> None:
    stage.use("dark", 1280, 800)
    stage.open(photos[:1])
    stage.wait(stage.thumbnails_are_there)
    for theme in ("dark", "light"):
        stage.use(theme, 1280, 800)
        stage.wait(stage.preview_is_there)
        stage.take(f"-{theme}")
    stage.close()


def twenty(stage: Stage, photos: list[Path]) -> None:
    stage.use("dark", 1280, 800)
    stage.open(photos)
    stage.wait(stage.thumbnails_are_there)
    stage.assembly.restoring.start(stage.assembly.queue.outstanding)
    stage.wait(lambda: stage.assembly.restoring.ended >= 3)
    for theme in ("dark", "light"):
        stage.use(theme, 1280, 800)
        stage.wait(lambda: True)
        stage.take(f"-{theme}")
    stage.close()


def hints(stage: Stage, photos: list[Path]) -> None:
    from PySide6.QtCore import QPointF

    from engine.hints import Hint

    stage.use("dark", 1280, 800)
    stage.open(photos[:1])
    stage.assembly.actions["hint_tool"].trigger()
    document = stage.assembly.queue.items[0].document
    document.add_hint(Hint(0.7, 0.8, "#2f6fb0"))
    document.add_hint(Hint(0.3, 0.6, "#a83232"))
    stage.wait(stage.preview_is_there)
    stage.take()
    stage.assembly.overlay.add_at(QPointF(0.55, 0.4))
    stage.wait(lambda: True)
    stage.take("-picker")
    stage.assembly.overlay.picker.grab().save(str(stage.out / "picker.png"))
    stage.close()


def failed(stage: Stage, photos: list[Path]) -> None:
    bad = photos[0].with_name("water-damage-1912.jpg")
    bad.write_bytes(b"this is no photo")
    stage.use("dark", 1280, 800)
    stage.open(photos[1:3])
    stage.assembly.open([bad])
    stage.assembly.queue.set_current(stage.assembly.queue.find(bad))
    stage.wait(lambda: stage.assembly.banner.isVisible())
    stage.take()
    stage.close()


def small(stage: Stage, photos: list[Path]) -> None:
    stage.use("dark", 1024, 700)
    stage.open(photos)
    stage.assembly.panel.card("tone").switch.setChecked(True)
    stage.assembly.panel.card("colorize").more.click()
    stage.wait(stage.thumbnails_are_there)
    stage.take()
    stage.close()


def large(stage: Stage, photos: list[Path]) -> None:
    stage.use("light", 2560, 1440)
    stage.open(photos)
    stage.wait(stage.thumbnails_are_there)
    stage.take()
    stage.close()


def pages(stage: Stage, photos: list[Path]) -> None:
    stage.use("dark", 1280, 800)
    for name in ("shortcuts", "about"):
        stage.assembly.commands.page_wanted.emit(name)
        stage.wait(lambda: True)
        stage.assembly._pages[name].grab().save(str(stage.out / f"{name}.png"))
    stage.close()


def guesses(stage: Stage, photos: list[Path]) -> None:
    """The guess map, a suggested place with its picker, the contact sheet of other colourings."""
    stage.use("dark", 1280, 800)
    stage.open(photos[:1])
    assembly = stage.assembly
    for theme in ("dark", "light"):
        stage.use(theme, 1280, 800)
        stage.wait(stage.preview_is_there)
        assembly.actions["guess_map"].trigger()
        stage.wait(lambda: True)
        stage.take(f"-map-{theme}")
        assembly.actions["guess_map"].trigger()
        assembly.actions["suggest_place"].trigger()
        stage.wait(assembly.overlay.picker.isVisible)
        stage.take(f"-place-{theme}")
        assembly.overlay.picker.reject()
        assembly.actions["other_colourings"].trigger()
        stage.wait(lambda: assembly.colourings.sheet and assembly.colourings.sheet.tiles)
        stage.wait(lambda: all(tile.has_picture for tile in assembly.colourings.sheet.tiles))
        stage.take(f"-sheet-{theme}")
        assembly.colourings.sheet.reject()
    stage.close()


SHOTS: dict[str, Callable[[Stage, list[Path]], None]] = {
    "empty": empty,
    "one": one,
    "twenty": twenty,
    "hints": hints,
    "guesses": guesses,
    "damage": damage,
    "wide": wide,
    "tone": tone,
    "faces": faces,
    "enlarge": enlarge,
    "failed": failed,
    "small": small,
    "large": large,
    "pages": pages,
}

if __name__ == "__main__":
    raise SystemExit(main())
