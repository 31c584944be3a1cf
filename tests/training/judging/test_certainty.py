"""Doubt is judged by ranks: a map that follows the error gets 1, one against it -1, one that says nothing 0."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.generator import Restored
from tests.training.photographs import folder_of
from training import metrics
from training.config import ConfigError
from training.judging import certainty
from training.judging.pictures import as_picture, of_short_side, photos_in, read
from training.lab import lab_to_srgb

few_values = arrays(np.float64, st.integers(3, 30), elements=st.integers(-5, 5).map(float))
"""Short and with many ties."""


@settings(max_examples=40)
@given(few_values, st.randoms(use_true_random=False))
def test_it_is_spearmans_rank_correlation(first: np.ndarray, random: object) -> None:
    stats = pytest.importorskip("scipy.stats")
    second = first.copy()
    random.shuffle(second)  # type: ignore[attr-defined]
    assume(np.ptp(first) > 0)
    assert certainty.rank_correlation(first, second) == pytest.approx(stats.spearmanr(first, second).statistic)


@given(few_values)
def test_only_the_order_counts(values: np.ndarray) -> None:
    """A rising curve changes nothing, a falling one the sign, and nothing is beyond 1."""
    other = np.sin(7 * np.arange(len(values)))
    found = certainty.rank_correlation(values, other)
    assert -1 <= found <= 1
    assert certainty.rank_correlation(np.exp(values / 3), other) == pytest.approx(found, abs=1e-12)
    assert certainty.rank_correlation(-(values**3), other) == pytest.approx(-found, abs=1e-12)
    assert certainty.rank_correlation(other, values) == pytest.approx(found, abs=1e-12)


@given(few_values)
def test_a_picture_agrees_with_itself_unless_it_says_nothing(values: np.ndarray) -> None:
    found = certainty.rank_correlation(values.reshape(1, -1), values.reshape(1, -1))
    assert found == pytest.approx(0.0 if np.ptp(values) == 0 else 1.0)


def judged(files: list[Path], map_of: object) -> dict[str, float]:
    """A generator that answers grey, so that its error is the photo's own chroma, and knows the photos."""
    small = [of_short_side(read(file), 48) for file in files]
    asked = iter(small)

    def answer(image: np.ndarray) -> Restored:
        chroma = metrics.lab_of(next(asked))[1:].norm(dim=0).numpy()
        return Restored(image, map_of(chroma))  # type: ignore[operator]

    return certainty.judge(answer, files, size=48)


def test_a_map_that_knows_the_error_is_certain_of_it(tmp_path: Path) -> None:
    files = photos_in(folder_of(tmp_path, 3))
    knowing = judged(files, lambda chroma: np.float32(1 / (1 + chroma)))
    assert knowing["certainty"] == pytest.approx(1.0, abs=1e-3)
    assert knowing["certainty_low"] <= knowing["certainty"] <= knowing["certainty_high"]
    assert knowing["certainty_gain"] == pytest.approx(knowing["certainty"] - knowing["certainty_by_chroma"])
    assert judged(files, lambda chroma: np.float32(chroma / 200))["certainty"] == pytest.approx(-1.0, abs=1e-3)
    assert judged(files, lambda chroma: np.full(chroma.shape, 0.5, np.float32))["certainty"] == 0


def test_chroma_is_the_doubt_to_beat(tmp_path: Path) -> None:
    """Whoever answers with a fifth of the chroma is wrong by four times its answer, which the answer then tells."""
    files = photos_in(folder_of(tmp_path, 2))
    small = iter([of_short_side(read(file), 48) for file in files])

    def pale(image: np.ndarray) -> Restored:
        lab = metrics.lab_of(next(small))
        lab[0], lab[1:] = 60.0, 0.2 * lab[1:]
        return Restored(as_picture(lab_to_srgb(lab[None])[0]), np.full(image.shape[:2], 0.5, np.float32))

    figures = certainty.judge(pale, files, size=48)
    assert figures["certainty_by_chroma"] > 0.95 and figures["certainty"] == 0


def test_a_generator_that_tells_nothing_is_refused(tmp_path: Path) -> None:
    files = photos_in(folder_of(tmp_path, 1))
    with pytest.raises(ConfigError, match="does not say how sure it is"):
        certainty.judge(lambda image: Restored(image, None), files, size=48)
