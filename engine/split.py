"""A generator in two files as one session: the encoder's features of the last pictures are kept, so a hint costs the decoder.

The encoder takes `image` alone; each of its outputs is an input of the decoder of the same name, which also takes `guide` and
`style` and gives `restored` and `map`.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from engine.card import Card
from engine.contract import verified_bytes, what_is_wrong_between
from engine.errors import GeneratorBroken, OutOfMemory
from engine.progress import CancelToken
from engine.session import Device, Session, Tensor

Array = NDArray[np.float32]

MOST_KEPT = 4
MOST_KEPT_BYTES = 128_000_000
"""A photo's features at working size are some megabytes; those of a tile of 1024 pixels may be larger than all of this."""


class SplitSession:
    """Looks like the Session of a file that takes and gives what both together do. For many threads."""

    def __init__(self, encoder: Session, decoder: Session, image: str) -> None:
        """image: the name of the encoder's input."""
        self._encoder, self._decoder, self._image = encoder, decoder, image
        given = {tensor.name for tensor in encoder.outputs}
        self.provider = decoder.provider
        self.inputs: list[Tensor] = encoder.inputs + [tensor for tensor in decoder.inputs if tensor.name not in given]
        self.outputs: list[Tensor] = decoder.outputs
        self.metadata: Mapping[str, str] = decoder.metadata
        self.nodes: Mapping[str, int] = {
            provider: encoder.nodes.get(provider, 0) + decoder.nodes.get(provider, 0)
            for provider in {**encoder.nodes, **decoder.nodes}
        }
        self._kept: OrderedDict[bytes, dict[str, Array]] = OrderedDict()
        self._lock = threading.Lock()

    @classmethod
    def open(cls, card: Card, device: Device, accept: Callable[[SplitSession], None]) -> SplitSession:
        """Load both files of `card` on the same device; accept: raises an EngineError for what must not be used.

        Raises:
            GeneratorBroken: a file is missing, is not the one that the card describes, or does not fit the other.
            DeviceUnavailable, OutOfMemory: see session.py; whatever `accept` raises.
        """
        models = {role: verified_bytes(card, role) for role in ("encoder", "decoder")}

        def load(name: str) -> SplitSession:
            encoder, decoder = (
                Session(models[role], card.name, name, device.threads) for role in ("encoder", "decoder")
            )
            reason = what_is_wrong_between(card, encoder, decoder)
            if reason:
                raise GeneratorBroken(card.name, reason)
            both = cls(encoder, decoder, card.inputs["image"])
            accept(both)
            both._forget()
            return both

        return device.first_that_takes(card.name, load)

    def run(self, feed: Mapping[str, Array], cancel: CancelToken, *, keep_memory: bool = False) -> dict[str, Array]:
        """Output name -> array, as Session.run; the encoder runs only for a picture that is not among the last ones.

        Raises:
            As Session.run; where memory runs out, everything kept is given back first.
        """
        said = {name: array for name, array in feed.items() if name != self._image}
        try:
            features = self._features(feed[self._image], cancel, keep_memory)
            return self._decoder.run({**features, **said}, cancel, keep_memory=keep_memory)
        except OutOfMemory:
            self._forget()
            raise

    def encode(self, image: Array, cancel: CancelToken, *, keep_memory: bool = False) -> dict[str, Array]:
        """What the encoder alone gives for `image` (N, 3, H, W); nothing is kept. Raises as Session.run."""
        return self._encoder.run({self._image: image}, cancel, keep_memory=keep_memory)

    def decode(self, feed: Mapping[str, Array], cancel: CancelToken, *, keep_memory: bool = False) -> dict[str, Array]:
        """What the decoder alone gives for features and all else that it takes. Raises as Session.run."""
        return self._decoder.run(feed, cancel, keep_memory=keep_memory)

    def _forget(self) -> None:
        with self._lock:
            self._kept.clear()

    def _features(self, image: Array, cancel: CancelToken, keep_memory: bool) -> dict[str, Array]:
        key = hashlib.blake2b(np.ascontiguousarray(image).data, digest_size=16, key=repr(image.shape).encode()).digest()
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        features = self.encode(image, cancel, keep_memory=keep_memory)
        with self._lock:
            self._kept[key] = features
            while self._kept and (len(self._kept) > MOST_KEPT or self._kept_bytes > MOST_KEPT_BYTES):
                self._kept.popitem(last=False)
        return features

    @property
    def _kept_bytes(self) -> int:
        return sum(array.nbytes for features in self._kept.values() for array in features.values())
