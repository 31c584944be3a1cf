"""`autochrome-train data faces`: the faces that a detector finds in photographs, as a list to learn from or to judge by."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add(commands: Any) -> None:
    """The words of this command."""
    faces = commands.add_parser("faces", help="list the faces that a detector finds, to learn from or to judge by")
    faces.set_defaults(command=run)
    faces.add_argument("photos", type=Path, nargs="+", metavar="PHOTOS", help="folders, shards, packs or lists")
    detector = faces.add_mutually_exclusive_group(required=True)
    detector.add_argument(
        "--detector", type=Path, metavar="FILE", help="a card (.json), or an ONNX file with YuNet's outputs"
    )
    detector.add_argument("--none", action="store_true", help="the photos are known to show no face")
    faces.add_argument("--into", type=Path, required=True, metavar="LABELS.jsonl")
    faces.add_argument(
        "--sides",
        type=int,
        nargs="+",
        metavar="PX",
        help="long sides at which it looks at a photo (those of the engine)",
    )
    faces.add_argument(
        "--without", type=Path, nargs="+", default=[], metavar="PHOTOS", help="leave out what looks like one of these"
    )


def run(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from engine.faces import LOOKS
    from training.config import ConfigError
    from training.data import face_finders, face_labels

    sides = tuple(options.sides or LOOKS)
    if min(sides) < 32:
        raise ConfigError("--sides: a photo is looked at with a long side of 32 px at least")
    finder = None if options.none else face_finders.load(options.detector)
    found = face_labels.label(options.photos, finder, sides, options.without)
    photos, faces, left_out = face_labels.write(tqdm(found, unit=" photos", leave=False), options.into)
    print(f"{options.into}: {faces} faces on {photos} photos; {left_out} broken or held out")
    return 0
