"""What a step is: two functions, `analyse` (slow, a generator) and `apply` (arithmetic), and settings declared once."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import Field, dataclass, field, fields
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from engine.errors import GeneratorMissing, SettingInvalid, shortened
from engine.face_wishes import FaceWish
from engine.hints import Hint
from engine.marks import Marks
from engine.photo import Photo
from engine.progress import CancelToken, Report, ignore

if TYPE_CHECKING:
    from engine.faces import Face
    from engine.generator import Generator

Value = bool | int | float | str

_KIND_WORDS = {bool: "on or off", int: "a whole number", float: "a number", str: "a text"}


@dataclass(frozen=True)
class Setting:
    """One setting as the command line, the recipe, the window's panel and docs/recipes.md show it.

    kind: bool, int, float or str (a choice). slow: changing it runs the generator again.
    main: the one shown first, the others stand behind "more". zero: what 0 stands for, in words ("automatic"); 0 is
    then allowed also outside the range. by_eye: chosen by looking at one photo, so it stays with that photo (Recipe.shared).
    """

    name: str
    label: str
    sentence: str
    kind: type
    default: Value
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    choices: tuple[str, ...] = ()
    slow: bool = False
    main: bool = False
    zero: str = ""
    by_eye: bool = False

    def check(self, step: str, value: object) -> Value:
        """`value` as this setting's type.

        Raises:
            SettingInvalid: of another type, out of range, or not one of the choices.
        """
        key = f"{step}.{self.name}"
        if self.kind is float and type(value) is int:
            with contextlib.suppress(OverflowError):  # a number of hundreds of digits is out of range below
                value = float(value)
        if type(value) is not self.kind and not (self.kind is float and type(value) is int):
            raise SettingInvalid(key, f"{shortened(repr(value))} is not {_KIND_WORDS[self.kind]}")
        if self.choices and value not in self.choices:
            raise SettingInvalid(key, f"{shortened(repr(value))} is not one of {', '.join(self.choices)}")
        if self.minimum is not None and self.maximum is not None:
            assert isinstance(value, int | float)
            if not self.minimum <= value <= self.maximum and not (self.zero and value == 0):
                or_zero = f", nor 0 ({self.zero})" if self.zero and self.minimum > 0 else ""
                raise SettingInvalid(
                    key, f"{shortened(str(value))} is not between {self.minimum:g} and {self.maximum:g}{or_zero}"
                )
        return value  # type: ignore[return-value]

    def parse(self, step: str, text: str) -> Value:
        """`text` of `--set step.name=text` as a value of this setting. Raises SettingInvalid."""
        key = f"{step}.{self.name}"
        if self.kind is bool:
            words = {
                "on": True,
                "true": True,
                "yes": True,
                "1": True,
                "off": False,
                "false": False,
                "no": False,
                "0": False,
            }
            if text.lower() not in words:
                raise SettingInvalid(key, f"{shortened(repr(text))} is neither on nor off")
            return words[text.lower()]
        try:
            return self.check(step, self.kind(text))
        except ValueError as error:
            raise SettingInvalid(key, f"{shortened(repr(text))} is not {_KIND_WORDS[self.kind]}") from error


def setting(
    default: Value,
    label: str,
    sentence: str,
    *,
    between: tuple[float, float] | None = None,
    unit: str = "",
    choices: tuple[str, ...] = (),
    slow: bool = False,
    main: bool = False,
    zero: str = "",
    by_eye: bool = False,
) -> Any:
    """A dataclass field that carries its declaration: use it for every field of a step's Settings."""
    low, high = between if between is not None else (None, None)
    declared = {"label": label, "sentence": sentence, "minimum": low, "maximum": high, "unit": unit, "choices": choices}
    return field(default=default, metadata=declared | {"slow": slow, "main": main, "zero": zero, "by_eye": by_eye})


def settings_of(settings_type: type) -> Iterator[Setting]:
    """The declarations of a Settings dataclass, in order."""
    for item in fields(settings_type):
        yield _declared(item)


def _declared(item: Field[Any]) -> Setting:
    default = cast(Value, item.default)
    return Setting(name=item.name, kind=type(default), default=default, **item.metadata)


class StepSettings:
    """Base of every Settings dataclass: checks each value against its declaration when made."""

    step: str = ""

    def __post_init__(self) -> None:
        for declared in settings_of(type(self)):
            object.__setattr__(self, declared.name, declared.check(self.step, getattr(self, declared.name)))


@dataclass(frozen=True, eq=False)
class Analysis:
    """What a step found in a photo: small arrays and numbers, independent of the size it will be applied at.

    arrays: e.g. {"chroma": float16 (h, w, 2)}; values: e.g. {"black": 0.03, "already_colour": False};
    note: a line for the report ("already in colour, left alone"), empty if none.
    """

    step: str
    arrays: dict[str, NDArray[np.generic]] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)
    note: str = ""


def _no_generator(kind: str) -> Generator:
    raise GeneratorMissing(kind, [])


def _no_faces(photo: Photo) -> tuple[Face, ...]:
    return ()


@dataclass(frozen=True)
class Tools:
    """What a step may use while it analyses.

    generator: kind ("colorize") -> the loaded generator chosen for it. hints, marks: the photo's, None for no marks.
    report, cancel: see progress.py.
    """

    generator: Callable[[str], Generator] = _no_generator
    hints: tuple[Hint, ...] = ()
    report: Report = ignore
    cancel: CancelToken = field(default_factory=CancelToken)
    marks: Marks | None = None
    faces: Callable[[Photo], tuple[Face, ...]] = _no_faces
    face_wishes: tuple[FaceWish, ...] = ()


class Step(Protocol):
    """One thing done to a photo. Modules in engine/steps each define one object of this shape, listed in steps.STEPS.

    name: its word in recipes ("colorize"); title, sentence: for the window; settings: the dataclass; kind: of the generator it
    needs; uses_hints, uses_marks: whether the photo's hints or marks shape its analysis; uses_faces: whether wishes for faces do.
    """

    name: str
    title: str
    sentence: str
    settings: type[Any]
    kind: str
    uses_hints: bool
    uses_marks: bool
    uses_faces: bool

    def analyse(self, photo: Photo, settings: Any, tools: Tools) -> Analysis:
        """Slow; reads of `settings` only the fields marked slow."""

    def apply(
        self, photo: Photo, analysis: Analysis, settings: Any, cancel: CancelToken, report: Report = ignore
    ) -> Photo:
        """Arithmetic on a photo of any size (full or preview); changes nothing -> returns `photo` itself."""
