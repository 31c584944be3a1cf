"""The pictures of the window with a sample portrait that was made to look old; taken by make_screenshots.py."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from make_screenshots import Stage


def _worn_portrait(path: Path, *kinds: str, seed: int = 7, strength: float = 0.7) -> Path:
    """A sample portrait to which time did what `kinds` of ageing say, written to `path`."""
    import numpy as np
    import skimage.data
    from PIL import Image

    from training.ageing.judging import RECIPE
    from training.ageing.recipe import age

    fresh = np.asarray(Image.fromarray(skimage.data.astronaut()).convert("L").convert("RGB"), np.float32) / 255
    worn = age(fresh, np.random.default_rng(seed), RECIPE.only(*kinds), strength)
    Image.fromarray((worn.picture * 255).astype(np.uint8)).resize((1024, 1024)).save(path)
    return path


def damage(stage: Stage, photos: list[Path]) -> None:
    """The found damage of an aged portrait, the brush and its ring, the mended photo."""
    from engine import recipe

    kinds = ("fading", "scratches", "cracks", "dust", "flakes")
    stage.use("dark", 1280, 800)
    stage.open([_worn_portrait(photos[0].with_name("portrait-1901.png"), *kinds)])
    assembly = stage.assembly
    assembly.commands.use_recipe(recipe.load("restore"))
    for theme in ("dark", "light"):
        stage.use(theme, 1280, 800)
        stage.wait(stage.preview_is_there)
        stage.take(f"-mended-{theme}")
        assembly.actions["damage_mask"].trigger()
        stage.wait(lambda: True)
        stage.take(f"-mask-{theme}")
        assembly.actions["brush"].trigger()
        stage.wait(lambda: True)
        stage.take(f"-brush-{theme}")
        assembly.actions["brush"].trigger()
    stage.close()


def wide(stage: Stage, photos: list[Path]) -> None:
    """A space shuttle that was marked and is gone: drawn from the wall beside it; and the setting that says so."""
    import numpy as np

    from engine import recipe
    from engine.marks import Marks

    path = _worn_portrait(photos[0].with_name("portrait-1901.png"), "fading", strength=0.5)
    rows, columns = np.mgrid[:512, :512]
    marked = (np.abs(rows - 138) < 146) & (np.abs(columns - 418) < 70)
    Marks(marked.astype(np.uint8) * 255, np.zeros((512, 512), np.uint8)).write(path)
    stage.use("dark", 1280, 800)
    stage.open([path])
    assembly = stage.assembly
    assembly.commands.use_recipe(recipe.load("restore"))
    assembly.panel.card("repair").more.click()
    for theme in ("dark", "light"):
        stage.use(theme, 1280, 800)
        stage.wait(stage.preview_is_there)
        stage.take(f"-{theme}")
    stage.close()


def tone(stage: Stage, photos: list[Path]) -> None:
    """A faded, yellowed portrait made fresh, and the curve: as it was found, and drawn by hand."""
    from engine import recipe

    stage.use("dark", 1280, 800)
    stage.open([_worn_portrait(photos[0].with_name("portrait-1901.png"), "fading", "toning", seed=9, strength=1.0)])
    assembly = stage.assembly
    assembly.commands.use_recipe(recipe.load("refresh"))
    assembly.panel.card("tone").more.click()
    for theme in ("dark", "light"):
        stage.use(theme, 1280, 800)
        stage.wait(stage.preview_is_there)
        stage.take(f"-{theme}")
    assembly.queue.items[0].document.set_recipe(
        recipe.load("refresh").with_setting("tone.curve", "0:4 25:14 50:48 75:84 100:98")
    )
    stage.wait(stage.preview_is_there)
    stage.take("-own")
    stage.close()


def faces(stage: Stage, photos: list[Path]) -> None:
    """The faces of a photo, one of them with a wish of its own."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from engine import recipe

    stage.use("dark", 1280, 1240)
    stage.open([_worn_portrait(photos[0].with_name("portrait-1901.png"), "fading", "scratches", "dust")])
    assembly = stage.assembly
    assembly.commands.use_recipe(recipe.load("restore"))
    document = assembly.queue.items[0].document
    stage.wait(lambda: document.faces)
    for theme in ("dark", "light"):
        stage.use(theme, 1280, 1240)
        stage.wait(stage.preview_is_there)
        assembly.faces_card.faces.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(assembly.faces_card.faces, Qt.Key.Key_3)
        stage.wait(stage.preview_is_there)
        stage.take(f"-{theme}")
    stage.close()


def enlarge(stage: Stage, photos: list[Path]) -> None:
    """A small, grainy portrait made twice as large."""
    from PIL import Image

    from engine import recipe

    path = _worn_portrait(photos[0].with_name("portrait-1901.png"), "grain", "jpeg", strength=0.4)
    with Image.open(path) as large:
        large.crop((250, 0, 740, 420)).resize((245, 210)).save(path)
    stage.use("dark", 1280, 800)
    stage.open([path])
    stage.assembly.commands.use_recipe(recipe.load("enlarge"))
    for theme in ("dark", "light"):
        stage.use(theme, 1280, 800)
        stage.wait(lambda: stage.shown is not None and stage.shown.width() == 490)
        stage.take(f"-{theme}")
    stage.close()
