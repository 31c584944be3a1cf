"""`autochrome-cli colourings`: several plausible colourings of one photo as small pictures, and a sheet of them all."""

from __future__ import annotations

import argparse
import os
import re
from dataclasses import replace
from pathlib import Path

from engine.candidates import candidates
from engine.codecs import encode, read_preview
from engine.commands.restore import generators_chosen
from engine.commands.wishes import Wishes
from engine.contactsheet import contact_sheet
from engine.job import QUALITY, put
from engine.loader import Loader
from engine.originals import Originals
from engine.photo import Photo
from engine.pipeline import Pipeline
from engine.plan import JobSpec
from engine.provenance import add_provenance
from engine.recipe import Recipe
from engine.steps.colorize import ALREADY_COLOUR
from engine.steps.step import Tools

LONG_SIDE_PX = 1024
FOLDER = "colourings"


def colourings(options: argparse.Namespace) -> int:
    """Run the command and return its exit code. Raises EngineError for arguments or a photo that cannot be used."""
    from engine.cli import DONE, SOME_FAILED
    from engine.library import ModelLibrary
    from engine.session import Device

    source: Path = options.photo
    wish = Wishes(None, options.settings, not options.no_sidecar).of(source)
    settings = wish.recipe.entry("colorize").settings
    photo = read_preview(source, LONG_SIDE_PX)
    loader = Loader(ModelLibrary(), Device(options.device), generators_chosen(options.models))
    pipeline = Pipeline(loader)
    seen = pipeline.before(photo, wish.recipe, "colorize", wish.hints)
    found = candidates(seen, settings, Tools(loader, wish.hints), options.most)
    if not found:
        print(f"{source.name}: {ALREADY_COLOUR}")
        return SOME_FAILED
    recipe = _up_to_colour(wish.recipe)
    earlier = pipeline.analyse(photo, recipe.with_enabled("colorize", False), wish.hints)
    card = loader.card("colorize")
    folder: Path = options.output or source.parent / FOLDER
    run = _run(folder, source.stem)

    def write(picture: Photo, word: str) -> Path | None:
        target = folder / f"{source.stem}-{word}{run}.jpg"
        metadata = add_provenance(picture.metadata, recipe.name, [(card.name, card.digest)])
        data = encode(replace(picture, alpha=None, metadata=metadata), "jpeg", QUALITY, target)
        return put(data, JobSpec(source, target, "jpeg", originals=Originals.of([source])))

    pictures = [pipeline.apply_all(photo, recipe, {**earlier, "colorize": one.analysis}) for one in found]
    for one, picture in zip(found, pictures, strict=True):
        write(picture, f"colouring-{one.number}")
    numbers = ["0, the likeliest", *(str(one.number) for one in found[1:])]
    sheet = write(contact_sheet(pictures, numbers), FOLDER)
    notes = "".join(f"  ({note})" for note in wish.notes)
    print(f"{source.name} → {sheet}  with {len(found)} of them; --set colorize.candidate=NUMBER takes one{notes}")
    return DONE


def _run(folder: Path, stem: str) -> str:
    """What tells the files of this run from those of earlier ones: "" for a photo's first run, then "-run2", "-run3", …"""
    written = re.compile(rf"{re.escape(stem)}-colouring(?:s|-\d+)(?:-run(\d{{1,6}}))?\.jpg", re.IGNORECASE)
    names = os.listdir(folder) if os.path.isdir(folder) else []
    runs = [int(match[1] or 1) for name in names if (match := written.fullmatch(name))]
    return f"-run{max(runs) + 1}" if runs else ""


def _up_to_colour(recipe: Recipe) -> Recipe:
    """The recipe without what comes after `colorize`, which is switched on."""
    place = recipe.entries.index(recipe.entry("colorize"))
    return replace(recipe, entries=recipe.entries[: place + 1]).with_enabled("colorize", True)
