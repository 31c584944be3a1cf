"""A RunConfig: everything that shapes a training run, read from a TOML file that holds only what differs from the defaults."""

from __future__ import annotations

import dataclasses
import re
import tomllib
import types
import typing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class ConfigError(ValueError):
    """A RunConfig that cannot be used; the message names the key and what is wrong with it."""


BETTER = {"psnr": 1, "ssim": 1, "delta_e": -1, "psnr_damaged": 1, "recall": 1, "precision": 1}
"""Figures that can choose the best checkpoint, the last three of repair alone; 1 where more is better, -1 where less is."""


@dataclass(frozen=True)
class Source:
    """path: a folder of photos or tar shards, one shard, a pack, or a list of them. weight: how often its photos are drawn."""

    path: str
    weight: float = 1.0


@dataclass(frozen=True)
class Data:
    train: tuple[Source, ...] = ()
    grey: tuple[Source, ...] = ()  # the grey side of unpaired methods; empty: the other half of `train`, made grey
    validation: str = ""
    short_side_px: int = 176  # photos are kept this large in memory: crops of 160 px may zoom in a little
    aged: float = 0.4  # share of photos that get an old photo's tone and grain, so that old photos look familiar
    printed: float = 0.0  # colourisers: share of photos shown as old prints, with all that ageing knows (20 ms each)
    smallest_crop: float = 0.65  # of the short side: objects are seen larger and smaller than the frame shows them
    textures: str = ""  # repair: a folder of damage textures, laid over photos now and then
    zoom: float = 2.0  # restoring methods: a crop shows up to so many times its own side of a photo
    features: tuple[
        Source, ...
    ] = ()  # what frozen encoders saw, stored by `autochrome-train data features`; instead of `train`


@dataclass(frozen=True)
class Hints:
    photos: float = 0.65  # share of photos that get hints
    most: int = 20  # most hints on one photo; few are more frequent than many
    smallest_px: int = 4
    largest_px: int = 10
    styles: float = 0.4  # share of photos whose style is told, the others want the likeliest colours; 0: styles stay
    repainted: float = 0.5  # share of hinted photos with one object in another colour: hints must win over habit


@dataclass(frozen=True)
class Generator:
    network: str = "colour-unet"  # a word of networks.GENERATORS
    widths: tuple[int, ...] = (224, 144, 96, 64)  # colour-unet: channels at 1/32, 1/16, 1/8, 1/4; picture-unet,
    # enlarger and the filler of mending: at 1/2, 1/4, …
    finder: tuple[int, ...] = (24, 48, 96, 128, 160)  # mending: channels of the finder at 1/2, 1/4, …
    encoder: str = (
        "efficientnet-lite0"  # colour-unet: efficientnet-lite0 | efficientnet-lite1 | efficientnet-lite2 | plain;
        # mending and tone-net: one of the first three, mending also "" for none
    )
    second_encoder: str = ""  # colour-unet: another one beside it, whose features are joined to the first's
    attention: int = 0  # colour-unet: transformer blocks at 1/16
    style: int = 0  # colour-unet: length of the vector that chooses among plausible colourings
    certainty: bool = False  # colour-unet: whether it tells how sure it is
    split: bool = False  # colour-unet: exported as two files, so that a hint costs only the decoder
    pretrained: bool = True
    width: int = 32  # the others: channels at full size; tone-net: of what looks at places
    blocks: int = 6  # the others: how many in the middle; picture-unet, mending, enlarger: at each level
    norm: str = "instance"  # resnet: instance | batch | pixel | none
    scale: int = 2  # enlarger: 2 | 4
    even: float = 0.0  # colour-unet: how strongly colour is evened out where the grey is even; 0: not at all
    alike: bool = False  # colour-unet: whether doubtful places that look alike agree on one colour


