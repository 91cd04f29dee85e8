"""torch by hand: replicas and particles vectorised, the gradient written out, no autograd, float64."""

from __future__ import annotations

import torch

from mfnn.spec import Floats

torch.set_num_threads(1)


class TorchSGD:
    """R replicas at once, d = 1."""

    def __init__(self, c: Floats, w: Floats, x: Floats, y: Floats, rate: float) -> None:
        self.c, self.w = torch.tensor(c), torch.tensor(w)
        self.x, self.y, self.rate = torch.tensor(x), torch.tensor(y), rate

    @torch.inference_mode()
    def advance(self) -> None:
        c, w = self.c, self.w
        for k in range(self.x.shape[1]):
            x = self.x[:, k, None]
            s = torch.tanh(w * x)
            residual = self.y[:, k, None] - (c * s).mean(dim=1, keepdim=True)
            step = self.rate * residual
            w += step * x * c * (1.0 - s * s)
            c += step * s

    def state(self) -> tuple[Floats, Floats]:
        return self.c.numpy(), self.w.numpy()
