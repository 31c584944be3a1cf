"""A recipe over a photo: every step analysed, then applied; what was found is kept and used again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakKeyDictionary

from engine.face_wishes import FaceWish
from engine.fingerprint import fingerprint
from engine.hints import Hint
from engine.kept import Kept
from engine.marks import Marks
from engine.photo import Photo
from engine.progress import CancelToken, Progress, Report, ignore, part
from engine.recipe import Recipe, RecipeEntry
from engine.steps import STEPS
from engine.steps.step import Analysis, Tools, settings_of

if TYPE_CHECKING:
    from engine.card import Card
    from engine.faces import Face
    from engine.generator import Generator

Key = tuple[object, ...]

CACHE_BYTES = 128_000_000
ANALYSE_SHARE = 0.5
PREVIEW_PIXELS = 4_000_000


class Loads(Protocol):
    """What gives generators: `loader.Loader`, or a stand-in."""

    def __call__(self, kind: str) -> Generator: ...

    def card(self, kind: str) -> Card: ...

    def detector_card(self) -> Card | None: ...

    def faces(self, photo: Photo, cancel: CancelToken | None = None) -> tuple[Face, ...]: ...

    @property
    def runs_on(self) -> str: ...


class AnalysisCache(Kept[Analysis]):
    """Analyses by everything that shaped them, and the fingerprints of photos."""

    def __init__(self, max_bytes: int = CACHE_BYTES) -> None:
        super().__init__(max_bytes, _size)
        self._fingerprints: WeakKeyDictionary[Photo, str] = WeakKeyDictionary()

    def fingerprint(self, photo: Photo) -> str:
        """A hash of what the photo shows; found once a photo (about a gigabyte a second)."""
        with self._lock:
            known = self._fingerprints.get(photo)
        if known is None:
            known = fingerprint(photo)
            with self._lock:
                self._fingerprints[photo] = known
        return known


@dataclass(frozen=True, eq=False)
class Outcome:
    """A photo that went through a recipe.

    photo: the result (the very photo handed in if nothing changed it). analyses: step -> what was found. notes: lines for
    the reader. steps: the steps that changed the photo, in order. generators: (name, sha256) of those that had a part in
    it. provider: what the last of them ran on, "" if none ran.
    """

    photo: Photo
    analyses: dict[str, Analysis]
    notes: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    generators: tuple[tuple[str, str], ...] = ()
    provider: str = ""


class Pipeline:
    """Recipes over photos, with generators from `loader` and a cache of what they found."""

    def __init__(self, loader: Loads, cache: AnalysisCache | None = None) -> None:
        self._loader = loader
        self._cache = cache if cache is not None else AnalysisCache()

    def run(
        self,
        photo: Photo,
        recipe: Recipe,
        hints: tuple[Hint, ...] = (),
        report: Report = ignore,
        cancel: CancelToken | None = None,
        marks: Marks | None = None,
        face_wishes: tuple[FaceWish, ...] = (),
    ) -> Outcome:
        """Analyse, then apply. Raises any EngineError of a step or generator, Cancelled among them."""
        token = cancel or CancelToken()
        analyses = self.analyse(photo, recipe, hints, part(report, 0.0, ANALYSE_SHARE), token, marks, face_wishes)
        result, changed = photo, []
        for number, entry in enumerate(recipe.enabled):
            step = STEPS[entry.step]
            share = (1 - ANALYSE_SHARE) / len(recipe.enabled)
            inside = part(report, ANALYSE_SHARE + share * number, ANALYSE_SHARE + share * (number + 1))
            inside(Progress(step.title, 0.0))
            after = step.apply(result, analyses[entry.step], entry.settings, token, inside)
            changed += [entry.step] if after is not result else []
            result = after
        kinds = [entry.kind for entry in recipe.enabled if entry.step in changed]
        notes = tuple(analysis.note for analysis in analyses.values() if analysis.note)
        generators = tuple((card.name, card.digest) for card in map(self._loader.card, kinds))
        provider = self._loader(kinds[-1]).provider if kinds else ""
        return Outcome(result, analyses, notes, tuple(changed), generators, provider)

    def analyse(
        self,
        photo: Photo,
        recipe: Recipe,
        hints: tuple[Hint, ...] = (),
        report: Report = ignore,
        cancel: CancelToken | None = None,
        marks: Marks | None = None,
        face_wishes: tuple[FaceWish, ...] = (),
    ) -> dict[str, Analysis]:
        """Step -> Analysis of every enabled step, from the cache where it is there.

        A step sees the photo as the enabled steps before it leave it at their default strengths. So an analysis depends on
        nothing that a slider changes, and the order in which sliders were moved cannot show in a result.
        """
        token = cancel or CancelToken()
        marks = None if marks is None or marks.is_empty else marks
        before = _Before(photo)
        key: Key = (self._cache.fingerprint(photo),)
        analyses: dict[str, Analysis] = {}
        for number, entry in enumerate(recipe.enabled):
            token.check()
            key += self._key(entry, hints, marks, face_wishes)
            analysis = self._cache.get(key)
            if analysis is None:
                step, share = STEPS[entry.step], 1 / len(recipe.enabled)
                inside = part(report, number * share, (number + 1) * share)
                inside(Progress(step.title, 0.0))
                tools = Tools(
                    self._loader,
                    hints if step.uses_hints else (),
                    inside,
                    token,
                    marks if step.uses_marks else None,
                    lambda seen: self._loader.faces(seen, token),
                    face_wishes if step.uses_faces else (),
                )
                analysis = step.analyse(before.photo(token), _slow_only(entry.settings), tools)
                self._cache.put(key, analysis)
            analyses[entry.step] = analysis
            before.done.append((entry, analysis))
        return analyses

    def before(
        self,
        photo: Photo,
        recipe: Recipe,
        step: str,
        hints: tuple[Hint, ...] = (),
        cancel: CancelToken | None = None,
        marks: Marks | None = None,
        face_wishes: tuple[FaceWish, ...] = (),
    ) -> Photo:
        """What `analyse` shows to a step: the photo as the enabled steps before it leave it at their default strengths.

        Raises:
            SettingInvalid: the recipe has no such step. Any EngineError of the steps before it, Cancelled among them.
        """
        token = cancel or CancelToken()
        earlier = replace(recipe, entries=recipe.entries[: recipe.entries.index(recipe.entry(step))])
        analyses = self.analyse(photo, earlier, hints, cancel=token, marks=marks, face_wishes=face_wishes)
        return _Before(photo, [(entry, analyses[entry.step]) for entry in earlier.enabled]).photo(token)

    @staticmethod
    def apply_all(
        photo: Photo, recipe: Recipe, analyses: Mapping[str, Analysis], cancel: CancelToken | None = None
    ) -> Photo:
        """The enabled steps applied to a photo of any size, arithmetic alone; a step not analysed yet is left out (previews).

        For photos of preview size the last result of each step is kept as long as the photo lives, so that moving a slider of
        one step does not repeat those before it.
        """
        token = cancel or CancelToken()
        for entry in recipe.enabled:
            if entry.step in analyses:
                photo = _applied(photo, entry, analyses[entry.step], token)
        return photo

    def _key(
        self, entry: RecipeEntry, hints: tuple[Hint, ...], marks: Marks | None, face_wishes: tuple[FaceWish, ...]
    ) -> Key:
        """What this step adds to the key of itself and of everything after it."""
        step = STEPS[entry.step]
        slow = tuple((s.name, getattr(entry.settings, s.name)) for s in settings_of(type(entry.settings)) if s.slow)
        kind = entry.kind
        generator = (self._loader.card(kind).digest, self._loader.runs_on)
        said = (hints if step.uses_hints else (), marks.digest if marks is not None and step.uses_marks else "")
        detector = self._loader.detector_card() if step.uses_faces else None
        faces = (detector.digest, face_wishes) if detector is not None else ()
        return (entry.step, slow, generator, *said, faces)


_last_results: WeakKeyDictionary[Photo, dict[str, tuple[Analysis, Any, Photo]]] = WeakKeyDictionary()


def _applied(photo: Photo, entry: RecipeEntry, analysis: Analysis, cancel: CancelToken) -> Photo:
    kept = _last_results.setdefault(photo, {})
    if entry.step in kept and kept[entry.step][0] is analysis and kept[entry.step][1] == entry.settings:
        return kept[entry.step][2]
    result = STEPS[entry.step].apply(photo, analysis, entry.settings, cancel)
    # A photo must not be its own value here, or it would live for ever.
    if result is not photo and photo.height * photo.width <= PREVIEW_PIXELS:
        kept[entry.step] = (analysis, entry.settings, result)
    return result


@dataclass
class _Before:
    """The photo as analysed steps leave it at default strengths; worked out only when a step needs it."""

    current: Photo
    done: list[tuple[RecipeEntry, Analysis]] = field(default_factory=list)

    def photo(self, cancel: CancelToken) -> Photo:
        for entry, analysis in self.done:
            self.current = STEPS[entry.step].apply(self.current, analysis, _slow_only(entry.settings), cancel)
        self.done.clear()
        return self.current


def _slow_only(settings: Any) -> Any:
    """`settings` with everything that is not slow at its default."""
    return replace(settings, **{s.name: s.default for s in settings_of(type(settings)) if not s.slow})


def _size(analysis: Analysis) -> int:
    return 1000 + sum(array.nbytes for array in analysis.arrays.values())
