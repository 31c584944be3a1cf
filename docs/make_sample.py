"""Makes the bundled sample: NASA's portrait of Eileen Collins (public domain, from scikit-image), its colours taken away.

python docs/make_sample.py        writes resources/samples/portrait.jpg
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import skimage.data
from PIL import Image

from engine.color import lab_to_srgb, srgb_to_lab

TARGET = Path(__file__).resolve().parent.parent / "resources" / "samples" / "portrait.jpg"


def main() -> None:
    """Write the sample as a one-channel JPEG that keeps CIE L* of every pixel."""
    colour = skimage.data.astronaut().astype(np.float32) / 255  # (512, 512, 3)
    lab = srgb_to_lab(colour)
    lab[..., 1:] = 0
    grey = np.round(lab_to_srgb(lab)[..., 0] * 255).astype(np.uint8)  # R = G = B where a* = b* = 0

    exif = Image.Exif()
    exif[0x010E] = "Portrait of Eileen Collins, made grey from scikit-image's astronaut.png"  # ImageDescription
    exif[0x8298] = "Public domain (NASA)"  # Copyright
    Image.fromarray(grey).save(TARGET, quality=92, optimize=True, exif=exif.tobytes())


if __name__ == "__main__":
    main()
