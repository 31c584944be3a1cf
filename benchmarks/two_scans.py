"""What two scans of a print give, one turned by half a turn, against the known truth: python -m benchmarks.two_scans [--size 1200]

Prints are skimage's sample photographs (or --photos FOLDER) with a relief laid on (training/ageing/relief.py). Told are how far the
registration is off its truth, how much nearer the mean of both scans is to the picture than one scan (peak signal-to-noise ratio
of all, of sound places, of creases and scratches), how much of the visible damage is marked (recall), how much of what is marked
is a crease or scratch, be it a fourth as visible (precision), both within 2 pixels, and the share of the first scan's dust that
is gone.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from engine.morphology import grown
from engine.photo import Photo
from engine.registration import Registration, register
from engine.two_scans import combined
from training.ageing.noise import Array
from training.ageing.relief import VISIBLE, Scan, damage_of, relief_of, scanned

TOLERANCE_PX = 2
SAMPLES = ("astronaut", "coffee", "cat", "rocket")


@dataclass(frozen=True)
class Case:
    """scan: how the second scan was made, words of `relief.scanned`; relief: the print, words of `relief.relief_of`."""

    title: str
    scan: dict[str, Any] = field(default_factory=dict)
    relief: dict[str, Any] = field(default_factory=dict)
    depth: type[np.uint8] | type[np.uint16] = np.uint8


CASES = (
    Case("half a turn", {"turn_deg": 180.0}),
    Case("as hands do it", {"turn_deg": 181.3, "shift_px": (9.3, -5.6), "gamma": 1.1, "gain": 0.94, "margin_px": 30}),
    Case("uneven carriage", {"turn_deg": 179.6, "wobble_px": 1.5, "perspective": 0.004}),
    Case("other resolution", {"turn_deg": 180.4, "scale": 0.67}),
    Case("finer", {"turn_deg": 180.4, "scale": 1.5}),
    Case("smooth paper", {"turn_deg": 180.4}, {"texture": 0.0}),
    Case("silk paper", {"turn_deg": 180.4}, {"texture": 0.08, "regular": True}),
    Case("16 bits", {"turn_deg": 180.4}, depth=np.uint16),
    Case("not turned", {"turn_deg": 0.6}),
)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1200, help="pixels of the long side")
    parser.add_argument("--photos", type=Path, help="folder of photographs instead of the samples")
    parser.add_argument("--limit", type=int, default=4, help="photographs a case")
    parser.add_argument(
        "--pictures", type=Path, help="folder for a sheet of each: one scan, the mean, the mask, the truth"
    )
    words = parser.parse_args(arguments)
    print(
        "case                 off px  worst   one scan  mean  | sound: one  mean | worn: one  mean | recall precision  dust | s"
    )
    for case in CASES:
        rows = []
        for name, picture in _pictures(words.photos, words.size, words.limit):
            row, sheet = _measured(case, picture)
            rows.append(row)
            if words.pictures is not None:
                words.pictures.mkdir(parents=True, exist_ok=True)
                sheet.save(words.pictures / f"{case.title.replace(' ', '-')}-{name}.png")
        m = np.nanmean(rows, 0)
        print(
            f"{case.title:20} {m[0]:6.3f} {m[1]:6.3f}   {m[2]:7.2f} {m[3]:6.2f}  | {m[4]:9.2f} {m[5]:6.2f}"
            f" | {m[6]:8.2f} {m[7]:6.2f} | {m[8]:6.3f} {m[9]:8.3f}  {m[10]:5.3f} | {m[11]:.1f}",
            flush=True,
        )
    return 0


def _measured(case: Case, picture: Array) -> tuple[list[float], Image.Image]:
    rng = np.random.default_rng(1)
    relief = relief_of(rng, *picture.shape[:2], **{"texture": 0.04, "pitch_px": 7.0, **case.relief})
    scans = [scanned(picture, relief, rng, dust=25), scanned(picture, relief, rng, dust=25, **case.scan)]
    first, second = (_photo(scan.picture, case.depth) for scan in scans)
    begun = time.process_time()
    fit = register(first, second)
    both = combined(first, second, fit)
    seconds = time.process_time() - begun
    off = registration_errors(fit, scans[1], *picture.shape[:2])
    mean = both.photo.pixels / np.float32(both.photo.maximum)
    lights = (scans[0].light_deg, scans[1].light_deg)
    worn, faint = (damage_of(picture, relief, lights, visible) for visible in (VISIBLE, VISIBLE / 4))
    dust = scans[0].dust > 0.3
    sound, marked = ~grown(worn | (scans[0].dust > 0), 2), both.marks.damaged > 0
    one = scans[0].picture
    figures = [float(np.median(off)), float(off.max())]
    for part in (np.ones_like(worn), sound, worn):
        figures += [_decibels(one[part], picture[part]), _decibels(mean[part], picture[part])]
    gone = np.abs(mean - picture).mean(2)[dust] < 0.3 * np.abs(one - picture).mean(2)[dust]
    figures += [
        float(grown(marked, TOLERANCE_PX)[worn].mean()) if worn.any() else np.nan,
        float(grown(faint, TOLERANCE_PX)[marked].mean()) if marked.any() else np.nan,
        float(gone.mean()) if dust.any() else np.nan,
        seconds,
    ]
    mask = np.stack([marked, worn, marked & worn], -1).astype(np.float32)
    sheet = np.concatenate([one, mean, mask, picture], 1)
    return figures, Image.fromarray(np.round(sheet * 255).astype(np.uint8))


def registration_errors(fit: Registration, scan: Scan, height: int, width: int) -> Array:
    """How far places all over the second scan were laid from where they belong on the print, pixels of the first scan."""
    tall, wide = scan.picture.shape[:2]
    x, y = (part.ravel() for part in np.meshgrid(np.linspace(0, wide - 1, 40), np.linspace(0, tall - 1, 30)))
    on_x, on_y = scan.places(x, y)
    inside = (on_x >= 0) & (on_x <= width - 1) & (on_y >= 0) & (on_y <= height - 1)
    laid = fit.at(np.stack([on_x, on_y], -1)[inside])
    return np.hypot(laid[:, 0] - x[inside], laid[:, 1] - y[inside]) / fit.scale


def _decibels(picture: Array, truth: Array) -> float:
    return float(-10 * np.log10(np.mean((picture - truth) ** 2))) if truth.size else np.nan


def _photo(picture: Array, depth: type[np.uint8] | type[np.uint16]) -> Photo:
    return Photo(np.round(picture * np.iinfo(depth).max).astype(depth))


def _pictures(folder: Path | None, size: int, limit: int) -> Iterator[tuple[str, Array]]:
    """Photographs (H, W, 3), their blacks and whites as a print's."""
    import skimage.data

    if folder is not None:
        files = sorted(file for file in folder.iterdir() if file.suffix.lower() in (".jpg", ".png", ".webp"))
        found = ((file.stem, Image.open(file)) for file in files[:limit])
    else:
        found = ((name, Image.fromarray(getattr(skimage.data, name)())) for name in SAMPLES[:limit])
    for name, opened in found:
        scale = size / max(opened.size)
        sides = round(opened.width * scale), round(opened.height * scale)
        picture = opened.convert("RGB").resize(sides, Image.Resampling.LANCZOS)
        yield name, np.asarray(picture, np.float32) * np.float32(0.86 / 255) + np.float32(0.06)


if __name__ == "__main__":
    sys.exit(main())
