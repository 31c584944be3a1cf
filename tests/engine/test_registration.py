"""Scans laid on each other: any turn, other sizes and tones, within a fraction of a pixel, and never what is not the same print."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np
import pytest

from engine.errors import Cancelled, PackageMissing, ScansDiffer
from engine.photo import Photo
from engine.progress import CancelToken
from engine.registration import Registration, register
from tests.engine import photos
from tests.engine.scans import photo, print_of, two

pytest.importorskip("cv2")


def errors(fit: Registration, scan: Any) -> np.ndarray:
    """How far places all over the print are laid beside the truth, in pixels of the first scan."""
    tall, wide = scan.picture.shape[:2]
    x, y = (part.ravel() for part in np.meshgrid(np.linspace(20, wide - 20, 15), np.linspace(20, tall - 20, 15)))
    there = fit.at(np.stack(scan.places(x, y), -1))
    return np.hypot(there[:, 0] - x, there[:, 1] - y) / fit.scale


@pytest.mark.parametrize(
    ("second", "turn"),
    [
        ({"turn_deg": 180.0}, 180),
        ({"turn_deg": 181.2, "shift_px": (4.3, -3.6), "gamma": 1.15, "gain": 0.9, "margin_px": 12}, 181.2),
        ({"turn_deg": 90.5}, 90.5),
        ({"turn_deg": 269.0, "scale": 1.4}, 269),
        ({"turn_deg": 0.8, "scale": 0.7, "perspective": 0.004}, 0.8),
    ],
)
def test_however_the_print_lay_each_pixel_is_found(second: dict[str, Any], turn: float) -> None:
    one, other = two(**second)
    fit = register(photo(one), photo(other))
    off = errors(fit, other)
    assert np.median(off) < 0.2 and off.max() < 0.8
    assert fit.turn_deg == pytest.approx(turn, abs=0.3) or fit.turn_deg == pytest.approx(360 + turn, abs=0.3)
    assert fit.scale == pytest.approx(second.get("scale", 1.0), rel=0.01)
    assert fit.is_opposite == (170 < turn < 190)
    assert fit.likeness > 0.6 and fit.error_px < 0.5 and fit.overlap > 0.9


def test_what_is_carried_over_is_the_same_picture() -> None:
    """In the depth of the second scan; and beyond its rim it goes on as the rim."""
    picture, _ = print_of()
    one, other = two(texture=0.0, dust=0, turn_deg=180.0)
    second = photo(other, np.uint16)
    laid = register(photo(one), second).carried(second.pixels)
    assert laid.dtype == np.uint16 and laid.shape == picture.shape
    assert np.abs(laid / 65535 - picture).mean() < 0.02


def test_other_prints_are_refused() -> None:
    one, other = two()[0], two("coffee")[1]
    with pytest.raises(ScansDiffer) as caught:
        register(photo(one), photo(other))
    assert "not two scans of the same print" in caught.value.sentence


@pytest.mark.parametrize("nothing", [photos.grey(40, 30), Photo(np.full((300, 200, 3), 90, np.uint8))])
def test_pictures_of_nothing_are_refused(nothing: Photo) -> None:
    with pytest.raises(ScansDiffer):
        register(photo(two()[0]), nothing)


def test_a_mirrored_print_is_refused() -> None:
    one, other = two(turn_deg=180.0)
    with pytest.raises(ScansDiffer):
        register(photo(one), Photo(np.ascontiguousarray(photo(other).pixels[:, ::-1])))


def test_scans_of_very_different_size_are_refused_with_another_sentence() -> None:
    one, other = two(scale=0.33, dust=0)
    with pytest.raises(ScansDiffer) as caught:
        register(photo(one), photo(other))
    assert "too different in size" in caught.value.sentence and "3.0 times" in caught.value.sentence


def test_it_stops_when_told_to() -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        register(*map(photo, two()), cancel=cancel)


def test_without_opencv_one_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refusing(name: str, *rest: Any, **named: Any) -> Any:
        if name == "cv2":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", refusing)
    with pytest.raises(PackageMissing) as caught:
        register(*map(photo, two()))
    assert "“OpenCV” is not installed" in str(caught.value) and "autochrome[registration]" in str(caught.value)
