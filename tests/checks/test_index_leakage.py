"""The index-leakage check, on rows and an index that are counted by hand."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from ftaudit.checks.index_leakage import IndexLeakage
from ftaudit.model.check import Judgement, Skip
from ftaudit.model.errors import InputError
from ftaudit.similarity.index.index_matching import standard_error
from ftaudit.similarity.index.signature_index import make_index, write_index
from ftaudit.similarity.parameters import SimilarityOptions
from tests.conftest import context, dataset
from tests.similarity.rows import synthetic

HELD_OUT = "the holdout asks how the blue submarine is refuelled while it is under way at sea"
NEAR = "the holdout asks how the blue submarine is refuelled while it is under way at sea now"
OTHER = "please cancel my subscription at the end of this month and send a confirmation"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Write the index of a holdout with one secret row and forty others."""
    data = dataset([{"input": text} for text in (HELD_OUT, *synthetic(40))])
    path = tmp_path / "holdout.ftidx"
    write_index(make_index(data.rows, data.files, SimilarityOptions(shingles="char5")), path)
    return path


def judged(
    index: Path,
    rows: list[dict[str, object]],
    *,
    threshold: float = 0.8,
    cuts: tuple[int, ...] = (),
) -> Judgement:
    data = dataset(rows, cuts=cuts)
    told = replace(context(data), threshold=threshold, parameters={"index": str(index)})
    check = IndexLeakage.prepare(told)
    assert isinstance(check, IndexLeakage)
    mapped = [check.map(batch) for batch in data.rows.batches()]
    return check.judge(check.combine(pl.concat([m.partials for m in mapped])))


def test_a_training_row_that_equals_an_index_row_is_certain(index: Path) -> None:
    judgement = judged(index, [{"input": OTHER}, {"input": HELD_OUT.upper() + "!"}])
    assert judgement.metrics["leakage.index_rows"] == 1
    assert judgement.metrics["leakage.index_exact_rows"] == 1
    assert judgement.metrics["leakage.index_share"] == round(1 / 41, 9)
    finding = judgement.findings.row(0, named=True)
    assert (finding["rule"], finding["row"], finding["similarity"]) == (
        "index_leakage.exact",
        1,
        1.0,
    )
    assert "estimated" not in finding["detail"]


def test_a_near_match_is_said_to_be_estimated(index: Path) -> None:
    judgement = judged(index, [{"input": NEAR}])
    assert judgement.metrics["leakage.index_rows"] == 1
    assert judgement.metrics["leakage.index_exact_rows"] == 0
    finding = judgement.findings.row(0, named=True)
    assert finding["rule"] == "index_leakage.near"
    assert finding["detail"] == "row 0 of train.csv, in the index; estimated"
    assert abs(finding["similarity"] - 0.94) < 4 * standard_error(0.94)
    assert "estimated" in judgement.notes[0]


def test_rows_outside_training_do_not_leak(index: Path) -> None:
    rows: list[dict[str, object]] = [
        {"input": OTHER},
        {"input": HELD_OUT, "split": "holdout"},
    ]
    judgement = judged(index, rows)
    assert judgement.metrics["leakage.index_rows"] == 0
    assert judgement.findings.is_empty()
    assert judgement.headline == "no row of holdout.ftidx leaks, by estimate"


def test_a_match_just_below_the_threshold_is_possible_and_no_leak(index: Path) -> None:
    judgement = judged(index, [{"input": NEAR}], threshold=0.97)
    assert judgement.metrics["leakage.index_rows"] == 0
    assert judgement.metrics["leakage.index_possible_rows"] == 1


def test_of_several_training_rows_the_first_of_the_best_is_named(index: Path) -> None:
    rows: list[dict[str, object]] = [{"input": NEAR}, {"input": HELD_OUT}, {"input": HELD_OUT}]
    for cuts in ((), (1,), (1, 2)):
        judgement = judged(index, rows, cuts=cuts)
        assert judgement.metrics["leakage.index_rows"] == 1
        assert judgement.findings["row"].to_list() == [1]
        assert [example.where.row for example in judgement.examples] == [1]


def test_the_manifest_names_the_index_by_name_and_digest_only(index: Path) -> None:
    judgement = judged(index, [{"input": OTHER}])
    assert str(judgement.configuration["index"]).startswith("sha256:")
    assert str(index.parent) not in repr(judgement)


def test_without_an_index_the_check_is_skipped() -> None:
    skipped = IndexLeakage.prepare(context(dataset([{"input": OTHER}])))
    assert skipped == Skip("no index of a holdout was given", options=("--holdout-index",))


def test_what_is_no_index_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "holdout.ftidx"
    path.write_bytes(b"text, label")
    told = replace(context(dataset([{"input": OTHER}])), parameters={"index": str(path)})
    with pytest.raises(InputError, match="no ftaudit index"):
        IndexLeakage.prepare(told)
