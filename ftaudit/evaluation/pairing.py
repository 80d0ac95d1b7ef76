"""Pair the answers of a model with the rows of the holdout by id, by position only if told."""

from collections.abc import Sequence
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.evaluation.formats.recognition import ResultFile
from ftaudit.evaluation.formats.result_request import ResultRequest
from ftaudit.evaluation.formats.result_table import CandidateKey, ResultTable
from ftaudit.evaluation.holdout import POSITION, EvaluationHoldout
from ftaudit.model.errors import InputError

MISSING_LIMIT: Final = 0.01
"""Share of the holdout that may lack an answer before the result is incomplete."""
_USAGE: Final = ("prompt_tokens", "cached_tokens", "completion_tokens", "latency_ms", "cost")


class PairedAnswers(Struct, frozen=True, eq=False):
    """A model's answers, one row per row of the holdout and in its order."""

    model: str
    """As the user or the file names it."""
    file: ResultFile
    frame: pl.DataFrame
    """`score` (mean over runs, null without an answer), `output` (of the first run), `failed`,
    `missing`; one row per holdout row."""
    answers: pl.DataFrame
    """Every answer: `position`, `run`, `output`, `score`, `failed` and usage."""
    score: str
    """`exact match`, or the name of the file's score."""
    paired_by: str
    """The key that fits the holdout."""
    notes: tuple[str, ...] = ()

    @property
    def missing(self) -> int:
        """Rows of the holdout without an answer."""
        return int(self.frame["missing"].sum())

    @property
    def failed(self) -> int:
        """Rows whose every request failed."""
        return int(self.frame["failed"].sum())

    @property
    def runs(self) -> int:
        """Answers per row, at most."""
        return int(self.answers["run"].n_unique())


def pair(
    file: ResultFile, holdout: EvaluationHoldout, request: ResultRequest, model: str = ""
) -> PairedAnswers:
    """Pair answers with rows, and score them.

    Args:
        file: the answers.
        holdout: the rows.
        request: what the user says about the file.
        model: what to call the model; by default as the file does, else by the file's name.

    Raises:
        InputError: an id that is not in the holdout or stands twice, another reference than the
            holdout's, or a score that contradicts output and reference.
    """
    table = file.table
    key, joined = _by_position(file, holdout) if request.by_position else _by_key(file, holdout)
    _no_duplicates(joined, file.name, key)
    scored, score, notes = _scored(joined, table, file.name, request.metric)
    frame = _aligned(scored, holdout)
    name = model or table.model or file.name
    return PairedAnswers(name, file, frame, scored, score, key, (*table.notes, *notes))


def _by_position(file: ResultFile, holdout: EvaluationHoldout) -> tuple[str, pl.DataFrame]:
    """Pair the first run's answers in their order."""
    frame = file.table.frame
    if frame.height != holdout.rows:
        problem = f"{frame.height:,} answers for {holdout.rows:,} rows, to be paired by position"
        raise InputError(file.name, problem, remedy="Pair by id: leave out --by-position")
    position = holdout.frame.select(POSITION, own_reference="reference")
    joined = pl.concat([position, _numbered(frame)], how="horizontal")
    _same_references(joined, file.name)
    return POSITION, joined


def _by_key(file: ResultFile, holdout: EvaluationHoldout) -> tuple[str, pl.DataFrame]:
    """Pair by the first candidate key whose every value is in the holdout, references alike."""
    if not file.table.keys:
        problem = "its answers have no ids"
        raise InputError(file.name, problem, remedy="Add ids, or say --by-position")
    first_error: InputError | None = None
    for key in file.table.keys:
        try:
            joined = _joined(file, key, holdout)
        except InputError as error:
            first_error = first_error or error
        else:
            return key.name, joined
    assert first_error is not None  # noqa: S101 - there is at least one key, and none fits
    raise first_error


def _joined(file: ResultFile, key: CandidateKey, holdout: EvaluationHoldout) -> pl.DataFrame:
    answers = _numbered(file.table.frame).with_columns(key=key.values.str.strip_chars())
    rows = holdout.frame.select(POSITION, key=key.by, own_reference="reference")
    if key.by == "input":
        rows = rows.with_columns(pl.col("key").str.strip_chars())
        rows = rows.filter(~pl.col("key").is_duplicated())
    joined = answers.join(rows, on="key", how="left", maintain_order="left").drop("key")
    foreign = joined.filter(pl.col(POSITION).is_null())
    if foreign.height:
        problem = (
            f"{foreign.height:,} of {joined.height:,} answers have a {key.name} that no row of the "
            f"holdout has (first in answer {foreign['answer'][0]:,})"
        )
        remedy = "Give the holdout that was evaluated, and name its ids with --id-column"
        raise InputError(file.name, problem, remedy=remedy)
    _same_references(joined, file.name)
    return joined


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_row_index("answer")


