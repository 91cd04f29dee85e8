"""torch, float64: the usual module and optimiser for one replica at a time, and replicas vectorised by hand."""

from __future__ import annotations

import numpy as np
import torch

from mfnn.spec import Floats

torch.set_num_threads(1)


class TorchModule:
    """A module, autograd and `torch.optim.SGD`, one replica after another, as the documentation shows it."""

    def __init__(self, c: Floats, w: Floats, x: Floats, y: Floats, rate: float) -> None:
        self._networks = [Network(*start) for start in zip(c, w, strict=True)]
        self._x, self._y, self._rate = torch.tensor(x), torch.tensor(y), rate

    def advance(self) -> None:
        for network, inputs, labels in zip(self._networks, self._x, self._y, strict=True):
            # the loss's gradient carries 1/N already: step α
            optimiser = torch.optim.SGD(network.parameters(), lr=self._rate * network.c.numel())
            for x, y in zip(inputs, labels, strict=True):
                optimiser.zero_grad()
                (0.5 * (y - network(x)) ** 2).backward()
                optimiser.step()

    def state(self) -> tuple[Floats, Floats]:
        parts = ([getattr(network, key).detach().numpy() for network in self._networks] for key in ("c", "w"))
        c, w = (np.stack(list(part)) for part in parts)
        return c, w


class Network(torch.nn.Module):
    """g(x) = (1/N) Σ_i c^i tanh(w^i·x)."""

    def __init__(self, c: Floats, w: Floats) -> None:
        super().__init__()
        self.c, self.w = torch.nn.Parameter(torch.tensor(c)), torch.nn.Parameter(torch.tensor(w))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (self.c * torch.tanh(x @ self.w)).mean()


class TorchSGD:
    """All replicas at once, the gradient written out, no autograd."""

    def __init__(self, c: Floats, w: Floats, x: Floats, y: Floats, rate: float) -> None:
        self.c, self.w = torch.tensor(c), torch.tensor(w)
        self.x, self.y, self.rate = torch.tensor(x), torch.tensor(y), rate

    @torch.inference_mode()
    def advance(self) -> None:
        c, w = self.c, self.w
        for k in range(self.x.shape[1]):
            x = self.x[:, k, :, None]
            s = torch.tanh((w[:, 0] * x[:, 0]) if w.shape[1] == 1 else (x.mT @ w)[:, 0])
            residual = self.y[:, k, None] - (c * s).mean(dim=1, keepdim=True)
            step = self.rate * residual
            w += x * (step * c * (1.0 - s * s))[:, None]
            c += step * s

    def state(self) -> tuple[Floats, Floats]:
        return self.c.numpy(), self.w.numpy()
