"""One photo through one recipe into one file: read, pipeline, write; a failure is a result, not an exception."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Literal

from engine.atomic import write_atomically
from engine.codecs import encode, metadata_of, original_bytes, read
from engine.errors import Cancelled, EngineError, OriginalInDanger, OutOfMemory, OutputUnwritable
from engine.face_wishes import FaceWish
from engine.hints import Hint
from engine.marks import Marks
from engine.photo import Metadata, Photo
from engine.pipeline import Outcome, Pipeline
from engine.plan import JobSpec, numbered
from engine.progress import CancelToken, Progress, Report, ignore, part, timed
from engine.provenance import add_provenance
from engine.recipe import Recipe

Status = Literal["done", "failed", "skipped", "cancelled"]

AS_IT_WAS = "left as it was"
QUALITY = 92
READ_SHARE, WORK_SHARE = 0.1, 0.85
_ATTEMPTS = 10_000

WRITING = threading.Lock()
"""Held while a result is put on the disk: who must end the program at once takes it first, and no half-written file stays."""


@dataclass(frozen=True)
class PhotoResult:
    """How one photo went.

    status: "done", "failed", "skipped" or "cancelled". output: the file that was written, None otherwise. error: why it failed.
    seconds: wall time. steps: those that changed the photo. generators: (name, sha256). provider: what they ran on.
    kept_metadata: of "icc", "exif", "xmp", "dpi" what the file had and the result has. notes: lines for the reader.
    """

    status: Status
    source: Path
    output: Path | None = None
    error: EngineError | None = None
    seconds: float = 0.0
    steps: tuple[str, ...] = ()
    generators: tuple[tuple[str, str], ...] = ()
    provider: str = ""
    kept_metadata: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The entry of a `--report` file."""
        return {
            "source": str(self.source),
            "status": self.status,
            "output": None if self.output is None else str(self.output),
            "error": None if self.error is None else str(self.error),
            "error_code": None if self.error is None else self.error.code,
            "seconds": round(self.seconds, 3),
            "steps": list(self.steps),
            "generators": [{"name": name, "sha256": sha256} for name, sha256 in self.generators],
            "provider": self.provider,
            "kept_metadata": list(self.kept_metadata),
            "notes": list(self.notes),
        }


@dataclass(frozen=True, eq=False)
class Begun:
    """What a job begins with. marks: None for none. notes: lines for the reader. begun_share: how much of the job this took."""

    photo: Photo
    marks: Marks | None
    notes: tuple[str, ...] = ()
    begun_share: float = READ_SHARE


