"""Arrays that cross between two processes: a file that both map, in shared memory where there is room for it.

On Linux a file in /dev/shm *is* POSIX shared memory (that is where shm_open puts it), without the resource tracker that
unlinks segments behind the back of the process that still uses them; elsewhere, and in containers whose /dev/shm is small,
the same file lies in the temporary folder and the page cache does the sharing. One way for all of them.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import weakref
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_SPARE_BYTES = 64 << 20  # left free in shared memory for others
_SHARED_MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class SharedArray:
    """Where an array lies; a small value that goes through the pipe instead of the array."""

    file: Path
    shape: tuple[int, ...]
    dtype: str


class Exchange:
    """The folders that arrays of one engine process lie in. The window makes them, the child fills them, the window clears."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self.folders = folders
        self._numbers = itertools.count(1)
        self._still_mapped: list[Path] = []

    @classmethod
    def create(cls, shared_memory: Path = _SHARED_MEMORY) -> Exchange:
        """New private folders: the first in shared memory (if there is any here), the last in the temporary folder."""
        roots = [shared_memory] if shared_memory.is_dir() and os.access(shared_memory, os.W_OK) else []
        roots.append(Path(tempfile.gettempdir()))
        made = cls(tuple(Path(tempfile.mkdtemp(prefix=f"autochrome-{os.getpid()}-", dir=root)) for root in roots))
        weakref.finalize(made, _remove, made.folders)  # also when the program ends without having closed it
        return made

    def put(self, array: NDArray[np.generic]) -> SharedArray:
        """Write `array` where there is room for it.

        Written, not mapped: a full shared memory then is an OSError here and not a SIGBUS that ends the process.

        Raises:
            OSError: no folder has room.
        """
        array = np.ascontiguousarray(array)
        for folder in self.folders[:-1]:
            if shutil.disk_usage(folder).free > array.nbytes + _SPARE_BYTES:
                try:
                    return self._write(array, folder)
                except OSError:  # filled up by somebody else since we looked
                    continue
        return self._write(array, self.folders[-1])

    def _write(self, array: NDArray[np.generic], folder: Path) -> SharedArray:
        file = folder / f"{os.getpid()}-{next(self._numbers)}"
        try:
            with file.open("wb") as stream:
                stream.write(array.data.cast("B") if array.size else b"")
        except OSError:
            file.unlink(missing_ok=True)
            raise
        return SharedArray(file, array.shape, array.dtype.str)

    def take(self, shared: SharedArray) -> NDArray[np.generic]:
        """The array, mapped read-only and without a copy; its file goes away at once (on Windows: when the map is gone).

        Raises:
            OSError: the file is not there or is not whole.
        """
        if shared.file.stat().st_size != np.dtype(shared.dtype).itemsize * int(np.prod(shared.shape)):
            raise OSError(f"{shared.file} is not whole")
        array = np.memmap(shared.file, dtype=shared.dtype, mode="r", shape=shared.shape)
        self.discard(shared)
        return array

    def discard(self, shared: SharedArray) -> None:
        """Forget an array that nobody wants, and those whose files could not be removed before."""
        files = [*self._still_mapped, shared.file]
        self._still_mapped = [file for file in files if not _unlinked(file)]

    def clear(self, process_id: int) -> None:
        """Remove what a child has left, for instance a picture that it was writing when it was killed. From any thread."""
        for folder in self.folders:
            for file in folder.glob(f"{process_id}-*"):
                _unlinked(file)

    def remove(self) -> None:
        """Remove the folders and all that is in them."""
        _remove(self.folders)


def _unlinked(file: Path) -> bool:
    """Remove a file; False where Windows keeps it until nobody maps it any more."""
    try:
        file.unlink(missing_ok=True)
    except PermissionError:
        return False
    return True


def _remove(folders: tuple[Path, ...]) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
