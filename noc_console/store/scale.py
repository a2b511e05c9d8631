"""The whole numbers that stand for figures in history blocks. Pure: no I/O, no clock.

Most figures are a number of steps (`quantum`) of their unit. Rates and byte counts, and what is
always too large to be counted in its steps, are on a curved scale: 0.1 % apart, zero stays zero.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from noc_console.store.columns import LARGEST, Integers

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_CURVE = 1000.0
_CURVE_FROM = 64.0
_UNBENT: Floats = np.expm1(np.arange(48_000) / _CURVE) * _CURVE_FROM
"""What the first numbers of the curved scale stand for, up to 10^22: all that real servers tell."""


@lru_cache(maxsize=4096)
def quantum(name: str) -> float:
    """Give the step to which a metric is rounded by its name's ending; 0 for the curved scale."""
    family = name.partition(":")[0]
    if family.endswith(("_per_s", "_bytes")):
        return 0.0
    return 0.1 if family.endswith(("_percent", "_ms", "_s")) else 0.01


def quanta(names: Sequence[str]) -> Floats:
    """Give the quantum of each of some metrics."""
    return np.fromiter(map(quantum, names), np.float64, len(names))


def needs_curve(figures: Floats, steps: Floats) -> Flags:
    """Say which metrics are on the curved scale; `figures` are (metrics, kinds, times), finite."""
    smallest = np.abs(figures).min(axis=(1, 2), initial=np.inf)
    return np.asarray((steps == 0.0) | (smallest > LARGEST * steps))


def to_numbers(figures: Floats, steps: Floats, straight: int) -> Integers:
    """Give the numbers of figures (metrics, kinds, times): the first `straight` metrics count in
    their steps, the others are on the curved scale. What is beyond all reason is cut off.
    """
    numbers = np.empty(figures.shape)
    np.divide(figures[:straight], steps[:straight, None, None], out=numbers[:straight])
    bent = figures[straight:]
    numbers[straight:] = _CURVE * np.sign(bent) * np.log1p(np.abs(bent) / _CURVE_FROM)
    return np.rint(np.clip(numbers, -LARGEST, LARGEST)).astype(np.int64)


def to_figures(numbers: Floats, steps: Floats, straight: int, out: Floats) -> None:
    """Put the figures of which `to_numbers` gave the numbers into `out`."""
    np.multiply(numbers[:straight], steps[:straight, None, None], out=out[:straight])
    bent = numbers[straight:]
    places = bent.astype(np.intp)
    if places.min(initial=0) >= 0 and places.max(initial=0) < len(_UNBENT):
        np.take(_UNBENT, places, out=out[straight:], mode="clip")
    else:
        out[straight:] = np.sign(bent) * np.expm1(np.abs(bent) / _CURVE) * _CURVE_FROM
