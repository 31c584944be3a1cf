"""A real engine process: it answers, stops when told, may die, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from desktop_app.engine_process.client import EngineClient
from desktop_app.engine_process.pictures import rgb32
from desktop_app.engine_process.protocol import (
    Command,
    EngineOptions,
    FindPhotos,
    MakeThumbnail,
    Preview,
    ReadMask,
    ReadPicture,
    RestorePhoto,
    WarmUp,
)
from engine import recipe as recipes
from engine.errors import EngineError
from engine.hints import Hint
from engine.marks import Marks
from engine.plan import plan
from tests.desktop_app.conftest import SLOW, write_photo

pytestmark = pytest.mark.gui
RECIPE = recipes.load("colorize")


class Listener:
    """Every event of a client, in order."""

    def __init__(self, client: EngineClient, qtbot) -> None:
        self.client, self.qtbot = client, qtbot
        self.events: list[object] = []
        for signal_ in (
            client.warmed_up,
            client.photos_found,
            client.thumbnail_made,
            client.preview_read,
            client.preview_analysed,
            client.picture_read,
            client.mask_read,
            client.progressed,
            client.restored,
            client.failed,
        ):
            signal_.connect(self.take)

    def take(self, event: object) -> None:
        self.events.append(event)

    def of(self, job: int, kind: str) -> list:
        return [event for event in self.events if event.job == job and type(event).__name__ == kind]

    def wait_for(self, job: int, kind: str):
        """The first event of that kind about `job`."""
        self.qtbot.waitUntil(lambda: bool(self.of(job, kind)), timeout=20_000)
        return self.of(job, kind)[0]

    def ask(self, command: Command, kind: str):
        return self.wait_for(self.client.send(command), kind)


@pytest.fixture
def listener(client, qtbot) -> Listener:
    return Listener(client, qtbot)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return write_photo(tmp_path / "grandmother.jpg")


def preview(photo: Path, hints: tuple[Hint, ...] = (), generators: dict[str, str] | None = None) -> Preview:
    return Preview(0, photo, 2000, RECIPE, hints, generators or {}, True)


def restore(photo: Path, generators: dict[str, str] | None = None) -> RestorePhoto:
    (spec,) = plan([photo])
    return RestorePhoto(0, spec, RECIPE, (), generators or {})


def began_restoring(client: EngineClient, job: int) -> bool:
    return client._pending[job].began


def test_a_preview_is_read_then_analysed(client, listener, photo):
    """The original comes first; the analyses are those of the settings and hints that were sent."""
    job = client.send(preview(photo))
    analysed = listener.wait_for(job, "PreviewAnalysed")
    read = listener.of(job, "PreviewRead")[0]
    assert client.take(read.picture).shape == (120, 160, 1)
    assert (read.width, read.height) == (160, 120)
    plain = analysed.analyses["colorize"].arrays["chroma"]
    hinted = listener.ask(preview(photo, (Hint(0.5, 0.5, "#1060ff"),)), "PreviewAnalysed").analyses["colorize"]
    assert np.abs(hinted.arrays["chroma"].astype(float) - plain.astype(float)).max() > 10


def test_pictures_and_thumbnails_arrive_as_qt_wants_them(client, listener, photo):
    thumbnail = client.take(listener.ask(MakeThumbnail(0, photo, 32), "ThumbnailMade").picture)
    assert thumbnail.shape == (24, 32, 4)
    whole = client.take(listener.ask(ReadPicture(0, photo), "PictureRead").picture)
    assert whole.shape == (120, 160, 4)
    assert (whole[..., 3] == 255).all()
    np.testing.assert_array_equal(rgb32(np.array([[[1, 2, 3]]], np.uint8)), [[[3, 2, 1, 255]]])


def test_a_mask_file_arrives_whole_or_with_the_sentence_that_the_engine_has_for_it(client, listener, tmp_path):
    marks = Marks(np.arange(40 * 60, dtype=np.uint8).reshape(40, 60), np.full((40, 60), 7, np.uint8))
    (tmp_path / "good.png").write_bytes(marks.to_png())
    (tmp_path / "bad.png").write_bytes(b"no picture")
    read = listener.ask(ReadMask(0, tmp_path / "good.png"), "MaskRead").marks
    assert Marks(*(np.array(client.take(plane)) for plane in (read.damaged, read.sound))).digest == marks.digest
    with pytest.raises(EngineError) as expected:
        Marks.from_file(tmp_path / "bad.png")
    assert str(listener.ask(ReadMask(0, tmp_path / "bad.png"), "Failed").error) == str(expected.value)


def test_folders_are_searched_and_results_left_out(client, listener, tmp_path):
    (tmp_path / "album" / "restored").mkdir(parents=True)
    for name in ("b10.jpg", "b9.jpg", "restored/b9-restored.jpg"):
        write_photo(tmp_path / "album" / name)
    (tmp_path / "album" / "notes.txt").write_text("nothing to see")
    found = listener.ask(FindPhotos(0, (tmp_path / "album",)), "PhotosFound")
    assert [path.name for path in found.paths] == ["b9.jpg", "b10.jpg"]


def test_the_device_that_really_runs_is_told(listener):
    warmed = listener.ask(WarmUp(0), "WarmedUp")
    assert warmed.running == "cpu"
    assert {line.name for line in warmed.devices} >= {"cpu", "cuda"}


def test_a_photo_is_restored_into_its_file(listener, photo):
    result = listener.ask(restore(photo), "Restored").result
    assert result.status == "done", result.error
    assert result.output == photo.parent / "restored" / "grandmother-restored.jpg"
    assert result.output.stat().st_size > 500
    assert [name for name, _ in result.generators] == ["test-colorize"]


def test_a_bad_photo_gives_a_sentence(listener, tmp_path):
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"not a photo at all")
    assert listener.ask(preview(bad), "Failed").error.code == "photo-unreadable"
    assert listener.ask(preview(tmp_path / "gone.jpg"), "Failed").error.code == "photo-missing"


def test_cancel_works_within_a_run_and_leaves_no_file(client, listener, qtbot, photo):
    job = client.send(restore(photo, SLOW))
    listener.wait_for(job, "Progressed")
    qtbot.wait(300)
    began = time.monotonic()
    client.cancel(job)
    assert listener.wait_for(job, "Restored").result.status == "cancelled"
    assert time.monotonic() - began < 5, "a stop that takes seconds is none (the machine may be loaded)"
    assert not (photo.parent / "restored").exists()


def test_a_job_that_waits_is_cancelled_without_being_begun(client, listener, tmp_path):
    first = client.send(restore(write_photo(tmp_path / "a.jpg"), SLOW))
    second = client.send(restore(write_photo(tmp_path / "b.jpg"), SLOW))
    client.cancel(second)
    client.cancel(first)
    assert listener.wait_for(second, "Failed").error.code == "cancelled"
    assert not listener.of(second, "Progressed")


def test_killing_the_engine_fails_one_photo_and_the_next_goes_on(client, listener, qtbot, tmp_path):
    """The photo at work is told to be lost; the one that waited is done by a fresh process; nothing is left of the first."""
    lost = client.send(restore(write_photo(tmp_path / "a.jpg"), SLOW))
    waits = client.send(restore(write_photo(tmp_path / "b.jpg")))
    listener.wait_for(lost, "Progressed")
    first_process = client.process_id
    os.kill(first_process, signal.SIGKILL)
    error = listener.wait_for(lost, "Failed").error
    assert error.code == "engine-lost"
    assert "a.jpg" in error.sentence
    assert listener.wait_for(waits, "Restored").result.status == "done"
    assert client.process_id != first_process
    assert sorted(path.name for path in (tmp_path / "restored").iterdir()) == ["b-restored.jpg"]


def test_a_preview_is_asked_again_of_a_fresh_process(client, listener, qtbot, photo):
    job = client.send(preview(photo, generators=SLOW))
    listener.wait_for(job, "PreviewRead")
    os.kill(client.process_id, signal.SIGKILL)
    with qtbot.waitSignal(client.lost, timeout=10_000):
        pass
    listener.wait_for(job, "PreviewRead")
    client.cancel(job)
    assert listener.wait_for(job, "Failed").error.code == "cancelled"


def test_an_engine_that_cannot_start_is_not_started_for_ever(qtbot, photo, tmp_path):
    """A log file in a folder that is not there ends every process at once."""
    client = EngineClient(EngineOptions(log_file=tmp_path / "no" / "such" / "folder.log"))
    listener = Listener(client, qtbot)
    assert listener.ask(preview(photo), "Failed").error.code == "engine-lost"
    client.close()


def test_another_device_means_another_process(client, listener, options):
    listener.ask(WarmUp(0), "WarmedUp")
    first = client.process_id
    client.set_options(EngineOptions(device="cpu", threads=2, model_folders=options.model_folders))
    listener.ask(WarmUp(0), "WarmedUp")
    assert client.process_id != first


def test_nobody_waits_for_the_old_process(client, listener, options):
    """It hangs here; it is ended all the same, and the next one answers meanwhile."""
    listener.ask(WarmUp(0), "WarmedUp")
    first = client.process_id
    os.kill(first, signal.SIGSTOP)
    client.set_options(EngineOptions(device="cpu", threads=2, model_folders=options.model_folders))
    os.kill(first, 0)  # still there: an error here would say that it was waited for
    assert listener.ask(WarmUp(0), "WarmedUp").running == "cpu"
    client.close()
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


def test_closing_removes_the_shared_folders(client, listener, photo):
    listener.ask(preview(photo), "PreviewAnalysed")
    folders = client._exchange.folders
    assert all(folder.exists() for folder in folders)
    client.close()
    assert not any(folder.exists() for folder in folders)


def test_the_engine_ends_when_the_window_is_gone(tmp_path, models, photo):
    """The window is killed: no process stays, no shared picture either."""
    import subprocess
    import sys

    script = f"""
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from desktop_app.engine_process.client import EngineClient
from desktop_app.engine_process.protocol import EngineOptions, MakeThumbnail
if __name__ == "__main__":
    app = QCoreApplication([])
    client = EngineClient(EngineOptions(model_folders=(Path({str(models)!r}),)))
    def told(event):
        print(client.process_id, *client._exchange.folders, flush=True)
    client.thumbnail_made.connect(told)
    client.send(MakeThumbnail(0, Path({str(photo)!r}), 32))
    app.exec()
"""
    file = tmp_path / "window.py"
    file.write_text(script)
    root = Path(__file__).resolve().parents[3]
    environment = os.environ | {"PYTHONPATH": str(root)}
    window = subprocess.Popen([sys.executable, str(file)], stdout=subprocess.PIPE, text=True, env=environment)
    child, *folders = window.stdout.readline().split()
    window.kill()
    window.communicate()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and (_is_running(int(child)) or any(Path(folder).exists() for folder in folders)):
        time.sleep(0.02)
    assert not _is_running(int(child))
    assert len(folders) >= 1
    assert not any(Path(folder).exists() for folder in folders)


def _is_running(process: int) -> bool:
    """Also false for one that has ended and that nobody has waited for yet."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
