"""A tone generator is judged as the app uses it: it sees a small copy, the answer has the photo's size and detail."""

from __future__ import annotations

import numpy as np

from tests.training.photographs import picture
from training.judging.degrading import Degraded
from training.judging.toning import toned


def test_what_it_makes_of_the_small_copy_is_laid_over_the_photo() -> None:
    seen = []

    def stretch(small: np.ndarray) -> np.ndarray:
        seen.append(small.shape)
        return ((small - 0.2) / 0.6).clip(0, 1).astype(np.float32)

    photo = np.asarray(picture(1), np.float32) / 255
    answer = toned(stretch, 32)(Degraded(0.2 + 0.6 * photo, photo))
    assert min(seen[0][:2]) == 32 and answer.shape == photo.shape
    assert float(np.abs(answer - photo).mean()) < 0.01
