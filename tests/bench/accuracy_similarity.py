"""Print what MinHash finds of the exact join's pairs, three seeds each.

python -m tests.bench.accuracy_similarity [folder of the shared data]
"""

import sys
from pathlib import Path

from tests.conftest import SHARED, inputs
from tests.similarity.recall import (
    KINDS,
    LEAST,
    MADE_UP,
    REAL,
    SEEDS,
    SURE,
    count,
    expected,
    pairs,
    recall,
    texts,
)


def main(shared: Path) -> None:
    """Print a row for every data set and kind of shingles."""
    seeds = " | ".join(f"seed {seed}" for seed in SEEDS)
    print(
        f"| data | rows | shingles | pairs, J >= {LEAST} | of them J >= {SURE} | expected | ",
        end="",
    )
    print(f"{seeds} | missed, J >= {SURE} | wrong |")
    print(f"| --- | ---: | --- | ---: | ---: | ---: | {'---: | ' * len(SEEDS)}---: | ---: |")
    for name in (*(REAL if shared.is_dir() else ()), *MADE_UP):
        data = inputs(texts(name, shared))
        size = data.count("train")
        size = data.count("train")
        for kind in KINDS:
            exact = pairs(data, kind, method="exact")
            found = [recall(data, kind, seed, exact) for seed in SEEDS]
            shares = " | ".join(f"{one.at(LEAST, exact):.5f}" for one in found)
            missed = sum(value >= SURE for one in found for value in one.missed)
            print(
                f"| {name} | {size:,} | {kind} | {len(exact):,} | {count(SURE, exact):,} "
                f"| {expected(exact):.5f} | {shares} | {missed} | {sum(o.wrong for o in found)} |",
                flush=True,
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED)
