"""Arrays that were slow to make, kept within so many bytes: the least recently used go first. For many threads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Kept:
    """What was made, by keys that hold all that shaped it."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._arrays: OrderedDict[object, Array] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: object) -> Array | None:
        with self._lock:
            found = self._arrays.get(key)
            if found is not None:
                self._arrays.move_to_end(key)
            return found

    def put(self, key: object, array: Array) -> None:
        """Keep `array`, which nobody may change from here on; one that is too large for all is not kept."""
        array.flags.writeable = False
        if array.nbytes > self._max_bytes:
            return
        with self._lock:
            self._bytes += array.nbytes - self._arrays.pop(key, np.empty(0)).nbytes
            self._arrays[key] = array
            while self._bytes > self._max_bytes:
                self._bytes -= self._arrays.popitem(last=False)[1].nbytes
