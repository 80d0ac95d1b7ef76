"""Measure label conflicts, boilerplate and containment: `python -m tests.bench.bench_conflicts`.

Planted label errors in banking77 (precision, recall, which side is blamed), and what the three
features cost on 100,000 rows. Writes nothing; docs/benchmarks-conflicts.md holds the figures.
"""

import random
import tempfile
import time
from collections import Counter
from pathlib import Path

import polars as pl

from ftaudit.model.progress import Silent
from ftaudit.similarity import build as building
from ftaudit.similarity.labels.suspected_labels import review_labels
from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.text.boilerplate import find_boilerplate
from ftaudit.similarity.text.row_numbering import RowNumbering
from tests.conftest import SHARED, dataset
from tests.planted.conflicts import Planted, plant

ROWS = 100_000
CUTS = (0.6, 0.65, 0.7, 0.75, 0.8)
STAGES = ("find_boilerplate", "profile", "compare_answers", "complete_relation")


def suspects(planted: Planted) -> pl.DataFrame:
    """Return suspected rows with their rivals and scores."""
    rows: list[dict[str, object]] = [
        {"input": text, "label": label}
        for text, label in zip(planted.texts, planted.labels, strict=True)
    ]
    found = relation(rows).filter(kind="suspect")
    one, other = pl.col("members").list.first().struct, pl.col("members").list.last().struct
    likeness = pl.col("pairs").list.first().struct.field("similarity")
    return found.select(
        row=one.field("row"), rival=other.field("row"), score=likeness * one.field("doubt")
    )


def relation(rows: list[dict[str, object]]) -> pl.DataFrame:
    data = dataset(rows)
    with tempfile.TemporaryDirectory() as folder:
        found = building.build(
            data.rows,
            data.files,
            SimilarityOptions(),
            label_reader=review_labels,
            folder=Path(folder),
        )
        return pl.concat(list(found.batches()))


def accuracy(seed: int, wrong: str) -> None:
    """Print precision and recall of planted rows at several scores."""
    train = pl.read_csv(SHARED / "banking77_train.csv")
    planted = plant(
        train["text"].to_list(),
        train["category"].to_list(),
        seed=seed,
        wrong="confusable" if wrong == "confusable" else "random",
    )
    found = suspects(planted)
    for cut in CUTS:
        told = found.filter(pl.col("score") >= cut)
        rows = set(told["row"].to_list())
        true = rows & planted.origin.keys()
        missed = Counter(planted.edit[row] for row in planted.origin.keys() - rows)
        blamed = sum(
            planted.origin.get(rival) == row for row, rival, _ in told.iter_rows()
        )  # the right row, suspected because of its planted copy
        print(
            f"seed {seed} {wrong} cut {cut}: suspects {len(rows)} "
            f"P {len(true) / len(rows):.3f} R {len(true) / len(planted.origin):.3f} "
            f"origin blamed {blamed} missed {dict(missed)}"
        )


def cost() -> None:
    """Print what the features take of the time for 100,000 rows."""
    words = [f"word{i}" for i in range(5_000)]
    chance = random.Random(1)  # noqa: S311 - data for a bench
    for name, size, count, labelled in (("short", 12, 1, True), ("chat", 80, 1, False)):
        prompt = " ".join(chance.choices(words, k=150)) + "\n\nuser: "
        for start in ("", prompt):
            rows: list[dict[str, object]] = [
                {
                    "input": start + " ".join(chance.choices(words, k=size * count)),
                    "label": f"c{i % 50}" if labelled else None,
                    "output": None if labelled else "ok",
                    "split": "train" if i < 0.9 * ROWS else "holdout",
                }
                for i in range(ROWS)
            ]
            data = dataset(rows)
            spent: Counter[str] = Counter()
            with tempfile.TemporaryDirectory() as folder:
                timed(spent)
                began = time.perf_counter()
                building.build(
                    data.rows,
                    data.files,
                    SimilarityOptions(),
                    label_reader=review_labels,
                    folder=Path(folder),
                )
                whole = time.perf_counter() - began
            began = time.perf_counter()
            found = find_boilerplate(data.rows, RowNumbering(data.files), "input", Silent())
            looked = time.perf_counter() - began
            column = pl.concat(list(data.rows.batches(["input"])))["input"]
            began = time.perf_counter()
            if found is not None:
                found.without(column)
            left = time.perf_counter() - began
            print(
                f"{name} {'prompt' if start else 'plain'}: build {whole:.2f} s, of which "
                + ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in spent.items())
                + f"; looking for boilerplate {looked:.2f} s, leaving it out {left:.2f} s a pass"
            )


def timed(spent: Counter[str]) -> None:
    """Measure the stages of a build from now on."""
    for stage in STAGES:
        work = getattr(building, stage)
        work = getattr(work, "__wrapped__", work)

        def measured(*given: object, _work=work, _stage=stage, **named: object) -> object:  # type: ignore[no-untyped-def] # noqa: ANN001 - bound early
            began = time.perf_counter()
            result = _work(*given, **named)
            spent[_stage] += time.perf_counter() - began  # type: ignore[assignment] # seconds
            return result

        measured.__wrapped__ = work  # type: ignore[attr-defined] # to unwrap it next time
        setattr(building, stage, measured)


def main() -> None:
    for seed in range(4, 9):
        accuracy(seed, "random")
    accuracy(4, "confusable")
    cost()


if __name__ == "__main__":
    main()
