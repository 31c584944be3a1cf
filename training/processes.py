"""One run on several processes (`accelerate launch`): what they must agree on, so that they equal one process with all photos.

Gradients are averaged by hand, in one message for a whole network, instead of by DistributedDataParallel: a GAN's step runs its
networks several times before each backward pass and updates them apart, which that wrapper does not foresee.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn


def average_gradients(parameters: Iterable[nn.Parameter], accelerator: Any) -> None:
    """Replace every gradient by its mean over all processes; one that a process does not have counts as zero there."""
    if accelerator.num_processes == 1:
        return
    learning = [parameter for parameter in parameters if parameter.requires_grad]
    own = [torch.zeros_like(p) if p.grad is None else p.grad for p in learning]
    flat = accelerator.reduce(torch.cat([gradient.flatten() for gradient in own]), reduction="mean")
    for parameter, part in zip(learning, flat.split([p.numel() for p in learning]), strict=True):
        parameter.grad = part.view_as(parameter).clone()


def mean_over_all(value: Tensor, accelerator: Any) -> Tensor:
    """The mean of a number over all processes, without gradient."""
    return accelerator.reduce(value.detach(), reduction="mean") if accelerator.num_processes > 1 else value.detach()


def of_main(value: float, accelerator: Any) -> float:
    """The main process's number, in all processes: clocks and wishes to stop differ, decisions may not."""
    if accelerator.num_processes == 1:
        return value
    own = torch.tensor([value if accelerator.is_main_process else 0.0], dtype=torch.float64, device=accelerator.device)
    return float(accelerator.reduce(own, reduction="sum"))


def end_together(accelerator: Any) -> None:
    """Wait for all processes and close what connects them: one that ends while another still writes can abort, and the launcher
    then ends that other as well."""
    if accelerator.num_processes > 1:
        accelerator.wait_for_everyone()
        torch.distributed.destroy_process_group()
