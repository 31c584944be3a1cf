"""From a kind of work to the generator that does it: chosen or default, loaded once and kept; and the faces of a photo."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import numpy as np

from engine.card import Card
from engine.detector import Detector
from engine.faces import Face, faces_in, find_rows
from engine.fingerprint import fingerprint
from engine.generator import Generator
from engine.kept import KeptArrays
from engine.library import ModelLibrary
from engine.photo import Photo
from engine.progress import CancelToken
from engine.session import Device

_FACES_BYTES = 1_000_000


class Loader:
    """Callable kind -> Generator, as a step's Tools want it; may be shared by threads.

    A kind may name a scale too (library.at_scale). chosen: kind -> name of the generator to take for it; the library's default
    for every other kind, and for every scale that the chosen one has not and another has.
    """

    def __init__(self, library: ModelLibrary, device: Device, chosen: Mapping[str, str] | None = None) -> None:
        self.library = library
        self.device = device
        self._chosen = dict(chosen or {})
        self._loaded: dict[str, Generator] = {}
        self._detector: Detector | None = None
        self._faces = KeptArrays(_FACES_BYTES)
        self._lock = threading.Lock()

    def __call__(self, kind: str) -> Generator:
        """The generator for `kind`, loaded on first use.

        Raises:
            GeneratorMissing: none is installed, or the chosen one is not there or of another kind.
            GeneratorBroken, DeviceUnavailable, OutOfMemory: it cannot be loaded.
        """
        card = self.card(kind)
        with self._lock:
            if card.name not in self._loaded:
                self._loaded[card.name] = Generator.load(card, self.device)
            return self._loaded[card.name]

    @property
    def runs_on(self) -> str:
        """ONNX Runtime's word for what generators run on: results differ a little from one to the other."""
        return self.device.provider

    def card(self, kind: str) -> Card:
        """The card of what `kind` would get, not loaded: for cache keys and reports. Raises GeneratorMissing."""
        return self.library.chosen_for(kind, self._chosen)

    def detector_card(self) -> Card | None:
        """The card of what finds faces, not loaded; None where none is installed."""
        return None if self.library.why_not(["detector"]) else self.library.chosen_for("detector", self._chosen)

    def faces(self, photo: Photo, cancel: CancelToken | None = None) -> tuple[Face, ...]:
        """The faces of `photo`, the largest first; none where no detector is installed. Those of the last photos are remembered.

        Raises:
            GeneratorBroken, DeviceUnavailable, OutOfMemory: the detector cannot be loaded or used. Cancelled.
        """
        card = self.detector_card()
        if card is None:
            return ()
        key = (fingerprint(photo), card.digest, self.runs_on)
        rows = self._faces.get(key)
        if rows is None:
            with self._lock:
                detector = self._detector = self._detector or Detector.load(card, self.device)
            rows = find_rows(photo, detector.finder(cancel))
            self._faces.put(key, rows)
        return faces_in(rows.astype(np.float32, copy=False), photo)
