"""Rounds in which everything takes its turn, and the ratios of each round."""

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Work = Callable[[int], None]
"""Does a number of calls."""

CALIBRATION_CALLS = 10


@dataclass
class Ratio:
    """A ratio over all rounds."""

    least: float
    median: float
    most: float

    def __str__(self) -> str:
        return f"{self.least:6.2f} {self.median:6.2f} {self.most:6.2f}"


def spread(values: list[float]) -> Ratio:
    """Return the least, the median and the most of *values*."""
    return Ratio(min(values), statistics.median(values), max(values))


def seconds(work: Work, calls: int) -> float:
    """Return how long *calls* take."""
    begun = time.perf_counter()
    work(calls)
    return time.perf_counter() - begun


def calls_for(work: Work, wanted: float) -> int:
    """Return how many calls take about *wanted* seconds, after warming up."""
    work(CALIBRATION_CALLS)
    return max(2, round(wanted * CALIBRATION_CALLS / seconds(work, CALIBRATION_CALLS)))


def interleaved(
    works: Mapping[str, Work], rounds: int, batch_seconds: float = 0.06
) -> dict[str, list[float]]:
    """Return for each of *works* the seconds of a call in each round.

    Each round gives each one a batch, and another one begins.
    """
    names = list(works)
    calls = {name: calls_for(works[name], batch_seconds) for name in names}
    found: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        first = number % len(names)
        gc.collect()
        for name in names[first:] + names[:first]:
            found[name].append(seconds(works[name], calls[name]) / calls[name])
    return found


def ratio(times: Mapping[str, list[float]], upper: str, lower: str) -> Ratio:
    """Return by how much *upper* takes longer than *lower*, round by round."""
    return spread([a / b for a, b in zip(times[upper], times[lower], strict=True)])
