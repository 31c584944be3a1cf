"""The pool shows the discriminator fakes of the past, and goes on exactly after a checkpoint."""

from __future__ import annotations

import torch

from training.methods.pool import Pool


def numbered(first: int, count: int = 4) -> torch.Tensor:
    return torch.arange(first, first + count).float().view(-1, 1, 1, 1).expand(-1, 1, 2, 2)


def test_without_a_size_it_gives_back_what_it_gets() -> None:
    assert torch.equal(Pool(0, 1).exchanged(numbered(5)), numbered(5))


def test_while_it_fills_it_gives_back_what_it_gets_and_later_the_past() -> None:
    pool = Pool(8, 1)
    assert torch.equal(pool.exchanged(numbered(0)), numbered(0))
    assert torch.equal(pool.exchanged(numbered(4)), numbered(4))
    later = torch.cat([pool.exchanged(numbered(8 + 4 * step)) for step in range(20)])[:, 0, 0, 0]
    past = (later < torch.arange(8, 88)).float().mean()
    assert 0.3 < past < 0.7 and len(set(later.tolist())) == 80  # each fake is shown at most once more


def test_it_goes_on_as_if_it_had_never_stopped() -> None:
    pool, other = Pool(4, 1), Pool(4, 2)
    for step in range(5):
        pool.exchanged(numbered(4 * step))
    other.load_state_dict(pool.state_dict())
    assert torch.equal(pool.exchanged(numbered(40)), other.exchanged(numbered(40)))


def test_pictures_of_another_size_empty_it() -> None:
    pool = Pool(2, 1)
    pool.exchanged(numbered(0))
    larger = torch.ones(4, 1, 3, 3)
    assert torch.equal(pool.exchanged(larger), larger)