@dataclass(frozen=True)
class Job:
    """What is to be done with one photo. quality: 1..100 for JPEG and WebP. provenance: say in the XMP what was done.

    hints, marks, face_wishes: what somebody said of the photo; None for no marks.
    """

    spec: JobSpec
    recipe: Recipe
    hints: tuple[Hint, ...] = ()
    quality: int = QUALITY
    provenance: bool = True
    marks: Marks | None = None
    face_wishes: tuple[FaceWish, ...] = ()

    def run(self, pipeline: Pipeline, report: Report = ignore, cancel: CancelToken | None = None) -> PhotoResult:
        """Restore the photo; returns in every case. What nobody foresaw is logged with its trace and told as unexpected."""
        begun = time.perf_counter()
        try:
            result = self._run(pipeline, timed(report), cancel or CancelToken())
        except Cancelled:
            result = PhotoResult("cancelled", self.spec.source)
        except EngineError as error:
            result = PhotoResult("failed", self.spec.source, error=error)
        except MemoryError:
            result = PhotoResult("failed", self.spec.source, error=OutOfMemory(f"“{self.spec.source.name}”"))
        except Exception:
            logging.getLogger(__name__).exception("unexpected failure with %s", self.spec.source)
            sentence = f"Something unexpected went wrong with “{self.spec.source.name}”."
            result = PhotoResult("failed", self.spec.source, error=EngineError(sentence, "The log has the details."))
        return replace(result, seconds=time.perf_counter() - begun)

    def _run(self, pipeline: Pipeline, report: Report, cancel: CancelToken) -> PhotoResult:
        cancel.check()
        if self.spec.problem is not None:
            raise self.spec.problem
        if self.spec.skip:
            return self._skipped()
        begun = self._begin(report, cancel)
        cancel.check()
        inside = part(report, begun.begun_share, WORK_SHARE)
        outcome = pipeline.run(begun.photo, self.recipe, self.hints, inside, cancel, begun.marks, self.face_wishes)
        report(Progress("Saving", WORK_SHARE))
        outcome = replace(outcome, notes=(*begun.notes, *outcome.notes))
        before = begun.photo.metadata
        if outcome.photo is begun.photo and before.format == self.spec.format and self._is_the_file:
            # Packing it once more would only lose detail, and whatever else the file holds.
            data, outcome = original_bytes(self.spec.source), replace(outcome, notes=(*outcome.notes, AS_IT_WAS))
            kept = _kept(before, before)
        else:
            data = encode(self._signed(outcome), self.spec.format, self.quality, self.spec.target)
            kept = _kept(before, metadata_of(data, self.spec.format))
        cancel.check()
        written = put(data, self.spec)
        report(Progress("Done", 1.0))
        return self._skipped() if written is None else self._done(outcome, written, kept)

    _is_the_file: ClassVar[bool] = True
    """Whether what `_begin` gives is the source file's photo, so that its bytes may stand for it."""

    def _begin(self, report: Report, cancel: CancelToken) -> Begun:
        report(Progress("Reading", 0.0))
        return Begun(read(self.spec.source), self.marks)

    def _signed(self, outcome: Outcome) -> Photo:
        """The result, with what was done written into its metadata where anything was."""
        if not (self.provenance and outcome.steps):
            return outcome.photo
        metadata = add_provenance(outcome.photo.metadata, self.recipe.name, list(outcome.generators))
        return replace(outcome.photo, metadata=metadata)

    def _done(self, outcome: Outcome, written: Path, kept: tuple[str, ...]) -> PhotoResult:
        return PhotoResult(
            "done",
            self.spec.source,
            written,
            steps=outcome.steps,
            generators=outcome.generators,
            provider=outcome.provider,
            kept_metadata=kept,
            notes=outcome.notes,
        )

    def _skipped(self) -> PhotoResult:
        reason = self.spec.left_out or f"“{self.spec.target.name}” is there already."
        return PhotoResult("skipped", self.spec.source, notes=(reason,))


def put(data: bytes, spec: JobSpec) -> Path | None:
    """Write a result where `spec` wants it, never over an original; the path written, None where a file appeared meanwhile and
    is to be kept.

    Raises:
        OriginalInDanger, OutputUnwritable.
    """
    overwrite = spec.on_conflict == "overwrite"
    for number in range(1, _ATTEMPTS):
        target = numbered(spec.target, number)
        if spec.originals.holds(target):
            if spec.on_conflict == "rename":
                continue
            raise OriginalInDanger(target)
        _make_folder(target)
        try:
            with WRITING:
                write_atomically(target, data, overwrite=overwrite)
        except FileExistsError:
            if spec.on_conflict == "skip":
                return None
        else:
            return target
    raise OutputUnwritable(spec.target, "too many files have that name")


def _make_folder(target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise OutputUnwritable(target, "a file stands where that folder should be") from error
    except OSError as error:
        raise OutputUnwritable(target, "that folder cannot be made") from error


def _kept(before: Metadata, after: Metadata) -> tuple[str, ...]:
    """Of "icc", "exif", "xmp", "dpi" what both have."""
    words = ("icc", "exif", "xmp", "dpi")
    return tuple(word for word in words if getattr(before, word) is not None and getattr(after, word) is not None)
