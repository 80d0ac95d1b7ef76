"""Names and types of the keywords of `scan`, `fix`, `split` and `review`, for editors.

A test holds them to the fields of `Options`, the roles of columns and the options that our checks
declare. Options of other packages' checks are keywords, too; a type checker does not know them, and
takes them as `parameters={"check-id": {"name": value}}`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeAlias, TypedDict

Names: TypeAlias = str | Sequence[str]
"""One name, or several."""


class ScanKeywords(TypedDict, total=False):
    """Keywords of `scan`, which has `policy` among its parameters."""

    provenance: str | Path | None
    expectations: Names
    format: str | None
    columns: Mapping[str, str]
    roles: Mapping[str, tuple[str, ...]]
    ignore: Names
    delimiter: str | None
    header: bool
    encoding: str | None
    keep_going: bool
    only: Names
    skip: Names
    threshold: float | None
    method: Literal["auto", "exact", "minhash"]
    shingles: Literal["auto", "char5", "word3"]
    compare: Literal["input", "text"]
    vectors: str | Path | None
    parameters: Mapping[str, Mapping[str, object]]
    workers: int | None
    memory: int | None
    engine: Literal["local", "spark"]
    master: str | None
    excerpts: bool
    waivers: Names
    trusted_keys: Names
    profile_key: str | Path | None
    resume: str | Path | None

    # columns, by their roles
    annotator_column: str
    choices_column: Names
    context_column: Names
    group_column: str
    ignore_column: Names
    input_column: str
    label_column: str
    output_column: str
    time_column: str
    title_column: Names

    # options of checks, by their flags and by the parameters that they set
    annotation_column: Names
    annotation_columns: Names
    benchmark: Names
    benchmarks: Names
    chat_template: str | None
    holdout_index: str | None
    index: str | None
    max_tokens: int | None
    ner: str
    price: float | None
    profile: Names
    profiles: Names
    slice_column: Names
    tokenizer: str | None


class OptionKeywords(ScanKeywords, total=False):
    """Keywords of `fix`, `split` and `review`."""

    policy: str | Path
