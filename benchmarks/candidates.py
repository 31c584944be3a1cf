"""How far the colourings lie apart that a photo is offered, where its colours are open and where they are known.

    python -m benchmarks.candidates PHOTOS... [--model colorize=NAME] [--most 4] [--limit 60]

Of each photo, taken for grey, the likeliest colouring and those that differ most from it and from each other are asked for,
however near they are. Told is CIEDE2000 of the nearest two of them: in the mean over the fifth of the pixels in which two differ
most (engine/candidates.py), which is where clothes and walls are, and in the mean over the pixels whose colour is known
(engine/ambiguity.py: sky, skin, grass), where they should agree.
"""

from __future__ import annotations

import argparse
from itertools import combinations
from pathlib import Path

import numpy as np

from engine.candidates import candidates, compared, difference
from engine.ciede2000 import colour_difference
from engine.codecs import read_preview
from engine.commands.restore import generators_chosen
from engine.library import ModelLibrary
from engine.loader import Loader
from engine.session import Device
from engine.steps.colorize import COLORIZE, ColorizeSettings
from engine.steps.step import Tools
from training.judging.pictures import photos_in

LONG_SIDE_PX = 1024
VISIBLE = 6.0
"""CIEDE2000 from which two colourings are told apart at a glance."""
KNOWN = 0.9
"""From here on the share of a pixel that is known counts as known."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("photos", type=Path, nargs="+")
    parser.add_argument("--model", dest="models", action="append", default=[], metavar="colorize=NAME")
    parser.add_argument("--most", type=int, default=4)
    parser.add_argument("--limit", type=int, default=60)
    words = parser.parse_args()
    tools = Tools(Loader(ModelLibrary(), Device("cpu"), generators_chosen(words.models)), ())
    settings, nearest, agreeing = ColorizeSettings(force=True), [], []
    for file in [file for folder in words.photos for file in photos_in(folder, words.limit)]:
        photo = read_preview(file, LONG_SIDE_PX)
        found = candidates(photo, settings, tools, words.most, smallest_difference=0.0)
        lightness = COLORIZE.seen(photo, settings, tools)
        if lightness is None or len(found) < words.most:
            continue
        colours = compared(lightness, [one.analysis.arrays["chroma"] for one in found])
        nearest.append(min(difference(one, other) for one, other in combinations(colours, 2)))
        (known,) = compared(lightness, [np.repeat(found[0].analysis.arrays["known"][..., None], 2, 2)])
        sure = known[:, 1] >= KNOWN
        if sure.any():
            agreeing.append(float(np.mean([colour_difference(colours[0][sure], c[sure]).mean() for c in colours[1:]])))
    if not nearest:
        print(f"no photo has {words.most} colourings")
        return 1
    low, half, high = np.percentile(nearest, [10, 50, 90])
    print(
        f"{len(nearest)} photos, {words.most} colourings each; the nearest two lie apart by {low:.1f} (a tenth of the photos), "
        f"{half:.1f} (half), {high:.1f} (nine tenths); {np.mean(np.array(nearest) >= VISIBLE):.2f} of the photos have "
        f"{VISIBLE:.0f} or more. Where the colour is known, the others differ from the likeliest by {np.mean(agreeing):.1f}"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
