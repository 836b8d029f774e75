"""Two writers in training, side by side: Y = X, and Y = X shifted by one."""

from core.experiments import writers
from core.experiments.writers import SHIFTS, UPDATES, Writer
from explorer.compute.long_work import LongWork


class Writing(LongWork):
    """Each step is one update of both"""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.seed = seed
        self.training = zip(*(writers.train(shift, seed) for shift in SHIFTS), strict=True)
        self.latest: tuple[Writer, ...] = next(self.training)

    @property
    def updates(self) -> int:
        return self.latest[0].updates

    @property
    def is_over(self) -> bool:
        return self.updates == UPDATES

    def step(self) -> bool:
        self.latest = next(self.training)
        return not self.is_over
