"""The cleaner answers as an enlarger by four whose answer is averaged, and learns on its own."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from training.networks.cleaner import Cleaner
from training.networks.enlarger import Enlarger


def test_made_of_an_enlarger_it_answers_the_mean_of_each_square() -> None:
    torch.manual_seed(0)
    enlarger = Enlarger(4, (8, 12))
    with torch.no_grad():
        for weight in enlarger.faithful.parameters():  # as large as after training: they begin nearly as nothing
            weight.normal_(0, 0.1)
    cleaner = Cleaner((8, 12))
    cleaner.load_state_dict(Cleaner.made_over(enlarger.state_dict()))
    picture = torch.rand(2, 3, 16, 24)
    with torch.no_grad():
        wanted = F.avg_pool2d(enlarger(picture)[0], 4)
        assert float((wanted - picture).abs().mean()) > 0.05, "it does something"
        torch.testing.assert_close(cleaner(picture), wanted, atol=1e-5, rtol=1e-4)


def test_every_weight_gets_a_gradient() -> None:
    network = Cleaner((8, 8))
    network(torch.rand(2, 3, 16, 16)).square().sum().backward()
    assert [n for n, weight in network.named_parameters() if weight.grad is None or not bool(weight.grad.any())] == []
