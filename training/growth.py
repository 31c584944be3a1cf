"""A larger network that begins as a smaller one: the same weights, and zeros where it has inputs and outputs more."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from training.checkpoint import CheckpointError


def made_over(state: Mapping[str, Tensor], networks: nn.ModuleDict) -> Mapping[str, Tensor]:
    """The state of another method's only generator as that of the only one of `networks`, which says how (`made_over`).

    The state itself where there are several, where it is of that name already, or where the network has no such way.
    """
    names = {name.partition(".")[0] for name in state}
    if len(networks) != 1 or len(names) != 1 or names == set(networks):
        return state
    ((mine, network),) = networks.items()
    make_over = getattr(network, "made_over", None)
    if make_over is None:
        return state
    (other,) = names
    theirs = {name.removeprefix(f"{other}."): value for name, value in state.items()}
    return {f"{mine}.{name}": value for name, value in make_over(theirs).items()}


def grown(small: Mapping[str, Tensor], large: nn.Module) -> dict[str, Tensor]:
    """The state of `large` that answers as the network of the state `small` does, to the inputs and outputs that both have.

    Weights that both have must agree in shape, or take more inputs in `large`, which come last and begin with zeros (Chen et al.
    2016, "Net2Net", arXiv 1511.05641, with nothing copied). What `large` alone has keeps its own beginning, and has to begin as
    nothing (AttentionBlock, a style's weights for a style of zeros).

    Raises:
        CheckpointError: a weight of the smaller network that the larger one lacks, or has shorter.
    """
    state = large.state_dict()
    lost = sorted(small.keys() - state.keys())
    if lost:
        raise CheckpointError(f"The network cannot grow out of these weights: it has no {lost[0]}.")
    for name, value in small.items():
        wanted = state[name]
        if value.shape == wanted.shape:
            state[name] = value
            continue
        more_inputs = value.ndim == wanted.ndim >= 2 and value.shape[1] < wanted.shape[1]
        if not more_inputs or value.shape[:1] + value.shape[2:] != wanted.shape[:1] + wanted.shape[2:]:
            raise CheckpointError(
                f"The network cannot grow out of these weights: {name} is {tuple(value.shape)}, wanted {tuple(wanted.shape)}."
            )
        larger = torch.zeros_like(wanted)
        larger[:, : value.shape[1]] = value
        state[name] = larger
    return state
