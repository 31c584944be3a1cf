"""A file whole or not at all: what is there before, during and after, and when it fails."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from engine import atomic
from engine.atomic import write_atomically
from engine.errors import OutputUnwritable

ROOT = Path(__file__).resolve().parents[2]
needs_posix = pytest.mark.skipif(os.name == "nt", reason="permissions and links of POSIX")


def test_a_new_file_has_the_bytes_and_nothing_else_appears(tmp_path):
    write_atomically(tmp_path / "photo.jpg", b"picture", overwrite=False)
    assert (tmp_path / "photo.jpg").read_bytes() == b"picture"
    assert os.listdir(tmp_path) == ["photo.jpg"]


def test_what_is_there_is_replaced_only_when_asked(tmp_path):
    target = tmp_path / "photo.jpg"
    target.write_bytes(b"old")
    with pytest.raises(FileExistsError):
        write_atomically(target, b"new", overwrite=False)
    assert target.read_bytes() == b"old"
    write_atomically(target, b"new", overwrite=True)
    assert target.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["photo.jpg"]


@needs_posix
def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path):
    """mkstemp's 0600 would hide restored photos from the rest of the family."""
    write_atomically(tmp_path / "ours", b"", overwrite=False)
    (tmp_path / "usual").touch()
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "usual").stat().st_mode


@needs_posix
def test_a_replaced_file_keeps_its_permissions(tmp_path):
    target = tmp_path / "photo.jpg"
    target.write_bytes(b"old")
    target.chmod(0o640)
    write_atomically(target, b"new", overwrite=True)
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


@needs_posix
def test_a_link_is_replaced_and_what_it_stood_for_stays(tmp_path):
    """So that not even a link can lead a result over an original."""
    original, link = tmp_path / "original.jpg", tmp_path / "link.jpg"
    original.write_bytes(b"original")
    link.symlink_to(original)
    with pytest.raises(FileExistsError):
        write_atomically(link, b"new", overwrite=False)
    write_atomically(link, b"new", overwrite=True)
    assert original.read_bytes() == b"original"
    assert link.read_bytes() == b"new" and not link.is_symlink()


@needs_posix
def test_a_dangling_link_is_in_the_way(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        write_atomically(tmp_path / "link", b"new", overwrite=False)


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (PermissionError(errno.EACCES, "Permission denied"), "you may not write there"),
        (OSError(errno.EROFS, "Read-only file system"), "read, not written"),
        (OSError(errno.ENOTCONN, "Transport endpoint is not connected"), "the disk refused it"),
    ],
)
def test_a_failure_leaves_the_old_file_and_no_other(tmp_path, monkeypatch, error, words, overwrite):
    def fails(number: int) -> None:
        raise error

    (tmp_path / "old.jpg").write_bytes(b"old")
    target = tmp_path / ("old.jpg" if overwrite else "new.jpg")
    monkeypatch.setattr(atomic.os, "fsync", fails)
    with pytest.raises(OutputUnwritable, match=words) as caught:
        write_atomically(target, b"new", overwrite=overwrite)
    assert target.name in caught.value.sentence
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"old.jpg": b"old"}


