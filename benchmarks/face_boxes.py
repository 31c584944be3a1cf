"""Finds faces for `autochrome-train evaluate --faces`: python benchmarks/face_boxes.py MODEL.onnx BOXES.json PHOTO|FOLDER...

MODEL.onnx is a detector for OpenCV's FaceDetectorYN, such as YuNet (libfacedetection, Apache-2.0), which does not come with
Autochrome. It sees the photo in colour, enlarged or shrunk to a short side of 640 pixels. BOXES.json then holds
{"file name": [[x, y, w, h], ...]} in pixels of the photo, largest face first; photos without a face are left out.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

SEEN_PX = 640
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("boxes", type=Path)
    parser.add_argument("photos", type=Path, nargs="+", help="photos, and folders of them")
    parser.add_argument("--sure", type=float, default=0.8, help="the score that a face must have, 0..1")
    parser.add_argument("--smallest", type=float, default=1 / 8, help="side of the box, as a share of the short side")
    parser.add_argument("--sheet", type=Path, metavar="FILE.png", help="the faces that were found, to look at")
    words = parser.parse_args()
    if not words.model.is_file():
        parser.error(f"there is no detector {words.model}")
    files = [file for path in words.photos for file in (sorted(path.rglob("*")) if path.is_dir() else [path])]
    files = [file for file in files if file.suffix.lower() in SUFFIXES]
    detector = cv2.FaceDetectorYN.create(str(words.model), "", (SEEN_PX, SEEN_PX), words.sure)
    found: dict[str, list[list[float]]] = {}
    cuts = []
    for file in files:
        with Image.open(file) as opened:
            photo = opened.convert("RGB")
        boxes = faces(detector, photo, words.smallest * min(photo.size))
        if boxes:
            found[file.name] = boxes
        cuts += [photo.crop((x, y, x + w, y + h)).resize((96, 96)) for x, y, w, h in boxes]
    words.boxes.write_text(json.dumps(found, indent=1), "utf-8")
    print(f"{words.boxes}: {len(cuts)} faces on {len(found)} of {len(files)} photos")
    if words.sheet and cuts:
        columns = 16
        sheet = Image.new("RGB", (96 * columns, 96 * -(-len(cuts) // columns)))
        for index, cut in enumerate(cuts):
            sheet.paste(cut, (96 * (index % columns), 96 * (index // columns)))
        sheet.save(words.sheet)
    return 0


def faces(detector: cv2.FaceDetectorYN, photo: Image.Image, smallest_px: float) -> list[list[float]]:
    """Boxes [x, y, w, h] in pixels of the photo whose sides are at least `smallest_px`, the largest first."""
    scale = SEEN_PX / min(photo.size)
    size = (round(photo.width * scale), round(photo.height * scale))
    seen = np.asarray(photo.resize(size, Image.Resampling.BILINEAR))[..., ::-1]
    detector.setInputSize(size)
    _, rows = detector.detect(np.ascontiguousarray(seen))
    boxes = [] if rows is None else [[round(float(side) / scale, 1) for side in row[:4]] for row in rows]
    large = [box for box in boxes if min(box[2:]) >= smallest_px]
    return sorted(large, key=lambda box: -box[2] * box[3])


if __name__ == "__main__":
    sys.exit(main())
