"""Measure the similarity engine on rows that share sentences, stage by stage.

    python -m tests.bench.shared_sentences FOLDER [--workers 2] [--method exact]

FOLDER holds `train.parquet` and `test.parquet` with the columns text and label, such as a
generator of templates writes: every sentence stands in about ninety rows, few rows are
near-identical. Prints one JSON object: of every stage wall and processor seconds, and the peak of
memory. Compare processor time where other work shares the machine.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from ftaudit.model.dataset import HOLDOUT, ROWS, TRAIN, DataFile
from ftaudit.model.row_id import row_id
from ftaudit.similarity.build import build
from ftaudit.similarity.labels.suspected_labels import review_labels
from ftaudit.similarity.parameters import SimilarityOptions
from tests.bench.similarity_run import Stages, resident_peak

FILES = (("train.parquet", TRAIN), ("test.parquet", HOLDOUT))
CHUNK = 25_000


@dataclass(frozen=True)
class FolderRows:
    """Labelled rows of a training and a holdout file, streamed."""

    folder: Path

    def files(self) -> tuple[DataFile, ...]:
        """Return the files, without digests."""
        return tuple(
            DataFile(name, split, "0" * 64, self._height(name), 0) for name, split in FILES
        )

    def _height(self, name: str) -> int:
        return int(pl.scan_parquet(self.folder / name).select(pl.len()).collect().item())

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield canonical rows; of a file that is not asked for its text no text is read."""
        names = list(columns or ROWS.names())
        for ordinal, (name, split) in enumerate(FILES):
            stored = {"input": "text", "text": "text", "label": "label"}
            read = sorted({stored[column] for column in names if column in stored} | {"id"})
            start = 0
            scan = pl.scan_parquet(self.folder / name).select(read)
            for frame in scan.collect_batches(chunk_size=CHUNK, maintain_order=True):
                rows = np.arange(start, start + frame.height, dtype=np.uint64)
                start += frame.height
                values = {column: pl.col(stored[column]) for column in names if column in stored}
                values |= {
                    "id": pl.lit(pl.Series(rows + np.uint64(row_id(ordinal, 0)))),
                    "row": pl.lit(pl.Series(rows)),
                    "split": pl.lit(split),
                    "file": pl.lit(ordinal),
                }
                yield frame.select(
                    values.get(column, pl.lit(None)).cast(ROWS[column]).alias(column)
                    for column in names
                )


def main() -> None:
    """Build the relation once, and print what it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--method", default="auto")
    parser.add_argument("--memory", type=int, default=None, help="MB")
    arguments = parser.parse_args()
    rows, stages = FolderRows(arguments.folder), Stages()
    wall, cpu = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        similar = build(
            rows,
            rows.files(),
            SimilarityOptions(method=arguments.method),
            label_reader=review_labels,
            workers=arguments.workers,
            memory=arguments.memory * 1_000_000 if arguments.memory else None,
            folder=Path(folder),
            progress=stages,
        )
        kinds: dict[str, int] = {}
        for batch in similar.batches():
            for (kind,), part in batch.group_by("kind"):
                kinds[str(kind)] = kinds.get(str(kind), 0) + part.height
    measured = {
        "seconds": round(time.perf_counter() - wall, 2),
        "cpu": round(time.process_time() - cpu, 2),
        "peak_gb": round(max(resident_peak(), stages.peak), 2),
        "method": similar.configuration["method"],
        "shingles": similar.configuration["shingles"],
        "clusters": kinds,
        "stages": [
            {"stage": name, "wall": w, "cpu": c, "gb": gb} for name, w, c, gb in stages.taken
        ],
    }
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
