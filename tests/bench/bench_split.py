"""Splits against scikit-learn's StratifiedGroupKFold over the same units, and a million rows.

Run by hand: `python -m tests.bench --only split`. banking77 (train and test pooled) is read from
`../shared/data`. Prints Markdown tables; clusters are computed before the clock starts.
"""

import time
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedGroupKFold, StratifiedShuffleSplit

import ftaudit
from ftaudit.pipeline.split_data import SplitData
from ftaudit.remedies.splitting.placement import place_units
from ftaudit.remedies.splitting.split_units import SplitUnits
from tests.conftest import SHARED

FILES = [SHARED / f"banking77_{name}.csv" for name in ("train", "test")]
SHARE = 0.2
LARGE = 1_000_000


def off(units: SplitUnits, held_out: npt.NDArray[np.bool_]) -> float:
    """Return by how many rows the class that is furthest off its share is off."""
    table = units.table((~held_out).astype(np.int64), 2)[0, :-1]
    return float(np.abs(table - SHARE * units.class_rows).max())


def units_of(data: SplitData) -> SplitUnits:
    strata = data.task.strata
    columns = (data.task.keys, strata.rows, strata.classes, len(strata.names))
    return SplitUnits.of_rows(data.task.units, *columns)


def leaking(units: npt.NDArray[np.int64], held_out: npt.NDArray[np.bool_]) -> int:
    """Return how many rows that are held out have a row of their unit in training."""
    training = np.unique(units[~held_out])
    return int(np.isin(units[held_out], training).sum())


def banking(threshold: float) -> None:
    """Print a line for each way to split banking77."""
    data = ftaudit.split(FILES, threshold=threshold).data
    units, groups = units_of(data), data.task.units
    labels = data.task.strata.classes
    nothing = np.zeros(len(labels))
    began = time.perf_counter()
    own = place_units(units, [SHARE, 1 - SHARE]) == 0
    seconds = time.perf_counter() - began
    began = time.perf_counter()
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=1).split(nothing, labels, groups)
    _, test = next(iter(folds))
    peer_seconds = time.perf_counter() - began
    peer = np.zeros(len(units), np.bool_)
    peer[groups[test]] = True
    plain = StratifiedShuffleSplit(1, test_size=SHARE, random_state=1).split(nothing, labels)
    drawn = np.isin(np.arange(len(labels)), next(plain)[1])
    line = f"| {threshold} | {len(units):,} |"
    print(f"{line} ftaudit | 0 | {off(units, own):.1f} | {seconds:.3f} |")
    print(f"{line} StratifiedGroupKFold | 0 | {off(units, peer):.1f} | {peer_seconds:.2f} |")
    print(f"{line} StratifiedShuffleSplit | {leaking(groups, drawn)} | | |", flush=True)


def million() -> None:
    """Print how long a million rows in 200 classes take, whose units are known."""
    generator = np.random.default_rng(1)
    _, units = np.unique(generator.integers(0, 900_000, LARGE), return_inverse=True)
    classes = generator.integers(0, 200, LARGE)
    keys = generator.integers(0, 1 << 63, LARGE).astype(np.uint64)
    marks = [time.perf_counter()]
    gathered = SplitUnits.of_rows(units, keys, np.arange(LARGE), classes, 200)
    marks.append(time.perf_counter())
    held_out = place_units(gathered, [SHARE, 1 - SHARE]) == 0
    marks.append(time.perf_counter())
    gathering, placing = (after - before for before, after in pairwise(marks))
    print(
        f"| {len(gathered):,} | {off(gathered, held_out):.1f} | {gathering:.1f} | {placing:.1f} |"
    )


def main() -> None:
    """Print both tables."""
    print("| threshold | units | method | holdout rows beside training | off | seconds |")
    print("| ---: | ---: | --- | ---: | ---: | ---: |")
    for threshold in (0.8, 0.7):
        banking(threshold)
    print("\n| units of a million rows | off | seconds to gather | to place |")
    print("| ---: | ---: | ---: | ---: |")
    million()


if __name__ == "__main__":
    main()
