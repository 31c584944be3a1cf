"""From a kind of work to the generator that does it: chosen or default, loaded once and kept."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from engine.card import Card
from engine.generator import Generator
from engine.library import ModelLibrary
from engine.session import Device


class Loader:
    """Callable kind -> Generator, as a step's Tools want it; may be shared by threads.

    A kind may name a scale too (library.at_scale). chosen: kind -> name of the generator to take for it; the library's default
    for every other kind, and for every scale that the chosen one has not.
    """

    def __init__(self, library: ModelLibrary, device: Device, chosen: Mapping[str, str] | None = None) -> None:
        self.library = library
        self.device = device
        self._chosen = dict(chosen or {})
        self._loaded: dict[str, Generator] = {}
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
