"""A face detector: every place near the middle of a face learns its box, landmarks and score, every other place to be quiet."""

from __future__ import annotations

import torch
from torch import nn

from training.config import RunConfig, Stage
from training.contract import DetectorContract, Exportable
from training.data.face_crops import FaceBatch, FaceCrops
from training.face_targets import assign, box_loss, landmark_loss, score_loss
from training.methods.supervised import Supervised
from training.networks import generator

BOX, LANDMARKS = 1.5, 1.0
"""Weights of the box's and the landmarks' losses against the score's."""


class FaceDetector(Supervised):
    """detector: grey -> rows of boxes, landmarks and scores, learned from what another detector found (data.train: label lists)."""

    @staticmethod
    def feed(config: RunConfig) -> FaceCrops:
        """Squares of the photos in the label lists that the configuration names."""
        return FaceCrops(config.data.train, config)

    @staticmethod
    def networks(config: RunConfig) -> nn.ModuleDict:
        """The detector, as `faces`."""
        return nn.ModuleDict({"faces": generator(config.generator, ("face-net",))})

    @staticmethod
    def exportable(name: str, network: nn.Module, config: RunConfig) -> Exportable:
        """The detector under the contract."""
        return Exportable(DetectorContract(network), "detector", multiple=32, minimum=64, working_size=0)

    def step(self, batch: FaceBatch, stage: Stage, share: float) -> dict[str, float]:
        """One update; losses of score, box and landmarks are means over the places that are to find a face."""
        self.generators.train()
        self.learner.begin(share)
        told = {"score": 0.0, "box": 0.0, "landmarks": 0.0}
        for part in batch.split(self.parts):
            device = part.grey.device
            each = [assign(rows[rows[:, 14] >= 0].cpu(), part.grey.shape[-1]) for rows in part.faces]
            found, free, wanted = (
                torch.stack([getattr(targets, name) for targets in each]).to(device)
                for name in ("found", "free", "rows")
            )
            with self.accelerator.autocast():
                rows = self.generators["faces"](part.grey.contiguous(memory_format=torch.channels_last))
            rows = rows.float()
            answer, aim = rows[found], wanted[found]
            losses = {
                "score": score_loss(rows[..., 14], found, free),
                "box": BOX * box_loss(answer[:, :4], aim[:, :4]),
                "landmarks": LANDMARKS * landmark_loss(answer[:, 4:14], aim[:, 4:14], aim[:, 2:4]),
            }
            self.accelerator.backward(torch.stack(list(losses.values())).sum() / self.parts)
            for name, loss in losses.items():
                told[name] += float(loss.detach()) / self.parts
        return told | {"gradient": self.learner.end()}


METHOD = FaceDetector