def _same_references(joined: pl.DataFrame, name: str) -> None:
    """Refuse results whose references are not the holdout's: they are of another version."""
    trimmed = [pl.col(n).str.strip_chars() for n in ("reference", "own_reference")]
    others = joined.filter(trimmed[0] != trimmed[1])
    if "alternatives" in joined.columns:
        others = others.filter(~pl.col("alternatives").list.contains(pl.col("own_reference")))
    if others.height:
        problem = (
            f"{others.height:,} answers have another reference than the holdout (first in answer "
            f"{others['answer'][0]:,}, row {others[POSITION][0]:,} of the holdout)"
        )
        raise InputError(name, problem, remedy="Evaluate again on the holdout as it is now")


def _no_duplicates(joined: pl.DataFrame, name: str, key: str) -> None:
    twice = joined.filter(pl.struct(POSITION, "run").is_duplicated())
    if twice.height:
        same = twice.filter(
            (pl.col(POSITION) == twice[POSITION][0]) & (pl.col("run") == twice["run"][0])
        )
        problem = (
            f"one row of the holdout is answered twice by {key} (answers "
            f"{same['answer'][0]:,} and {same['answer'][1]:,})"
        )
        remedy = "Remove one; if the row was asked several times, number the runs in a column run"
        raise InputError(name, problem, remedy=remedy)


def _scored(
    joined: pl.DataFrame, table: ResultTable, name: str, metric: str
) -> tuple[pl.DataFrame, str, Sequence[str]]:
    """Score every answer: exact match where it can be computed, else the file's own score."""
    output = pl.col("output").str.strip_chars()
    reference = pl.coalesce("reference", "own_reference").str.strip_chars()
    exact = output == reference
    if "alternatives" in joined.columns:
        exact = exact | pl.col("alternatives").list.contains(output).fill_null(value=False)
    frame = joined.with_columns(
        exact=pl.when(reference.is_not_null()).then(exact.fill_null(value=False)).cast(pl.Float64)
    )
    scored = frame["score"].null_count() < frame.height
    if metric and metric not in {"exact", "exact match"}:
        if metric != table.score_name or not scored:
            problem = f"has no score named {metric}"
            raise InputError(name, problem, remedy=f"It has {table.score_name or 'no score'}")
        return _answers(frame, "score"), metric, ()
    computable = frame["output"].null_count() < frame.height and not frame["exact"].null_count()
    if not computable:
        if not scored:
            problem = "neither scores nor outputs with references"
            raise InputError(name, problem, remedy="Add a column of references to the holdout")
        return _answers(frame, "score"), table.score_name, ()
    return _answers(frame, "exact"), "exact match", _disagreement(frame, table, name)


def _disagreement(frame: pl.DataFrame, table: ResultTable, name: str) -> Sequence[str]:
    """Refuse a file whose right and wrong contradict its outputs; say where a format is lax."""
    differing = frame.filter(
        pl.col("score").is_not_null() & (pl.col("score") != pl.col("exact")) & ~pl.col("failed")
    )
    if not differing.height:
        return ()
    if table.lax_score:
        note = (
            f"{differing.height:,} answers that {table.format} calls right are not equal to the "
            "reference (it compares beginnings): they were scored again"
        )
        return (note,)
    problem = (
        f"the score {table.score_name} of {differing.height:,} answers contradicts output and "
        f"reference (first in answer {differing['answer'][0]:,})"
    )
    remedy = f"Take the file's score with --metric {table.score_name}, or score again"
    raise InputError(name, problem, remedy=remedy)


def _answers(frame: pl.DataFrame, score: str) -> pl.DataFrame:
    columns = (POSITION, "run", "output", "failed", *_USAGE)
    value = pl.when(~pl.col("failed")).then(pl.col(score)).alias("score")
    return frame.select(*columns, value).sort(POSITION, "run")


def _aligned(answers: pl.DataFrame, holdout: EvaluationHoldout) -> pl.DataFrame:
    """Return one row per holdout row: runs averaged, what is not answered marked."""
    if answers[POSITION].is_unique().all():
        by_row = answers.select(POSITION, "score", "output", "failed")
    else:
        by_row = answers.group_by(POSITION, maintain_order=True).agg(
            pl.mean("score"), pl.first("output"), pl.col("failed").all()
        )
    joined = holdout.frame.select(POSITION).join(
        by_row, on=POSITION, how="left", maintain_order="left"
    )
    missing = pl.col("score").is_null() & ~pl.col("failed").fill_null(value=False)
    return joined.select(
        "score", "output", pl.col("failed").fill_null(value=False), missing.alias("missing")
    )