@dataclass(frozen=True)
class Discriminator:
    network: str = (
        "patchgan"  # patchgan | projected: judges colour pictures by what a network from ImageNet sees in them | both
    )
    width: int = 48
    layers: int = 3
    spectral: bool = True
    norm: str = "instance"  # where it is not spectral
    updates: int = 1  # updates of the discriminator for one of the generator
    alone: int = 0  # first updates without answer from the generator: after a start from weights it must catch up first
    pool: int = 0  # cycle-gan: past fakes that are shown to it again
    pretrained: bool = True  # projected: False has random features, for tests
    finest: int = 0  # projected: the first of the four sizes of features that are judged; 0: from 1/4 on, 3: 1/32 alone


@dataclass(frozen=True)
class Losses:
    huber_delta: float = 0.06  # in units of a*b*/110: below it errors count squared, above it linearly
    floor: float = 0.35  # weight of a grey pixel
    chroma: float = 4.0  # more weight for colourful pixels: without it every answer drifts to brown
    hinted: float = 8.0  # more weight where the user has said so
    adversarial: float = 0.015  # against a pixel loss of about 0.05: enough to take the haze off, too little to invent
    objective: str = "lsgan"  # bce | lsgan | hinge
    r1: float = 0.0  # gradient penalty on real pictures; 10 is usual
    perceptual: float = 0.0  # on features of `backbone`
    certainty: float = 0.1  # conditional-gan with generator.certainty: how far it learns what error is to be expected
    backbone: str = ""  # file of SqueezeNet 1.1's weights (.safetensors)
    cycle: float = 10.0  # cycle-gan: there and back again
    identity: float = 0.5  # cycle-gan: what is already there stays, times `cycle`
    cycle_noise: float = 0.0  # cycle-gan: noise on the way back, so that nothing can be hidden in faint patterns


@dataclass(frozen=True)
class Optimiser:
    rate: float = 1.5e-3
    encoder_rate: float = 2.0e-4  # the encoder knows ImageNet already; a full rate would unlearn it
    discriminator_rate: float = 4.0e-4
    weight_decay: float = 0.02
    momentum: float = 0.9  # of the generators; 0.5 is usual where all is adversarial
    warm_up: int = 100  # steps
    gradient_norm: float = 1.0
    ema: float = 0.999


@dataclass(frozen=True)
class Stage:
    """A stretch of the run. until: its end as a share of the whole, 0..1."""

    until: float = 1.0
    crop_px: int = 160
    train_encoder: bool = True
    adversarial: bool = False
    perceptual: bool = True  # whether losses.perceptual counts in it
    only: str = ""  # repair: finder | filler, the other rests; empty: both learn
    encoder_from: int = 0  # colour-unet: encoders learn from this stage of theirs on; 2, from 1/8 on, costs half of all


