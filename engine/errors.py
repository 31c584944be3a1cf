"""Every failure that is expected: a stable code, one sentence for the reader, and what to do next.

    EngineError
    ├── PhotoMissing, PhotoUnreadable, PhotoTooLarge, FormatUnsupported      reading
    ├── FormatCannotHold, OutputUnwritable, OriginalInDanger                  writing
    ├── EnlargementTooLarge                                                   making larger
    ├── CardInvalid, GeneratorBroken, GeneratorMissing                        generators
    ├── DeviceUnavailable, OutOfMemory, EngineLost                            running
    ├── RecipeInvalid, SettingInvalid, SidecarInvalid, MaskUnreadable         what was asked for
    ├── ScansDiffer, PackageMissing                                           two scans of one print
    └── Cancelled                                                             the user said stop

Foreign exceptions are wrapped where they are met (`raise PhotoUnreadable(path) from error`). Tests, logs and help use the
code, never the text.
"""

from __future__ import annotations

from pathlib import Path

OPTIONS = ("name", "output", "model", "report", "format", "on-conflict", "mask", "second-scan")
"""Words of the command line that SettingInvalid may name besides the settings of steps."""

LONGEST_ECHO = 40


def shortened(text: str) -> str:
    """What somebody wrote, to be said again in a sentence: cut at 40 characters."""
    return text if len(text) <= LONGEST_ECHO else f"{text[: LONGEST_ECHO - 1]}…"


class EngineError(Exception):
    """A failure the user can read: `code` is stable, `sentence` says what and which file, `next_step` what to do."""

    code = "engine-error"

    def __init__(self, sentence: str, next_step: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.sentence} {self.next_step}".strip()

    def __reduce__(self) -> tuple[object, ...]:
        # Subclasses take other arguments than Exception stores; errors cross process borders, so they rebuild from these two.
        return (_rebuild, (type(self), self.sentence, self.next_step))


def _rebuild(kind: type[EngineError], sentence: str, next_step: str) -> EngineError:
    error = kind.__new__(kind)
    EngineError.__init__(error, sentence, next_step)
    return error


class PhotoMissing(EngineError):
    code = "photo-missing"

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"There is no “{path.name}” in {path.parent}.",
            "Look whether it was moved or renamed, or its name misspelt.",
        )


class PhotoUnreadable(EngineError):
    code = "photo-unreadable"

    def __init__(
        self,
        path: Path,
        reason: str = "it is damaged or not a photo",
        next_step: str = "Try opening it in an image viewer and saving a copy.",
    ) -> None:
        super().__init__(f"“{path.name}” could not be opened: {reason}.", next_step)


class PhotoTooLarge(EngineError):
    code = "photo-too-large"

    def __init__(self, path: Path, megapixels: float, limit: float) -> None:
        super().__init__(
            f"“{path.name}” has {megapixels:.0f} megapixels, more than the {limit:.0f} that Autochrome works with.",
            "Save a smaller copy and restore that.",
        )


class EnlargementTooLarge(EngineError):
    code = "enlargement-too-large"

    def __init__(self, times: str, megapixels: float, limit: float) -> None:
        super().__init__(
            f"Enlarged {times} times, the photo would have {megapixels:.0f} megapixels, more than the {limit:.0f} that "
            "Autochrome makes.",
            "Enlarge it less, or only a part of it.",
        )


class FormatUnsupported(EngineError):
    code = "format-unsupported"

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"“{path.name}” is {what}, which Autochrome cannot read.", "Save it as JPEG, PNG, WebP or TIFF."
        )


class FormatCannotHold(EngineError):
    code = "format-cannot-hold"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"“{path.name}” cannot be written: {reason}.", "Choose PNG or TIFF for it.")


class OutputUnwritable(EngineError):
    code = "output-unwritable"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"“{path.name}” could not be saved in {path.parent}: {reason}.", "Choose another folder.")