def test_ctrl_c_leaves_nothing(tmp_path, monkeypatch):
    def interrupted(number: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(atomic.os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "photo.jpg", b"new", overwrite=True)
    assert os.listdir(tmp_path) == []


def test_a_folder_of_that_name_is_refused_in_words(tmp_path):
    (tmp_path / "photo.jpg").mkdir()
    with pytest.raises(OutputUnwritable, match="a folder has that name"):
        write_atomically(tmp_path / "photo.jpg", b"new", overwrite=True)
    assert os.listdir(tmp_path) == ["photo.jpg"]


def test_a_missing_folder_is_refused_in_words(tmp_path):
    with pytest.raises(OutputUnwritable, match="the folder is not there"):
        write_atomically(tmp_path / "gone" / "photo.jpg", b"new", overwrite=False)


@needs_posix
def test_a_file_in_place_of_the_folder_is_refused_in_words(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputUnwritable, match="the folder is not there"):
        write_atomically(tmp_path / "file" / "photo.jpg", b"new", overwrite=False)


@needs_posix
def test_too_long_a_name_is_refused_in_words(tmp_path):
    with pytest.raises(OutputUnwritable, match="the name is too long"):
        write_atomically(tmp_path / ("n" * 300), b"new", overwrite=True)
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(
    os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_closed_folder_is_refused_in_words(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    with pytest.raises(OutputUnwritable, match="you may not write there"):
        write_atomically(closed / "photo.jpg", b"new", overwrite=False)


@needs_posix
def test_a_real_limit_of_the_system_is_told_in_words(tmp_path):
    """A process that may write files of 1,000 bytes only: a real error from a real write, and nothing is left of it."""
    code = (
        "import resource, signal, sys; from pathlib import Path; sys.path.insert(0, sys.argv[1])\n"
        "from engine.atomic import write_atomically; from engine.errors import OutputUnwritable\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: write_atomically(Path(sys.argv[2]), b'x' * 5000, overwrite=True)\n"
        "except OutputUnwritable as error: print(error.code, 'cannot hold' in error.sentence)\n"
    )
    command = [sys.executable, "-B", "-c", code, str(ROOT), str(tmp_path / "photo.jpg")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["output-unwritable", "True"]
    assert os.listdir(tmp_path) == []


def test_of_many_that_want_one_name_exactly_one_gets_it(tmp_path):
    target, winners, start = tmp_path / "photo.jpg", [], threading.Barrier(8)

    def wants(number: int) -> None:
        start.wait()
        try:
            write_atomically(target, bytes([number]) * 1000, overwrite=False)
            winners.append(number)
        except FileExistsError:
            pass

    threads = [threading.Thread(target=wants, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(winners) == 1
    assert target.read_bytes() == bytes(winners) * 1000
    assert os.listdir(tmp_path) == ["photo.jpg"]


def test_a_reader_never_sees_half_a_file(tmp_path):
    target, seen, done = tmp_path / "photo.jpg", set(), threading.Event()
    target.write_bytes(b"a" * 200_000)

    def reads() -> None:
        while not done.is_set():
            seen.add(target.read_bytes())

    reader = threading.Thread(target=reads)
    reader.start()
    for letter in b"bcdefgh":
        write_atomically(target, bytes([letter]) * 200_000, overwrite=True)
    done.set()
    reader.join()
    assert seen and all(len(data) == 200_000 and len(set(data)) == 1 for data in seen)


def test_without_hard_links_the_name_is_reserved_first(tmp_path, monkeypatch):
    """FAT and some network folders have none."""

    def no_links(source: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(atomic.os, "link", no_links)
    target = tmp_path / "photo.jpg"
    write_atomically(target, b"new", overwrite=False)
    assert target.read_bytes() == b"new"
    (tmp_path / "other.jpg").write_bytes(b"old")
    monkeypatch.setattr(atomic.os.path, "lexists", lambda path: False)  # it came a moment after we looked
    with pytest.raises(FileExistsError):
        write_atomically(tmp_path / "other.jpg", b"new", overwrite=False)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"photo.jpg": b"new", "other.jpg": b"old"}


def test_a_reserved_name_is_given_back_when_the_rename_fails(tmp_path, monkeypatch):
    def fails(*paths: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(atomic.os, "link", fails)
    monkeypatch.setattr(atomic.os, "replace", fails)
    with pytest.raises(OutputUnwritable):
        write_atomically(tmp_path / "photo.jpg", b"new", overwrite=False)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(("refusals", "succeeds"), [(3, True), (100, False)])
def test_windows_is_asked_again_while_a_viewer_holds_the_file(tmp_path, monkeypatch, refusals, succeeds):
    calls, real = [], os.replace

    def held(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) <= refusals:
            raise PermissionError(errno.EACCES, "Access is denied")
        real(source, target)

    monkeypatch.setattr(atomic, "_WINDOWS", True)
    monkeypatch.setattr(atomic, "_FIRST_PAUSE_S", 0.0)
    monkeypatch.setattr(atomic.os, "replace", held)
    if succeeds:
        write_atomically(tmp_path / "photo.jpg", b"new", overwrite=True)
        assert len(calls) == refusals + 1
    else:
        with pytest.raises(OutputUnwritable, match="you may not write there"):
            write_atomically(tmp_path / "photo.jpg", b"new", overwrite=True)
    assert os.listdir(tmp_path) == (["photo.jpg"] if succeeds else [])


def ended_process() -> int:
    """The number of a process that has just ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_what_an_ended_program_left_is_removed_by_the_next_write(tmp_path):
    def name(computer: str, process: int) -> str:
        return f".autochrome-{computer}-{process}-{'0' * 16}.part"

    here = atomic._computer()
    stale = tmp_path / name(here, ended_process())
    kept = [name(here, os.getpid()), name("0" * 8, ended_process()), ".autochrome-notes.part", "holiday.part"]
    for file in [stale, *(tmp_path / word for word in kept)]:
        file.write_bytes(b"half")
    write_atomically(tmp_path / "photo.jpg", b"new", overwrite=False)
    assert sorted(os.listdir(tmp_path)) == sorted([*kept, "photo.jpg"])


def test_the_temporary_file_names_its_process(tmp_path, monkeypatch):
    seen: list[str] = []
    monkeypatch.setattr(atomic.os, "fsync", lambda number: seen.extend(os.listdir(tmp_path)))
    write_atomically(tmp_path / "photo.jpg", b"new", overwrite=False)
    found = atomic._TEMPORARY.fullmatch(seen[0])
    assert found is not None and int(found[2]) == os.getpid()


@pytest.fixture
def like_windows(monkeypatch):
    """Read-only files can neither be replaced nor removed."""
    replace, unlink = os.replace, Path.unlink

    def refuse(path: Path) -> None:
        if os.path.lexists(path) and not os.lstat(path).st_mode & stat.S_IWRITE:
            raise PermissionError(errno.EACCES, "Access is denied")

    def replaces(source: Path, target: Path) -> None:
        refuse(target)
        replace(source, target)

    def unlinks(path: Path, missing_ok: bool = False) -> None:
        refuse(path)
        unlink(path, missing_ok)

    monkeypatch.setattr(atomic, "_WINDOWS", True)
    monkeypatch.setattr(atomic, "_FIRST_PAUSE_S", 0.0)
    monkeypatch.setattr(atomic.os, "replace", replaces)
    monkeypatch.setattr(atomic.Path, "unlink", unlinks)


@needs_posix
def test_windows_replaces_a_read_only_file_which_stays_so(tmp_path, like_windows):
    target = tmp_path / "photo.jpg"
    target.write_bytes(b"old")
    target.chmod(0o444)
    write_atomically(target, b"new", overwrite=True)
    assert target.read_bytes() == b"new" and stat.S_IMODE(target.stat().st_mode) == 0o444
    assert os.listdir(tmp_path) == ["photo.jpg"]


@needs_posix
def test_windows_keeps_no_read_only_temporary_file_when_writing_fails(tmp_path, like_windows, monkeypatch):
    def fails(*paths: Path) -> None:
        raise PermissionError(errno.EACCES, "Access is denied")

    target = tmp_path / "photo.jpg"
    target.write_bytes(b"old")
    target.chmod(0o444)
    monkeypatch.setattr(atomic.os, "replace", fails)
    with pytest.raises(OutputUnwritable):
        write_atomically(target, b"new", overwrite=True)
    assert os.listdir(tmp_path) == ["photo.jpg"]
    assert target.read_bytes() == b"old" and stat.S_IMODE(target.stat().st_mode) == 0o444
