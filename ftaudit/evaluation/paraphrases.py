"""Flips on a table of alike inputs that nobody has labelled."""

from pathlib import Path
from typing import Final

import polars as pl

from ftaudit.evaluation.consistency import FlipCounts, flip_counts
from ftaudit.evaluation.formats.plain_results import as_text, read_frame
from ftaudit.evaluation.lenient_reading import LenientReader
from ftaudit.evaluation.near_pairs import NearPairs
from ftaudit.model.bounded_read import read_whole
from ftaudit.model.errors import InputError

COLUMNS: Final = ("group", "baseline", "tuned")


def paraphrase_flips(path: Path, reader: LenientReader) -> FlipCounts:
    """Count the pairs of one group that a model answers differently.

    Args:
        path: csv, jsonl or parquet with the columns `group`, `baseline` and `tuned`.
        reader: reads the answers.

    Raises:
        InputError: unreadable, or without these columns.
    """
    try:
        data = read_whole(path)
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror})") from None
    kind = "parquet" if data[:4] == b"PAR1" else "jsonl" if data.lstrip()[:1] == b"{" else "csv"
    frame = read_frame(data, path.name, kind)
    if missing := [name for name in COLUMNS if name not in frame.columns]:
        remedy = "Give a row per input: its group, and the answers of both models"
        raise InputError(path, f"has no column {', '.join(missing)}", remedy=remedy)
    outputs = {role: as_text(frame[role]) for role in ("baseline", "tuned")}
    readings = pl.DataFrame(
        {
            **{role: reader.read(values) for role, values in outputs.items()},
            **{f"raw {role}": values.str.strip_chars() for role, values in outputs.items()},
        }
    )
    pairs = NearPairs(_pairs(frame["group"]), 1.0, complete=True)
    nothing = pl.Series([None] * frame.height, dtype=pl.String)
    return flip_counts(pairs, nothing, readings)


def _pairs(groups: pl.Series) -> pl.DataFrame:
    rows = pl.DataFrame({"cluster": groups.rank("dense").cast(pl.UInt64)}).with_row_index("left")
    others = rows.rename({"left": "right"})
    paired = rows.drop_nulls().join(others, on="cluster").filter(pl.col("left") < pl.col("right"))
    return paired.select("cluster", "left", "right", similarity=pl.lit(1.0)).sort("left", "right")
