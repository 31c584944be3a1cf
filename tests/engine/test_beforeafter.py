"""The before/after picture: sizes, sides, and what happens to a file that is no photo."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.beforeafter import GAP_PX, LONGEST_HEIGHT_PX, before_after, main
from engine.photo import Photo


def plain(height: int, width: int, value: int, channels: int = 3) -> Photo:
    return Photo(np.full((height, width, channels), value, np.uint8))


@pytest.mark.parametrize(
    ("before", "after", "size"),
    [
        ((40, 30), (40, 30), (40, 60 + GAP_PX)),
        ((40, 30), (80, 60), (40, 60 + GAP_PX)),
        ((2160, 200), (2160, 200), (LONGEST_HEIGHT_PX, 200 + GAP_PX)),
        ((3, 1), (3, 1), (3, 2 + GAP_PX)),
    ],
)
def test_both_get_the_same_height(before: tuple[int, int], after: tuple[int, int], size: tuple[int, int]) -> None:
    """Left the original, right the restored one, a white gap between."""
    joined = before_after(plain(*before, 30, channels=1), plain(*after, 200)).pixels
    assert joined.shape == (*size, 3)
    assert abs(int(joined[0, 0, 0]) - 30) <= 1
    assert abs(int(joined[-1, -1, 2]) - 200) <= 1
    assert (joined[:, (size[1] - GAP_PX) // 2] == 255).all()


def test_the_command_writes_and_replaces_the_picture(tmp_path: Path) -> None:
    """A second run overwrites its own picture."""
    before, after, picture = tmp_path / "a.jpg", tmp_path / "b.png", tmp_path / "picture.jpg"
    Image.new("L", (20, 10), 50).save(before)
    Image.new("RGB", (20, 10), (200, 10, 10)).save(after)
    picture.write_text("older")
    assert main([str(before), str(after), str(picture)]) == 0
    with Image.open(picture) as image:
        assert (image.format, image.size) == ("JPEG", (40 + GAP_PX, 10))


def test_a_file_that_is_no_photo_gets_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = tmp_path / "a.jpg"
    text.write_text("not a photo")
    assert main([str(text), str(text), str(tmp_path / "c.jpg")]) == 1
    assert "a.jpg" in capsys.readouterr().err
    assert not (tmp_path / "c.jpg").exists()


def test_wrong_arguments_show_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "python -m engine.beforeafter" in capsys.readouterr().err
