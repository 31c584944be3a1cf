"""What was slow to make, kept within so many bytes: the least recently used goes first. For many threads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from numpy.typing import NDArray

Array = NDArray[Any]
T = TypeVar("T")


class Kept(Generic[T]):
    """What was made, by keys that hold all that shaped it. size: the bytes of one."""

    def __init__(self, max_bytes: int, size: Callable[[T], int]) -> None:
        self._max_bytes, self._size = max_bytes, size
        self._made: OrderedDict[Hashable, T] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> T | None:
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
            return self._made.get(key)

    def put(self, key: Hashable, made: T) -> None:
        """Keep it in the place of what the key had; what is too large for all is not kept."""
        if self._size(made) > self._max_bytes:
            return
        with self._lock:
            if key in self._made:
                self._bytes -= self._size(self._made.pop(key))
            self._made[key] = made
            self._bytes += self._size(made)
            while self._bytes > self._max_bytes:
                self._bytes -= self._size(self._made.popitem(last=False)[1])


class KeptArrays(Kept[Array]):
    """Arrays, which nobody may change from here on."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(max_bytes, lambda array: array.nbytes)

    def put(self, key: Hashable, made: Array) -> None:
        made.flags.writeable = False
        super().put(key, made)
