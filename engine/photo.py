"""What a picture is here: upright pixels in the file's own depth and colour space, and what the file says about them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8] | NDArray[np.uint16]


@dataclass(frozen=True)
class Metadata:
    """What a file says about its picture; bytes are kept as found, except that Orientation is already applied and reset.

    format: "jpeg", "png", "webp" or "tiff": the family the file really is, whatever its name says.
    icc: the embedded profile; None means sRGB (or its grey sibling).
    exif: a TIFF-structured EXIF block without the "Exif\\0\\0" prefix, Orientation 1, no embedded thumbnail.
    xmp: an XMP packet.
    dpi: (x, y) dots per inch.
    """

    format: str = "png"
    icc: bytes | None = None
    exif: bytes | None = None
    xmp: bytes | None = None
    dpi: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class Photo:
    """A value, never changed in place: the arrays are read-only, steps return new photos.

    pixels: (H, W, 1) grey or (H, W, 3) RGB, uint8 or uint16 over their full range, in the space of `metadata.icc`.
    alpha: (H, W) of the same dtype, straight (not premultiplied), or None.
    """

    pixels: Pixels
    alpha: Pixels | None = None
    metadata: Metadata = field(default_factory=Metadata)

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or self.pixels.shape[2] not in (1, 3):
            raise ValueError(f"pixels must be (H, W, 1) or (H, W, 3), not {self.pixels.shape}")
        if self.pixels.dtype not in (np.uint8, np.uint16):
            raise ValueError(f"pixels must be uint8 or uint16, not {self.pixels.dtype}")
        if self.alpha is not None and (
            self.alpha.shape != self.pixels.shape[:2] or self.alpha.dtype != self.pixels.dtype
        ):
            raise ValueError(f"alpha {self.alpha.shape} {self.alpha.dtype} does not fit pixels {self.pixels.shape}")
        self.pixels.flags.writeable = False
        if self.alpha is not None:
            self.alpha.flags.writeable = False

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def has_one_channel(self) -> bool:
        """True for a file that stores grey; a grey picture stored as RGB is not one (see `steps.colorize.is_colourless`)."""
        return bool(self.pixels.shape[2] == 1)

    @property
    def maximum(self) -> int:
        """The value of white: 255 or 65535."""
        return 255 if self.pixels.dtype == np.uint8 else 65535

    def with_pixels(self, pixels: Pixels, *, icc: bytes | Literal["keep"] | None = "keep") -> Photo:
        """This photo with other pixels (and, unless "keep", another profile); everything else stays."""
        metadata = self.metadata if isinstance(icc, str) else replace(self.metadata, icc=icc)
        return replace(self, pixels=pixels, metadata=metadata)
