"""Grey and colour photographs come apart, each batch from seed and step alone, and no photo stands on both sides."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from PIL import Image

from tests.training.photographs import folder_of, picture
from training.config import ConfigError, Data, RunConfig, Source
from training.data import photos
from training.data.unpaired import Unpaired
from training.lab import srgb_to_lab

PLAIN = Data(smallest_crop=1.0)


def load(folder: Path) -> photos.Photos:
    return photos.load([Source(str(folder))], 64)


@pytest.fixture
def pictures(tmp_path: Path) -> photos.Photos:
    return load(folder_of(tmp_path / "photos", 7))


def test_shapes_ranges_and_neutral_greys(pictures: photos.Photos) -> None:
    batch = Unpaired(pictures, None, RunConfig(batch=3)).batch(0, 32)
    assert batch.grey.shape == batch.colour.shape == (3, 3, 32, 32)
    for side in (batch.grey, batch.colour):
        assert float(side.min()) >= 0 and float(side.max()) <= 1
    assert torch.equal(batch.grey[:, 0], batch.grey[:, 1]) and torch.equal(batch.grey[:, 0], batch.grey[:, 2])
    assert float(srgb_to_lab(batch.colour)[:, 1:].abs().mean()) > 5


def test_no_photo_stands_on_both_sides(pictures: photos.Photos) -> None:
    """Every second photo is for colour, the others for grey, whatever the step."""
    feed = Unpaired(pictures, None, RunConfig(batch=2))
    assert (feed.colour.names, feed.grey.names) == (pictures.names[::2], pictures.names[1::2])
    assert str(feed).startswith("4 colour and 3 grey photos, ")


def test_the_same_step_gives_the_same_batch_and_another_another(pictures: photos.Photos) -> None:
    first, again, other = (Unpaired(pictures, None, RunConfig(batch=2)).batch(step, 32) for step in (3, 3, 4))
    assert torch.equal(first.grey, again.grey) and torch.equal(first.colour, again.colour)
    assert not torch.equal(first.grey, other.grey) and not torch.equal(first.colour, other.colour)
    seeded = Unpaired(pictures, None, RunConfig(batch=2, seed=9)).batch(3, 32)
    assert not torch.equal(first.grey, seeded.grey)


def test_the_two_sides_are_not_walked_through_in_step(tmp_path: Path, pictures: photos.Photos) -> None:
    """Two sets of one size do not show the same numbers at the same step: that would pair them."""
    feed = Unpaired(pictures, load(folder_of(tmp_path / "grey", 7)), RunConfig(batch=7))
    orders = [(feed._colours.indices(step), feed._greys.indices(step)) for step in range(4)]
    assert all(colours != greys for colours, greys in orders)


def test_grey_photos_keep_their_lightness_and_lose_their_tone(tmp_path: Path, pictures: photos.Photos) -> None:
    sepia = tmp_path / "sepia"
    sepia.mkdir()
    Image.new("RGB", (64, 64), (180, 140, 90)).save(sepia / "a.png")
    true = srgb_to_lab(torch.tensor([180, 140, 90]).view(1, 3, 1, 1) / 255)[0, :, 0, 0]
    grey = srgb_to_lab(Unpaired(pictures, load(sepia), RunConfig(batch=1, data=PLAIN)).batch(0, 32).grey)
    assert float((grey[:, 0] - true[0]).abs().max()) < 0.3
    assert float(grey[:, 1:].abs().max()) < 0.05


def test_colour_photos_keep_their_colours(tmp_path: Path, pictures: photos.Photos) -> None:
    one = tmp_path / "one"
    one.mkdir()
    picture(3, 64, 64).save(one / "a.png")
    colour = Unpaired(load(one), pictures, RunConfig(batch=1, data=PLAIN)).batch(0, 64).colour[0]
    true = torch.frombuffer(bytearray(picture(3, 64, 64).tobytes()), dtype=torch.uint8).view(64, 64, 3).permute(2, 0, 1)
    difference = min((colour - side / 255).abs().mean() for side in (true, true.flip(2)))
    assert float(difference) < 0.01


def test_one_photo_cannot_be_split_and_parts_are_equal(tmp_path: Path, pictures: photos.Photos) -> None:
    with pytest.raises(ConfigError, match="two photos at least"):
        Unpaired(load(folder_of(tmp_path / "one", 1)), None, RunConfig())
    batch = Unpaired(pictures, None, RunConfig(batch=4)).batch(0, 32)
    first, second = batch.split(2)
    assert torch.equal(torch.cat([first.grey, second.grey]), batch.grey)
    assert torch.equal(torch.cat([first.colour, second.colour]), batch.colour.to(torch.device("cpu")))