class OriginalInDanger(EngineError):
    code = "original-in-danger"

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"“{path.name}” is an original; Autochrome never writes over one.",
            "Choose another name or folder for the result.",
        )


class CardInvalid(EngineError):
    code = "card-invalid"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"The card “{path.name}” does not keep the contract: {reason}.", "Export the generator again.")


class GeneratorBroken(EngineError):
    code = "generator-broken"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"The generator “{name}” cannot be used: {reason}.", "Install it again or choose another one.")


class GeneratorMissing(EngineError):
    code = "generator-missing"

    def __init__(self, wanted: str, known: list[str]) -> None:
        there = ", ".join(known) if known else "none is installed"
        super().__init__(f"There is no generator “{shortened(wanted)}”.", f"Known ones: {there}.")

    @classmethod
    def of_kind(cls, kind: str, folder: Path) -> EngineError:
        """None of that kind is installed; `folder` is where the user's own belong."""
        next_step = f"Put one, its .onnx and its .json file, into “{folder}”."
        return _rebuild(cls, f"No generator of the kind “{kind}” is installed.", next_step)


class DeviceUnavailable(EngineError):
    code = "device-unavailable"

    def __init__(self, wanted: str, reason: str) -> None:
        super().__init__(f"“{wanted}” cannot be used on this computer: {reason}.", "Choose “auto” or “cpu”.")


class OutOfMemory(EngineError):
    code = "out-of-memory"

    def __init__(self, what: str) -> None:
        super().__init__(f"There was not enough memory for {what}.", "Close other programs or use a smaller copy.")


class EngineLost(EngineError):
    code = "engine-lost"

    def __init__(self, photo: str) -> None:
        super().__init__(
            f"The engine stopped while working on “{photo}”.",
            "It has been started again; press Retry to try this photo once more.",
        )


class RecipeInvalid(EngineError):
    code = "recipe-invalid"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"The recipe “{name}” cannot be used: {reason}.", "`autochrome-cli recipes` lists the bundled ones."
        )


class SettingInvalid(EngineError):
    code = "setting-invalid"

    def __init__(self, key: str, reason: str) -> None:
        step = "`autochrome-cli recipes --json` lists every setting."
        if key in OPTIONS:
            step = f"`autochrome-cli restore --help` explains --{key}."
        elif key == "hint":
            step = "Set the hint again."
        super().__init__(f"The setting “{shortened(key)}” cannot be used: {reason}.", step)


class SidecarInvalid(EngineError):
    code = "sidecar-invalid"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"The notes in “{path.name}” cannot be read: {reason}.", "Move the file away to start afresh.")


class ScansDiffer(EngineError):
    code = "scans-differ"

    def __init__(self) -> None:
        super().__init__(
            "These are not two scans of the same print.",
            "Scan the print twice, the second time turned by half a turn, and crop neither scan.",
        )

    @classmethod
    def in_size(cls, scale: float) -> EngineError:
        """They show the same, but at resolutions too far apart; `scale`: pixels of the second a pixel of the first."""
        times = max(scale, 1 / scale)
        sentence = f"The two scans are too different in size: one shows the print {times:.1f} times as large."
        return _rebuild(cls, sentence, "Scan the print twice at the same resolution.")


class PackageMissing(EngineError):
    code = "package-missing"

    def __init__(self, package: str, extra: str, what: str) -> None:
        super().__init__(
            f"“{package}” is not installed, and {what} needs it.",
            f"Install it with: pip install 'autochrome[{extra}]'.",
        )


class MaskUnreadable(EngineError):
    code = "mask-unreadable"

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The mask “{path.name}” cannot be read: it is damaged or not a picture.",
            "Save it as a PNG, white where the photo is damaged and black elsewhere.",
        )


class Cancelled(EngineError):
    code = "cancelled"

    def __init__(self) -> None:
        super().__init__("Stopped.")