@dataclass(frozen=True)
class RunConfig:
    name: str = "run"
    title: str = ""
    method: str = "conditional-gan"
    seed: int = 1
    steps: int = 20_000  # the schedule's length; `--minutes` may make it a length of time instead
    batch: int = 32  # photos a step, of all processes together
    accumulate: int = 1  # parts a step is worked in, where a batch does not fit into memory
    precision: str = "auto"  # bf16 | no | auto: bf16 where the processor has AMX or there is a GPU
    threads: int = 0  # 0: all cores
    evaluate_every: int = 1000  # steps
    evaluate_photos: int = 100
    best_by: str = "psnr"  # the figure whose best is kept in best.pt
    checkpoint_minutes: float = 5.0
    init: str = ""  # an exported generator (.onnx) or a checkpoint (.pt) to begin with
    init_as: str = (
        ""  # the configuration (.toml) of `init`, where that is a smaller network which is to grow into this one
    )
    trained_on: tuple[str, ...] = ()  # sets of photographs: goes into the card; empty: the names of the sources
    terms: str = ""  # under which terms the photos may be used: goes into the card
    limits: str = ""  # what the generator is known to do badly: goes into the card
    data: Data = field(default_factory=Data)
    hints: Hints = field(default_factory=Hints)
    generator: Generator = field(default_factory=Generator)
    discriminator: Discriminator = field(default_factory=Discriminator)
    losses: Losses = field(default_factory=Losses)
    optimiser: Optimiser = field(default_factory=Optimiser)
    stages: tuple[Stage, ...] = (Stage(),)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,49}", self.name):
            raise ConfigError(
                f"name: {self.name!r} must be letters, digits, dots and dashes: it names folder and generator"
            )
        for key, value in (
            ("steps", self.steps),
            ("batch", self.batch),
            ("evaluate_every", self.evaluate_every),
            ("evaluate_photos", self.evaluate_photos),
            ("optimiser.warm_up", self.optimiser.warm_up),
            ("discriminator.updates", self.discriminator.updates),
            ("data.short_side_px", self.data.short_side_px),
        ):
            if value < 1:
                raise ConfigError(f"{key} must be at least 1, not {value}")
        ends = [stage.until for stage in self.stages]
        if not ends or ends != sorted(set(ends)) or ends[0] <= 0 or ends[-1] != 1.0:
            raise ConfigError("stages: every `until` must be larger than the one before, and the last 1.0")
        if any(stage.crop_px < 32 or stage.crop_px % 32 for stage in self.stages):
            raise ConfigError("stages.crop_px must be a multiple of 32")
        if any(stage.only not in ("", "finder", "filler") for stage in self.stages):
            raise ConfigError("stages.only must be finder or filler, or left out")
        if not 0 <= self.discriminator.finest <= 3:
            raise ConfigError(f"discriminator.finest must be between 0 and 3, not {self.discriminator.finest}")
        if self.generator.even < 0:
            raise ConfigError(f"generator.even must be 0 or more, not {self.generator.even:g}")
        if self.accumulate < 1 or self.batch % self.accumulate:
            raise ConfigError(f"accumulate: {self.batch} photos cannot be worked in {self.accumulate} equal parts")
        if self.best_by not in BETTER:
            raise ConfigError(f"best_by: {self.best_by!r} is not one of {', '.join(BETTER)}")
        if self.losses.objective not in ("bce", "lsgan", "hinge"):
            raise ConfigError(f"losses.objective: {self.losses.objective!r} is not one of bce, lsgan, hinge")
        if self.precision not in ("auto", "bf16", "no"):
            raise ConfigError(f"precision: {self.precision!r} is not one of auto, bf16, no")

    def stage_at(self, share: float) -> Stage:
        """The stage in force when `share` (0..1) of the run is over."""
        return next(stage for stage in self.stages if share < stage.until or stage.until == 1.0)


def load(path: Path) -> RunConfig:
    """Read a RunConfig. Raises ConfigError for a file that is not there or not TOML, and for keys unknown or of a wrong type."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name} is not valid TOML: {error}") from error
    return from_table(table)


def from_table(table: dict[str, Any]) -> RunConfig:
    """A RunConfig of a parsed TOML table; keys left out keep their defaults."""
    config = _build(RunConfig, table, "")
    assert isinstance(config, RunConfig)
    return config


def to_table(config: RunConfig) -> dict[str, Any]:
    """The effective RunConfig as plain values, the inverse of `from_table`."""
    return dataclasses.asdict(config)


def _build(wanted: Any, value: Any, key: str) -> Any:
    """`value` as an object of the declared type `wanted`; dataclasses from tables, tuples from arrays."""
    if dataclasses.is_dataclass(wanted) and isinstance(wanted, type):
        if not isinstance(value, dict):
            raise ConfigError(f"{key} must be a table")
        declared = typing.get_type_hints(wanted)
        unknown = sorted(set(value) - set(declared))
        if unknown:
            where = f"{key}." if key else ""
            raise ConfigError(f"unknown key {where}{unknown[0]}; known: {', '.join(sorted(declared))}")
        return wanted(
            **{name: _build(declared[name], item, f"{key}.{name}".lstrip(".")) for name, item in value.items()}
        )
    if typing.get_origin(wanted) is tuple:
        if not isinstance(value, list | tuple):
            raise ConfigError(f"{key} must be an array")
        inner = typing.get_args(wanted)[0]
        return tuple(_build(inner, item, f"{key}[{index}]") for index, item in enumerate(value))
    assert not isinstance(wanted, types.UnionType)
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not wanted:
        raise ConfigError(f"{key} must be a {wanted.__name__}, not {value!r}")
    return value
