"""What `autochrome-train evaluate` asks of restorers: generators beside each other and beside baselines, or a whole recipe."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from training.commands.outcome import LOOKS, Outcome, bar, features_of, load_generator

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engine.generator import Generator
    from engine.recipe import Recipe
    from training.judging.degrading import Conditions, Degraded
    from training.judging.pictures import Picture
    from training.judging.restoring import Answer

FIGURES = (
    "psnr_gain", "ssim_gain", "perceptual_damaged", "seconds_per_mp", "recall_1_2", "recall_3_8", "recall_9_24", "recall_25_60",
    "precision_1_2", "precision_3_8", "precision_9_24", "precision_25_60", "damaged", "false_alarm_aged",
)  # fmt: skip
"""Those of restorers that no run is judged by while it learns, in the order in which a table shows them."""


def add(evaluate: argparse.ArgumentParser) -> None:
    """The words for restorers alone."""
    restorers = evaluate.add_argument_group("restorers")
    restorers.add_argument("--strength", type=float, default=1.0, help="of the ageing or the noise: 1 full, 0.5 half")
    restorers.add_argument(
        "--textures", type=Path, metavar="FOLDER", help="damage of your own over the aged photos: each fifth file of it"
    )
    restorers.add_argument(
        "--beside",
        type=Path,
        nargs="+",
        default=(),
        metavar="CARD",
        help="other generators, judged on the same pictures",
    )
    restorers.add_argument(
        "--style", type=float, nargs="+", metavar="NUMBER",
        help="not the default answer of GENERATOR: 1 is the faithful one of an upscaler; those beside it keep theirs",
    )  # fmt: skip
    restorers.add_argument("--seconds", action="store_true", help="also: how long each takes for a megapixel")
    restorers.add_argument(
        "--scale", type=int, help="of the enlarging, where GENERATOR is a recipe; else what its card says"
    )
    restorers.add_argument(
        "--generators", type=Path, metavar="FOLDER", help="from where a recipe takes its generators; the app's own"
    )
    restorers.add_argument(
        "--threshold", type=float, default=0.5, help="find: from what probability on a pixel is called damaged"
    )


def refused(options: argparse.Namespace) -> str:
    """What to call the first word for restorers alone that was given; "" where none was."""
    given = {
        "--textures": options.textures is not None,
        "--beside": bool(options.beside),
        "--style": options.style is not None,
        "--seconds": options.seconds,
        "--scale": options.scale is not None,
        "--generators": options.generators is not None,
    }
    return next((f"{word} is" for word, there in given.items() if there), "")


def judged(options: argparse.Namespace, task: str, asked: Generator | Recipe, files: Sequence[Path]) -> Outcome:
    """Judge a restorer, a generator or a recipe, on `task`. Raises ConfigError where the words do not fit together."""
    from engine.recipe import Recipe
    from training.judging import restoring

    scale = _scale(options, task, asked)
    mine = Path(options.generator).stem
    answers, note = restoring.to_beat(task) if options.table else ({}, "")
    for name, generator in _beside(options, mine).items():
        _check(name, generator, task, scale)
        answers[name] = _answer(generator)
    answers[mine] = _through_app(options, asked) if isinstance(asked, Recipe) else _answer(asked, options.style)
    reports = restoring.judge(
        answers, task, files, size=options.size or 0, conditions=_conditions(options, scale),
        features=features_of(options), timed=options.seconds, sheet=LOOKS if options.sheet else 0,
        progress=bar(len(files)),
    )  # fmt: skip
    about = {"size": options.size or 0, "strength": options.strength, "scale": scale}
    way = ", through the app" if isinstance(asked, Recipe) else ""
    return Outcome(about, reports.pop(mine), reports, note, way=way)


def found(options: argparse.Namespace, asked: Generator | Recipe, files: Sequence[Path]) -> Outcome:
    """Judge how a generator finds damage. Raises ConfigError where it does not say where damage is."""
    from engine.damage_finding import damage_in
    from engine.recipe import Recipe
    from training.config import ConfigError
    from training.judging import finding

    if isinstance(asked, Recipe):
        raise ConfigError("a recipe does not tell how sure it is of each pixel: find is judged of a generator")
    if options.features:
        raise ConfigError("find is judged by maps, without --features")
    mine = Path(options.generator).stem
    finders = {mine: asked} | _beside(options, mine)
    missing = next((name for name, generator in finders.items() if "map" not in generator.card.outputs), None)
    if missing is not None:
        raise ConfigError(f"{missing} does not say where damage is: it has no output `map`")
    reports, curves = finding.judge(
        {name: partial(damage_in, generator=generator) for name, generator in finders.items()}, files, size=options.size or 0,
        conditions=_conditions(options, 1), threshold=options.threshold, sheet=LOOKS if options.sheet else 0,
        progress=bar(len(files)),
    )  # fmt: skip
    about = {"size": options.size or 0, "strength": options.strength, "threshold": options.threshold}
    return Outcome(about, reports.pop(mine), reports, curve=curves[mine], curve_name="thresholds")


def _conditions(options: argparse.Namespace, scale: int) -> Conditions:
    from training.ageing.textures import Textures
    from training.judging.degrading import Conditions

    textures = Textures(options.textures, judging=True) if options.textures else None
    return Conditions(options.strength, scale, textures)


def _beside(options: argparse.Namespace, mine: str) -> dict[str, Generator]:
    """The other generators by the names of their files. Raises ConfigError for one that is named twice."""
    from training.config import ConfigError

    others: dict[str, Generator] = {}
    for path in options.beside:
        if path.stem in others:
            raise ConfigError(f"--beside names {path.stem} twice")
        name = f"{path.stem}, default" if path.stem == mine else path.stem
        others[name] = load_generator(path)
    return others


def _answer(generator: Generator, style: Sequence[float] | None = None) -> Answer:
    import numpy as np

    from training.judging.toning import toned

    wanted = None if style is None else np.array(style, np.float32)
    if generator.card.kind == "tone":
        return toned(lambda small: generator.run(small, style=wanted).image, generator.card.working_size)

    def answer(worse: Degraded) -> Picture:
        if worse.told and worse.damage is not None:
            return _mended(generator, worse.picture, worse.damage, worse.seen)
        return generator.run_tiled(worse.picture, style=wanted).image

    return answer


def _mended(generator: Generator, picture: Picture, damage: NDArray[np.bool_], seen: bool) -> Picture:
    """The picture with its damage mended as the app mends what was marked, or, `seen`, what was found; without grain, and faces
    like all else."""
    import numpy as np

    from engine.exemplars import wide_places
    from engine.filling import Filling
    from engine.kept import KeptArrays
    from engine.mending import mended
    from engine.progress import CancelToken, ignore

    filling = Filling(generator, KeptArrays(0), CancelToken())
    whole, through = picture.copy(), damage & seen
    nowhere = np.zeros_like(damage)
    whole[damage] = mended(picture, damage, through, wide_places(damage & ~through), nowhere, filling, ignore)
    return whole


def _through_app(options: argparse.Namespace, recipe: Recipe) -> Answer:
    from engine.library import ModelLibrary
    from engine.loader import Loader
    from engine.session import Device
    from training.judging.through_recipe import through_recipe

    library = ModelLibrary(None if options.generators is None else [options.generators])
    return through_recipe(recipe, Loader(library, Device("cpu")))


def _scale(options: argparse.Namespace, task: str, asked: Generator | Recipe) -> int:
    """How much larger than the picture the answer to `task` is. Raises ConfigError where `asked` does not answer so."""
    from engine.recipe import Recipe
    from training.config import ConfigError
    from training.judging.degrading import ENLARGING

    if task not in ENLARGING:
        if options.scale is not None:
            raise ConfigError(f"--scale is for enlarging, not for {task}")
        if isinstance(asked, Recipe):
            return 1
    if isinstance(asked, Recipe):
        if options.scale is None:
            raise ConfigError(f"{task}: say with --scale how much the recipe {asked.name} enlarges")
        return int(options.scale)
    if options.scale is not None:
        raise ConfigError("--scale is for a recipe: a generator's card says it")
    _check(Path(options.generator).stem, asked, task, asked.card.scale)
    return asked.card.scale


def _check(name: str, generator: Generator, task: str, scale: int) -> None:
    """Raises ConfigError for a generator that cannot answer `task` with `scale`."""
    from training.config import ConfigError
    from training.judging.degrading import ENLARGING, TOLD

    if task in ENLARGING and generator.card.scale == 1:
        raise ConfigError(f"{name}: it answers with as many pixels as it gets, so it cannot be judged on {task}")
    if generator.card.scale != (scale if task in ENLARGING else 1):
        raise ConfigError(f"{name} enlarges {generator.card.scale} times, which {task} does not ask for here")
    if task in TOLD and not generator.takes_guide:
        raise ConfigError(f"{name} cannot be told where damage is: it has no input `guide`")
