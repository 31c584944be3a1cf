"""`autochrome-train evaluate DETECTOR PHOTOS --boxes LABELS.jsonl`: which of another detector's faces a detector finds."""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path
from typing import Any

from training.commands.outcome import LOOKS


def add(evaluate: Any) -> None:
    """The words that judge a detector."""
    evaluate.add_argument(
        "--boxes", type=Path, metavar="LABELS.jsonl",
        help="judge a detector by these faces of the photos (`autochrome-train data faces`)",
    )  # fmt: skip
    evaluate.add_argument(
        "--sure", type=float, metavar="SCORE", help="of a detector: what counts as found (the engine's)"
    )


def run(options: argparse.Namespace) -> int:
    import numpy as np
    from PIL import Image

    from engine import faces
    from training.data import face_finders, face_labels
    from training.data.photos import members
    from training.judging import face_finding

    labels = face_labels.read(options.boxes)
    if options.limit:
        chosen = np.unique(np.linspace(0, len(labels) - 1, options.limit).astype(int))
        labels = [labels[index] for index in chosen]
    sure = faces.SURE if options.sure is None else options.sure
    finder = face_finders.load(Path(options.generator))
    judged = face_finding.judge(finder, options.photos, labels, sure=sure, looks=faces.LOOKS)
    figures = {name: round(value, 4) for name, value in face_finding.figures(judged).items()}
    print(json.dumps(figures, indent=1))
    if options.json:
        each = [
            {
                key: value.tolist() if isinstance(value, np.ndarray) else value
                for key, value in dataclasses.asdict(seen).items()
            }
            for seen in judged
        ]
        options.json.write_text(json.dumps({"figures": figures, "photos": each}, indent=1))
    if options.sheet:
        worst = sorted(judged, key=lambda seen: -len(seen.missed) - len(seen.false))[:LOOKS]
        wanted = {seen.name: seen for seen in worst}
        pictures = {name: face_labels.upright(content) for name, content in members(options.photos) if name in wanted}
        squares = [face_finding.drawn(pictures[name], seen) for name, seen in wanted.items()]  # type: ignore[arg-type]
        sheet = Image.new("RGB", (4 * squares[0].width, -(-len(squares) // 4) * squares[0].height))
        for index, square in enumerate(squares):
            sheet.paste(square, (index % 4 * square.width, index // 4 * square.height))
        sheet.save(options.sheet)
    return 0
