"""What the window and its engine process say to each other: commands one way, events the other, all plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.engine_process.shared import SharedArray
from engine.candidates import Candidate
from engine.errors import EngineError
from engine.face_wishes import FaceWish
from engine.faces import Face
from engine.hints import Hint
from engine.job import PhotoResult
from engine.marks import Marks
from engine.plan import JobSpec
from engine.progress import Progress
from engine.recipe import Recipe
from engine.steps.step import Analysis

# ----------------------------------------------------------------------------------------------- what the child is given


@dataclass(frozen=True)
class EngineOptions:
    """How an engine process is set up; another device means another process.

    device: "auto", "cpu", "cuda", … threads: 0 lets the runtime choose. model_folders: None means the bundled and the user's.
    log_file: where the child writes what nobody foresaw; None: to its standard error.
    """

    device: str = "auto"
    threads: int = 0
    model_folders: tuple[Path, ...] | None = None
    log_file: Path | None = None


# -------------------------------------------------------------------------------------------------------------- commands


@dataclass(frozen=True)
class SharedMarks:
    """Marks on their way: one side lays them into shared memory, the other takes them out as they arrive."""

    damaged: SharedArray
    sound: SharedArray


@dataclass(frozen=True)
class Command:
    """Base of what the window asks; `job` is given by the client and comes back in every event about it."""

    job: int


@dataclass(frozen=True)
class MarkedCommand(Command):
    """Base of those whose photo may have marks of what is damaged, and faces that are to be treated otherwise than the others.

    marks: the client makes SharedMarks of Marks on the way.
    """

    marks: Marks | SharedMarks | None = field(default=None, kw_only=True)
    face_wishes: tuple[FaceWish, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True)
class WarmUp(Command):
    """Load the runtime and the generators of these kinds, so that the first preview does not wait; tell the devices."""

    kinds: tuple[str, ...] = ("colorize",)
    generators: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FindPhotos(Command):
    """List the photos in folders."""

    folders: tuple[Path, ...]


@dataclass(frozen=True)
class MakeThumbnail(Command):
    path: Path
    side_px: int


@dataclass(frozen=True)
class Preview(MarkedCommand):
    """Read a photo small (once), and analyse it for a recipe. `generators`: kind -> name, where the user has chosen.

    is_draft: the answer is wanted while a hand moves and is replaced soon, so a smaller copy of the preview is looked at.
    """

    path: Path
    long_side_px: int
    recipe: Recipe
    hints: tuple[Hint, ...]
    generators: Mapping[str, str]
    wants_picture: bool
    is_draft: bool = False


@dataclass(frozen=True)
class FindColourings(MarkedCommand):
    """Look for the plausible colourings of a photo's preview, as the recipe and all that is said of the photo have it."""

    path: Path
    long_side_px: int
    recipe: Recipe
    hints: tuple[Hint, ...]
    generators: Mapping[str, str]


@dataclass(frozen=True)
class FindFaces(Command):
    """Look for the faces in a photo's preview."""

    path: Path
    long_side_px: int
    generators: Mapping[str, str]


@dataclass(frozen=True)
class ReadPicture(Command):
    """Read a photo at full size for looking at it closely."""

    path: Path


@dataclass(frozen=True)
class ReadMask(Command):
    """Read the marks in a mask file."""

    path: Path


@dataclass(frozen=True)
class RestorePhoto(MarkedCommand):
    spec: JobSpec
    recipe: Recipe
    hints: tuple[Hint, ...]
    generators: Mapping[str, str]


@dataclass(frozen=True)
class Cancel(Command):
    """Stop `job`, wherever it is; answered by its Failed with the code "cancelled" (or by its result, if that was faster)."""


@dataclass(frozen=True)
class Quit:
    """Stop everything and end."""


# ---------------------------------------------------------------------------------------------------------------- events


@dataclass(frozen=True)
class Event:
    job: int


@dataclass(frozen=True)
class Began(Event):
    """The child works on this job now: if the process dies, this job may be the cause."""


@dataclass(frozen=True)
class Progressed(Event):
    progress: Progress


@dataclass(frozen=True)
class DeviceLine:
    """One device as the menu shows it. reason: why it is not usable, empty if it is."""

    name: str
    usable: bool
    reason: str


@dataclass(frozen=True)
class WarmedUp(Event):
    """devices: all known ones; running: the name of the one that really runs; fell_back: why it is not the wanted one."""

    devices: tuple[DeviceLine, ...]
    running: str
    fell_back: str


@dataclass(frozen=True)
class PhotosFound(Event):
    paths: tuple[Path, ...]


@dataclass(frozen=True)
class ThumbnailMade(Event):
    """picture: (h, w, 4) uint8 in QImage.Format_RGB32's order of bytes."""

    picture: SharedArray


@dataclass(frozen=True)
class PreviewRead(Event):
    """picture: (h, w, 1 or 3) uint8 in sRGB, upright. width, height: of the whole photo."""

    picture: SharedArray
    width: int
    height: int


@dataclass(frozen=True)
class PreviewAnalysed(Event):
    """analyses: step -> what was found, for exactly the recipe of the command and what it says; notes: lines for the reader."""

    analyses: Mapping[str, Analysis]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ColouringsFound(Event):
    """found: the likeliest first, the others in the order in which they differ; empty for a photo that has colour already."""

    found: tuple[Candidate, ...]


@dataclass(frozen=True)
class FacesFound(Event):
    """faces: in pixels of the preview, the largest first; empty too where nothing finds faces."""

    faces: tuple[Face, ...]


@dataclass(frozen=True)
class PictureRead(Event):
    """picture: (h, w, 4) uint8 in QImage.Format_RGB32's order of bytes."""

    picture: SharedArray


@dataclass(frozen=True)
class MaskRead(Event):
    marks: SharedMarks


@dataclass(frozen=True)
class Restored(Event):
    """One ending of RestorePhoto: also for a photo that failed, was skipped or was cancelled."""

    result: PhotoResult


@dataclass(frozen=True)
class Failed(Event):
    """The other ending of every command. details: for the log and “Copy details”, never for a label."""

    error: EngineError
    details: str = ""
