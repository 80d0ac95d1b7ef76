"""Made-up corpora for benchmarks: words, lengths and near-copies like those of chat data.

    python tests/bench/corpus.py OUT.parquet --rows 1000000 --kind chat

Deterministic for one seed. Nine rows in ten are new texts; a third of the chat ones open with one
of 300 instructions, as real data does. The rest are copies with 0 to 20 % of their words edited,
some sources copied many times. `--template N` adds N rows of one template that differ in two words.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

WORDS: Final = 40_000
EDITS: Final = (0.0, 0.01, 0.05, 0.10, 0.20)
CHUNK: Final = 100_000
GROUP: Final = 10_000
"""Rows of a row group."""

Words = npt.NDArray[np.int64]


def vocabulary(draw: np.random.Generator) -> list[str]:
    """Return distinct words; the frequent ones are short."""
    letters = np.array(list("etaoinshrdlucmwfgypbvk"))
    share = 1.0 / np.arange(1, len(letters) + 1) ** 0.7
    share /= share.sum()
    words: dict[str, None] = {}
    while len(words) < WORDS:
        size = 2 + int(min(9, len(words) ** 0.5 / 18 + draw.integers(0, 5)))
        words["".join(draw.choice(letters, size, p=share))] = None
    return list(words)


def frequencies() -> npt.NDArray[np.float64]:
    """Return cumulative frequencies by Zipf's law."""
    share = 1.0 / (np.arange(WORDS) + 2.7)
    return np.cumsum(share / share.sum())


class Corpus:
    """A stream of texts."""

    def __init__(self, kind: str, seed: int) -> None:
        self.draw = np.random.default_rng(seed)
        self.words = np.array(vocabulary(self.draw), dtype=object)
        self.cumulative = frequencies()
        self.low, self.high = (48, 92) if kind == "chat" else (6, 16)
        self.openings = [self.some(int(n)) for n in self.draw.integers(8, 25, 300)]
        self.chat = kind == "chat"

    def some(self, count: int) -> Words:
        found = np.searchsorted(self.cumulative, self.draw.random(count))
        return np.minimum(found, WORDS - 1)

    def chunk(self, rows: int, template: int) -> list[str]:
        base = [self.some(int(n)) for n in self.draw.integers(self.low, self.high, rows)]
        if self.chat:
            for i in np.flatnonzero(self.draw.random(rows) < 0.3).tolist():
                opening = self.openings[int(self.draw.integers(0, 300))]
                base[i] = np.concatenate([opening, base[i][15:]])
        copies = self.draw.permutation(rows)[: rows // 10].tolist()
        hot = self.draw.integers(0, rows, max(1, rows // 2_000))
        for i in copies:
            source = hot[i % len(hot)] if self.draw.random() < 0.15 else self.draw.integers(0, rows)
            base[i] = self.edited(base[int(source)], EDITS[int(self.draw.integers(0, 5))])
        pattern = self.openings[0] if not self.chat else np.concatenate(self.openings[:5])
        for i in self.draw.permutation(rows)[:template].tolist():
            base[i] = pattern.copy()
            base[i][self.draw.integers(0, len(pattern), 2)] = self.some(2)
        return [" ".join(self.words[text]) for text in base]

    def edited(self, text: Words, share: float) -> Words:
        result = text.copy()
        if share:
            count = max(1, round(share * len(text)))
            result[self.draw.integers(0, len(text), count)] = self.some(count)
        return result


def write(path: Path, rows: int, kind: str, *, template: int = 0, seed: int = 7) -> None:
    """Write `rows` texts as parquet with the column `text`."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    corpus = Corpus(kind, seed)
    with pq.ParquetWriter(path, pa.schema([("text", pa.large_string())])) as file:
        for start in range(0, rows, CHUNK):
            count = min(CHUNK, rows - start)
            texts = corpus.chunk(count, template * count // rows)
            file.write_table(pl.DataFrame({"text": texts}).to_arrow(), row_group_size=GROUP)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--kind", choices=["chat", "short"], default="chat")
    parser.add_argument("--template", type=int, default=0)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args(arguments)
    write(given.out, given.rows, given.kind, template=given.template, seed=given.seed)


if __name__ == "__main__":
    main()
