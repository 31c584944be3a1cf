"""A file whole or not at all: temporary file beside the target, synced, then put in place by one rename.

Guaranteed: whoever opens the target sees the old bytes or the new ones, and nothing is left behind when writing fails or is
interrupted. Not guaranteed: that a file system which lies about syncing keeps the new bytes through a power cut.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import hashlib
import os
import platform
import re
import secrets
import stat
import time
from pathlib import Path

from engine.errors import OutputUnwritable

_WINDOWS = os.name == "nt"
_WINDOWS_TRIES = 6
_FIRST_PAUSE_S = 0.02
_TEMPORARY = re.compile(r"\.autochrome-([0-9a-f]{8})-(\d+)-[0-9a-f]{16}\.part")
_CREATE = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is full",
    errno.EACCES: "you may not write there",
    errno.EPERM: "you may not write there",
    errno.EROFS: "it can only be read, not written",
    errno.ENOENT: "the folder is not there",
    errno.ENOTDIR: "the folder is not there",
    errno.EISDIR: "a folder has that name",
    errno.ENAMETOOLONG: "the name is too long",
    errno.EFBIG: "the disk cannot hold a file of that size",
    errno.EIO: "the disk does not answer as it should",
}


def write_atomically(path: Path, data: bytes, *, overwrite: bool) -> None:
    """Write `data` to `path`, in a folder that exists. A replaced file keeps its permissions; a new one gets the usual ones.

    Raises:
        FileExistsError: `overwrite` is False and something is there, also if it came while writing.
        OutputUnwritable: anything else that the disk or its owner has against it.
    """
    if not overwrite and os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    try:
        _write(path, data, overwrite)
    except FileExistsError:
        raise
    except OSError as error:
        raise OutputUnwritable(path, _reason(error)) from error


def _write(path: Path, data: bytes, overwrite: bool) -> None:
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    _sweep(path.parent)
    temporary = path.with_name(f".autochrome-{_computer()}-{os.getpid()}-{secrets.token_hex(8)}.part")
    try:
        # Opened like any other file, not by mkstemp, so that the user's umask gives it its permissions.
        with os.fdopen(os.open(temporary, _CREATE, 0o666), "wb") as file:
            _keep_mode(path, temporary)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _put_in_place(temporary, path, overwrite)
    finally:
        # Gone already where a rename went well; the `finally` also serves Ctrl-C.
        with contextlib.suppress(OSError):
            _make_removable(temporary)
            temporary.unlink()
    _sync_folder(path.parent)


@functools.cache
def _computer() -> str:
    """Eight letters for this computer, so that on a shared disk nobody takes another's running program for a dead one."""
    return hashlib.sha256(platform.node().encode("utf-8", "replace")).hexdigest()[:8]


def _sweep(folder: Path) -> None:
    """Remove the temporary files in `folder` of programs on this computer that were ended before they could do it."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            found = _TEMPORARY.fullmatch(entry.name)
            if found is None or found[1] != _computer() or _runs(int(found[2])):
                continue
            with contextlib.suppress(OSError):
                _make_removable(Path(entry.path))
                os.unlink(entry.path)


def _runs(process: int) -> bool:
    """Whether a process of this number runs on this computer; True in doubt."""
    if _WINDOWS:
        return _runs_on_windows(process)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _runs_on_windows(process: int) -> bool:
    """As `_runs`; there, signal 0 would not ask but end the process."""
    import ctypes

    query, invalid_parameter, still_active = 0x1000, 87, 259
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    kernel.OpenProcess.restype = ctypes.c_void_p
    handle = kernel.OpenProcess(query, False, process)
    if not handle:
        return bool(ctypes.get_last_error() != invalid_parameter)  # type: ignore[attr-defined,unused-ignore]
    code = ctypes.c_ulong()
    known = kernel.GetExitCodeProcess(ctypes.c_void_p(handle), ctypes.byref(code))
    kernel.CloseHandle(ctypes.c_void_p(handle))
    return not known or code.value == still_active


def _make_removable(path: Path) -> int | None:
    """Windows neither removes nor replaces a read-only file: clear that bit. Returns the mode it had if it was set."""
    if not _WINDOWS:
        return None
    with contextlib.suppress(OSError):
        mode = os.lstat(path).st_mode
        if stat.S_ISREG(mode) and not mode & stat.S_IWRITE:
            os.chmod(path, stat.S_IMODE(mode) | stat.S_IWRITE)
            return stat.S_IMODE(mode)
    return None


def _keep_mode(path: Path, temporary: Path) -> None:
    """A file that is replaced hands on its permissions; a link does not, it is the link that is replaced."""
    with contextlib.suppress(OSError):
        old = os.lstat(path)
        if stat.S_ISREG(old.st_mode):
            os.chmod(temporary, stat.S_IMODE(old.st_mode))


def _put_in_place(temporary: Path, target: Path, overwrite: bool) -> None:
    if overwrite:
        _replace(temporary, target)
        return
    try:
        os.link(temporary, target)  # fails if the name is taken, in one step
    except FileExistsError:
        raise
    except OSError:
        _rename_to_new(temporary, target)


def _rename_to_new(temporary: Path, target: Path) -> None:
    """For file systems without hard links: reserve the name, then rename over what was reserved."""
    os.close(os.open(target, _CREATE, 0o666))
    try:
        _replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            target.unlink()
        raise


def _replace(temporary: Path, target: Path) -> None:
    """Rename; Windows refuses while a viewer or a virus scanner has the target open, mostly for moments."""
    mode = _make_removable(target)
    try:
        _replace_patiently(temporary, target)
    except BaseException:
        if mode is not None:
            with contextlib.suppress(OSError):
                os.chmod(target, mode)
        raise


def _replace_patiently(temporary: Path, target: Path) -> None:
    pause_s = _FIRST_PAUSE_S
    for _ in range(_WINDOWS_TRIES - 1):
        try:
            os.replace(temporary, target)
            return
        except PermissionError:
            if not _WINDOWS:
                raise
            time.sleep(pause_s)
            pause_s *= 2
    os.replace(temporary, target)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable; Windows and some network folders cannot, and the file is whole all the same."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0, "the disk refused it")
