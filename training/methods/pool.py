"""A pool of past fakes: a discriminator that sees them too does not forget what it has learned (Shrivastava et al. 2017)."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


class Pool:
    """Holds up to `size` pictures. With size 0 `exchanged` gives back what it gets."""

    def __init__(self, size: int, seed: int) -> None:
        self.size = size
        self._random = torch.Generator().manual_seed(seed)
        self._kept: list[Tensor] = []

    def exchanged(self, pictures: Tensor) -> Tensor:
        """(B, C, H, W) -> the same shape: while the pool fills, the pictures themselves; then for half of them a past one,
        in whose place the new one is kept (arXiv 1612.07828, as in CycleGAN). Pictures of another size empty the pool."""
        if self._kept and self._kept[0].shape != pictures.shape[1:]:
            self._kept.clear()
        answer = []
        for picture in pictures:
            if len(self._kept) < self.size:
                self._kept.append(picture.clone())
                answer.append(picture)
            elif self.size and float(torch.rand(1, generator=self._random)) < 0.5:
                place = int(torch.randint(self.size, (1,), generator=self._random))
                answer.append(self._kept[place].to(picture.device))  # out of a checkpoint they come to the processor
                self._kept[place] = picture.clone()
            else:
                answer.append(picture)
        return torch.stack(answer)

    def state_dict(self) -> dict[str, Any]:
        return {"kept": list(self._kept), "random": self._random.get_state()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._kept = list(state["kept"])
        self._random.set_state(state["random"])
