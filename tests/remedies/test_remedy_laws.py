"""The laws that every remedy keeps: fixed is fixed, nothing else is touched, all is on record."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest

from ftaudit.pipeline.fixed import Fixed
from ftaudit.pipeline.fixing import fix
from ftaudit.remedies import discover
from ftaudit.remedies.recipe import Recipe
from tests.remedies.planted_rows import CASES, HOLDOUT, PlantedCase, Row

ELSEWHERE = {"drop-unlicensed", "fit-profile"}
"""Remedies that need a provenance record or chat: tests/pipeline/test_fixing.py holds them."""


class Outcome(NamedTuple):
    """A case, the folder of its data, what was made of it, and the folder that was written."""

    case: PlantedCase
    data: Path
    fixed: Fixed
    out: Path


def line(row: Row, number: int) -> bytes:
    """Write a row with spaces, order and number spelling of its own."""
    cells = dict(sorted(row.items(), reverse=bool(number % 2))) | {"n": number}
    text = json.dumps(cells, ensure_ascii=bool(number % 2), separators=(", ", " : "))
    return text.replace(f'"n" : {number}', f'"n" : {number}.0e0').encode() + b"\r\n"[number % 2 :]


def write(folder: Path, case: PlantedCase) -> None:
    grouped = "columns" in case.options
    holdout = [{**row, "team": "h"} if grouped else row for row in HOLDOUT]
    for name, rows in (("train.jsonl", case.train), ("test.jsonl", holdout)):
        (folder / name).write_bytes(b"".join(line(row, n) for n, row in enumerate(rows)))


def run(case: PlantedCase, folder: Path, **options: Any) -> Fixed:  # noqa: ANN401 - a scan's
    recipe = Recipe("case", {case.remedy: case.choices})
    data, holdout = folder / "train.jsonl", folder / "test.jsonl"
    chosen = {"workers": 1, **case.options, **options}
    return fix(data, holdout=holdout, recipe=recipe, ignore=("n",), **chosen)


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.name)
def outcome(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Outcome]:
    folder = tmp_path_factory.mktemp("case")
    write(folder, request.param)
    with run(request.param, folder) as fixed:
        fixed.write(folder / "out")
        yield Outcome(request.param, folder, fixed, folder / "out")


def changes(outcome: Outcome) -> pl.DataFrame:
    return pl.read_parquet(outcome.out / "changes.parquet")


def removed(outcome: Outcome) -> list[int]:
    return changes(outcome).filter(pl.col("field").is_null())["row"].to_list()


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def test_what_was_planted_is_changed_and_nothing_else(outcome: Outcome) -> None:
    case = outcome.case
    if case.remedy == "cap-class":
        left = [json.loads(text)["label"] for text in lines(outcome.out / "train.jsonl")]
        assert sorted(left) == ["a", "a", "b"]
        return
    assert removed(outcome) == list(case.removed)
    edited = changes(outcome).drop_nulls("field")["row"].unique().to_list()
    assert sorted(edited) == sorted(case.edited)
    assert outcome.fixed.held.height == case.left
    assert outcome.fixed.exit_code == int(bool(case.left))


def test_fixed_is_fixed_and_a_second_time_changes_nothing(outcome: Outcome) -> None:
    with run(outcome.case, outcome.out) as again:
        assert again.changes.is_empty()
        assert not again.leftovers


def test_rows_that_stay_keep_their_bytes_and_their_order(outcome: Outcome) -> None:
    before, after = lines(outcome.data / "train.jsonl"), lines(outcome.out / "train.jsonl")
    stay = [n for n in range(len(before)) if n not in removed(outcome)]
    assert len(after) == len(stay)
    for new, old in enumerate(stay):
        if old not in outcome.case.edited:
            assert after[new] == before[old]
    holdout = (outcome.data / "test.jsonl").read_bytes()
    assert (outcome.out / "test.jsonl").read_bytes() == holdout


def test_the_record_replayed_on_the_input_gives_the_output(outcome: Outcome) -> None:
    """Outside the spans on record every text is the same, inside them stands what is new."""
    before = [json.loads(text) for text in lines(outcome.data / "train.jsonl")]
    after = [json.loads(text) for text in lines(outcome.out / "train.jsonl")]
    new_rows = [n for n in range(len(before)) if n not in removed(outcome)]
    for place, number in enumerate(new_rows):
        expected = before[number] | outcome.case.edited.get(number, {})
        assert after[place] == expected
    for row, new_row, field, start, end in (
        changes(outcome).drop_nulls("field").select("row", "new_row", "field", "start", "end")
    ).iter_rows():
        old, new = before[row][field], after[new_row][field]
        assert new.startswith(old[:start])
        assert new.endswith(old[end:])


def test_the_record_and_the_lineage_hold_no_text_of_the_data(outcome: Outcome) -> None:
    lineage = (outcome.out / "lineage.json").read_text()
    record = changes(outcome)
    for row in outcome.case.train:
        words = str(row["text"])[:40]
        assert not words or words not in lineage
        assert not words or not record.select(pl.col(pl.String) == words).to_numpy().any()


def test_removed_rows_are_set_aside_as_they_were(outcome: Outcome) -> None:
    aside = outcome.out / "set-aside" / "train.jsonl"
    before = lines(outcome.data / "train.jsonl")
    expected = [before[n] for n in removed(outcome)]
    assert (lines(aside) if aside.exists() else []) == expected


def test_every_remedy_is_held_to_the_laws() -> None:
    assert {case.remedy for case in CASES} | ELSEWHERE == set(discover())
