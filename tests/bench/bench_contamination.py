"""Compare what finds benchmark rows in training: python -m tests.bench.bench_contamination.

The benchmark is the test set of gsm8k. Training is its training set, of which nothing should be
found, and rows made from test questions: word for word, in other case and marks, with a word in
ten replaced, inside a longer conversation, inside code comments, the first half alone, and the
questions that a model reworded (../shared/data/reworded). Rules of others are those of
`contamination_rules`. The time is processor time of the check alone, on made-up chat rows.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from ftaudit.checks.contamination import Contamination
from ftaudit.model.dataset import Dataset
from ftaudit.similarity.index.signature_index import make_index, write_index
from ftaudit.similarity.parameters import SimilarityOptions
from tests.bench.contamination_rules import RULES
from tests.bench.corpus import CHUNK, Corpus
from tests.conftest import SHARED, context, dataset, inputs

EACH: Final = 200
"""Rows of every made-up kind."""
SEED: Final = 11


def questions(name: str) -> list[str]:
    """Return the questions of a file of gsm8k."""
    return pl.read_ndjson(SHARED / name)["question"].to_list()


def made_up(test: Sequence[str], train: Sequence[str]) -> dict[str, list[str]]:
    """Return training texts by how they were made from test questions."""
    draw = random.Random(SEED)  # noqa: S311 - made-up rows
    every = draw.sample(range(len(test)), EACH)
    spare = [word for text in train[:50] for word in text.split()]

    def edited(text: str) -> str:
        tokens = text.split()
        for place in draw.sample(range(len(tokens)), max(1, len(tokens) // 10)):
            tokens[place] = draw.choice(spare)
        return " ".join(tokens)

    def first_half(text: str) -> str:
        tokens = text.split()
        return " ".join(tokens[: len(tokens) // 2])

    def in_code(text: str) -> str:
        lines = "\n".join(f"# {line}" for line in text.split(". "))
        return f"def solve():\n{lines}\n    return answer\n"

    return {
        "word for word": [test[i] for i in every],
        "other case and marks": [test[i].upper().replace(".", " !") for i in every],
        "one word in ten replaced": [edited(test[i]) for i in every],
        "inside a conversation": [
            f"{train[i]}\n\nassistant: Done.\n\nuser: {test[i]}\n\nNow go on: {train[i + 1]}"
            for i in every
        ],
        "inside comments of code": [in_code(test[i]) for i in every],
        "the first half alone": [first_half(test[i]) for i in every],
        "reworded by a model": questions("reworded/gsm8k_reworded_half.jsonl"),
        "other questions": list(train),
    }


def prepared(folder: Path, test: Sequence[str], data: Dataset) -> Contamination:
    """Index the benchmark, and prepare the check for the training data."""
    path = folder / "gsm8k.ftidx"
    benchmark = inputs(test)
    write_index(make_index(benchmark.rows, benchmark.files, SimilarityOptions()), path)
    check = Contamination.prepare(replace(context(data), parameters={"benchmarks": [str(path)]}))
    assert isinstance(check, Contamination)
    return check


def flagged(check: Contamination, data: Dataset) -> pl.DataFrame:
    """Return the findings of the check."""
    mapped = [check.map(batch) for batch in data.rows.batches()]
    judgement = check.judge(check.combine(pl.concat([m.partials for m in mapped])))
    return pl.concat([*(m.findings for m in mapped), judgement.findings])


def compare(folder: Path) -> None:
    """Print the rows called contaminated, by kind and rule."""
    test, train = questions("gsm8k_test.jsonl"), questions("gsm8k_train.jsonl")
    kinds = made_up(test, train)
    texts = [text for part in kinds.values() for text in part]
    owners = [kind for kind, part in kinds.items() for _ in part]
    data = dataset([{"input": text} for text in texts])
    findings = flagged(prepared(folder, test, data), data)
    called = {name: rule(test, texts) for name, rule in RULES.items()}
    for name, rules in {
        "ftaudit: stands in training": ["leakage.benchmark"],
        "or reworded": ["leakage.benchmark", "leakage.benchmark_reworded"],
        "or a passage of 13 words": ["leakage.benchmark", "leakage.benchmark_passage"],
    }.items():
        rows = set(findings.filter(pl.col("rule").is_in(rules))["row"].to_list())
        called[name] = [i in rows for i in range(len(texts))]
    print("| rule |", " | ".join(f"{kind} ({len(part)})" for kind, part in kinds.items()), "|")
    print("| --- |", "---: | " * len(kinds))
    for name, results in called.items():
        counts = dict.fromkeys(kinds, 0)
        for owner, result in zip(owners, results, strict=True):
            counts[owner] += result
        print(f"| {name} |", " | ".join(f"{count:,}" for count in counts.values()), "|")


def measure(folder: Path, rows: int) -> None:
    """Print the processor time that the check takes of made-up chat rows."""
    corpus = Corpus("chat", 7)
    texts = [text for low in range(0, rows, CHUNK) for text in corpus.chunk(CHUNK, 0)]
    data = inputs(texts[:rows])
    check = prepared(folder, questions("gsm8k_test.jsonl"), data)
    check.map(next(iter(inputs(texts[:1_000]).rows.batches())))
    begun = time.process_time()
    count = 0
    for low in range(0, rows, CHUNK):
        mapped = check.map(next(iter(inputs(texts[low : low + CHUNK]).rows.batches())))
        count += mapped.findings.height
    seconds = time.process_time() - begun
    print(
        f"\n{rows:,} rows, {sum(map(len, texts)) / len(texts):.0f} bytes each: {seconds:.1f} s of "
        f"a core, {seconds / rows * 1e6:.1f} microseconds a row; {count} findings"
    )


def main() -> None:
    """Compare, and measure."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_contamination")
    parser.add_argument("--rows", type=int, default=100_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        compare(Path(folder))
        measure(Path(folder), chosen.rows)


if __name__ == "__main__":
    main()
