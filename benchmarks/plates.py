"""Colour photographs out of three-colour plates: python -m benchmarks.plates FOLDER PLATE|FOLDER...

A plate (Prokudin-Gorskii, 1902 to 1915) holds three exposures of one view through a blue, a green and a red filter, from top to
bottom. They are laid over each other by phase correlation, the edges where not all three are there are cut away, and each channel
is drawn out between its 1st and 99th percentile, as a printer would. What comes of it, FOLDER/NAME.png, is a colour photograph of
that time whose colours are known:

    autochrome-train evaluate CARD.json FOLDER --table
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.phase_correlation import shift_between

Plane = NDArray[np.float32]

BORDER = 0.04
"""Of each exposure, at every side: the plate's own edge."""
ROUNDS = 3
"""A correlation falls a little short of the shift, so the moved exposure is asked again."""
REACH = 0.08
"""Of the exposure's width: no plate is shifted further."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("into", type=Path)
    parser.add_argument("plates", type=Path, nargs="+")
    words = parser.parse_args()
    words.into.mkdir(parents=True, exist_ok=True)
    for path in (file for given in words.plates for file in (sorted(given.iterdir()) if given.is_dir() else [given])):
        with Image.open(path) as opened:
            plate = np.asarray(opened.convert("L"), np.float32) / 255
        photo, shifts = colour_of(plate)
        Image.fromarray(np.rint(photo * 255).astype(np.uint8)).save(words.into / f"{path.stem}.png")
        told = ", ".join(f"{name} {x:+.1f} {y:+.1f}" for name, (x, y) in shifts.items())
        print(f"{path.name}: {photo.shape[1]} x {photo.shape[0]}, {told}")
    return 0


def colour_of(plate: Plane) -> tuple[Plane, dict[str, tuple[float, float]]]:
    """A plate (h, w), 0..1 -> the photograph (h', w', 3), 0..1, and by how many pixels blue and red were moved onto green."""
    third = len(plate) // 3
    cut_y, cut_x = round(BORDER * third), round(BORDER * plate.shape[1])
    exposures = [plate[top + cut_y : top + third - cut_y, cut_x:-cut_x] for top in (0, third, 2 * third)]
    blue, green, red = exposures
    shifts = {"blue": _shift(green, blue), "red": _shift(green, red)}
    edge = int(np.ceil(max(abs(part) for shift in shifts.values() for part in shift))) + 1
    channels = [_moved(red, *shifts["red"]), green, _moved(blue, *shifts["blue"])]
    photo = np.stack([_drawn_out(channel[edge:-edge, edge:-edge]) for channel in channels], -1)
    return photo, shifts


def _shift(still: Plane, other: Plane) -> tuple[float, float]:
    """(x, y): where `other` shows what `still` shows in its middle."""
    x = y = 0.0
    for _ in range(ROUNDS):
        found = shift_between(still, _moved(other, x, y), REACH * still.shape[1])
        x, y = x + found.x, y + found.y
    return x, y


def _moved(plane: Plane, x: float, y: float) -> Plane:
    """plane(place + (x, y)) at every place, to fractions of a pixel."""
    size = (plane.shape[1], plane.shape[0])
    moved = Image.fromarray(plane).transform(size, Image.Transform.AFFINE, (1, 0, x, 0, 1, y), Image.Resampling.BICUBIC)
    return np.asarray(moved, np.float32)


def _drawn_out(channel: Plane) -> Plane:
    low, high = np.percentile(channel, (1, 99))
    drawn: Plane = ((channel - low) / max(high - low, 1e-6)).clip(0, 1).astype(np.float32)
    return drawn


if __name__ == "__main__":
    raise SystemExit(main())
