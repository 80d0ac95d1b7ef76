"""The answers of one model to the rows of a holdout, whatever file they come from."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

import polars as pl
from msgspec import Struct, field

RESULTS: Final = pl.Schema(
    {
        "run": pl.Int64,
        "output": pl.String,
        "reference": pl.String,
        "score": pl.Float64,
        "failed": pl.Boolean,
        "prompt_tokens": pl.Float64,
        "cached_tokens": pl.Float64,
        "completion_tokens": pl.Float64,
        "latency_ms": pl.Float64,
        "cost": pl.Float64,
    }
)
"""Columns of every result table, one row per answer.

- `run`: which of several answers to the same row, from 0.
- `output`, `reference`: text as the file has it; null when it has none.
- `score`: the file's own, null when it has none or left the row unscored.
- `failed`: the request failed (a transport error), so that there is no answer to judge.
- `prompt_tokens`: without the cached ones; `cached_tokens` are billed apart.
- `cost` in the currency of the file; `latency_ms` null for answers from a cache."""

Score = Literal["recompute", "refuse disagreement"]


class CandidateKey(Struct, frozen=True, eq=False):
    """A column that may say which row of the holdout an answer belongs to."""

    name: str
    """As messages call it, such as `doc_id`."""
    values: pl.Series
    """Strings, one per answer; null where there is none."""
    by: Literal["id", "input"] = "id"
    """Compared with the ids of the holdout's rows, or with their input texts."""


class ResultTable(Struct, frozen=True, eq=False):
    """The answers of one model, as one file gives them."""

    format: str
    """Name of the format, such as `promptfoo`."""
    model: str
    """The model as the file names it; empty when it names none."""
    frame: pl.DataFrame
    """`RESULTS`, and `alternatives` (a list of strings) where several references are right."""
    keys: tuple[CandidateKey, ...]
    """The first is the format's own; pairing takes the first that fits the holdout."""
    score_name: str = ""
    """The file's name of its score; empty when it has none."""
    lax_score: bool = False
    """Whether the format is known to call answers right that are not equal to the reference."""
    revision: str = ""
    """Version of the model as the file gives it."""
    notes: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    """What the file says of how it was made, such as its temperature."""


def result_frame(columns: Mapping[str, Sequence[object] | pl.Series]) -> pl.DataFrame:
    """Return columns as `RESULTS`, in its order; what is missing is null, `run` 0."""
    frame = pl.DataFrame(
        {
            name: pl.Series(name, values, dtype=RESULTS.get(name), strict=False)
            for name, values in columns.items()
        }
    )
    defaults = {"run": 0, "failed": False}
    return frame.with_columns(
        pl.lit(defaults.get(name), dtype).alias(name)
        for name, dtype in RESULTS.items()
        if name not in frame.columns
    ).select(*RESULTS, *(n for n in frame.columns if n not in RESULTS))


def text_keys(name: str, values: Iterable[object]) -> tuple[CandidateKey, ...]:
    """Return a key of texts, and the number at the end of each where all end with one.

    `intents.test.73` is often row 73 of the data that the tool was given.
    """
    texts = pl.Series([None if v is None else str(v) for v in values], dtype=pl.String)
    numbers = texts.str.extract(r"(\d+)$", 1)
    whole = CandidateKey(name, texts)
    if texts.is_empty() or numbers.null_count() or numbers.equals(texts):
        return (whole,)
    return (whole, CandidateKey(f"the number at the end of {name}", numbers))
