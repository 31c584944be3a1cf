"""Makes the pictures of docs/results: learning curves, and photos that may be shown, as a run's generators treat them.

    python docs/make_results.py NAME GENERATORS...     writes docs/results/NAME/{curves.png, pictures.jpg}

docs/results/NAME/log.jsonl is the run's log, committed; GENERATORS are colourisers and fading generators (.onnx beside its card).
The photos: scikit-image's astronaut, rocket, coffee and cat (public domain, CC0), scikit-learn's china and flower (CC BY,
Nikolay Vinokurov and Keven Law). Needs both packages; the app needs neither.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import skimage.data
import sklearn.datasets
from numpy.typing import NDArray
from PIL import Image

from engine.card import Card
from engine.color import lab_to_srgb, srgb_to_lab
from engine.generator import Generator
from engine.photo import Photo
from engine.progress import CancelToken
from engine.session import Device
from engine.steps.age import AGE, AgeSettings
from engine.steps.colorize import COLORIZE, ColorizeSettings
from engine.steps.step import Tools
from training import report

RESULTS = Path(__file__).resolve().parent / "results"
SIDE = 224


def main(name: str, files: list[str]) -> None:
    """Write both pictures of the run `name`."""
    folder = RESULTS / name
    report.curves([folder / "log.jsonl"], folder / "curves.png")
    cards = [Card.read(Path(file).with_suffix(".json")) for file in files]
    generators = [(card.kind, Generator.load(card, Device("cpu"))) for card in cards]
    rows = []
    for photo in photos():
        shown = [photo]
        if any(kind == "colorize" for kind, _ in generators):
            shown.append(greyed(photo))
        shown += [
            coloured(greyed(photo), made) if kind == "colorize" else aged(photo, made) for kind, made in generators
        ]
        rows.append(np.concatenate(shown, 1))
    half = -(-len(rows) // 2)
    columns = [np.concatenate(rows[start : start + half]) for start in (0, half)]
    Image.fromarray(np.concatenate(columns, 1)).save(folder / "pictures.jpg", quality=88)


def photos() -> list[NDArray[np.uint8]]:
    """Middle squares, (SIDE, SIDE, 3)."""
    free = [*sklearn.datasets.load_sample_images().images]
    free += [getattr(skimage.data, name)() for name in ("astronaut", "rocket", "coffee", "cat")]
    return [np.asarray(square(Image.fromarray(picture))) for picture in free]


def square(picture: Image.Image) -> Image.Image:
    edge = min(picture.size)
    left, top = (picture.width - edge) // 2, (picture.height - edge) // 2
    return picture.crop((left, top, left + edge, top + edge)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def greyed(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """CIE L* alone."""
    lab = srgb_to_lab(picture.astype(np.float32) / 255)
    lab[..., 1:] = 0
    return np.round(lab_to_srgb(lab) * 255).astype(np.uint8)


def coloured(grey: NDArray[np.uint8], generator: Generator) -> NDArray[np.uint8]:
    """As the app's step does it."""
    settings, photo = ColorizeSettings(), Photo(grey.copy())
    found = COLORIZE.analyse(photo, settings, Tools(generator=lambda _: generator))
    return COLORIZE.apply(photo, found, settings, CancelToken()).pixels


def aged(picture: NDArray[np.uint8], generator: Generator) -> NDArray[np.uint8]:
    """As the app's step does it."""
    settings, photo = AgeSettings(), Photo(picture.copy())
    found = AGE.analyse(photo, settings, Tools(generator=lambda _: generator))
    return AGE.apply(photo, found, settings, CancelToken()).pixels


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
