"""Datasets of Hugging Face are judged by the rows that their user sees."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import datasets
import polars as pl
import pytest
from datasets import Dataset, DatasetDict

import ftaudit
from ftaudit.admission.given_data import GivenData
from ftaudit.admission.verify import gate
from ftaudit.model.errors import GateRefused, InputError, UsageError
from ftaudit.model.options import Options
from ftaudit.readers.hub_dataset import HubRows
from tests import manifests
from tests.admission.signed_manifests import SIGNER, written
from tests.manifests import NOW

ROWS = 400


@pytest.fixture(autouse=True)
def quiet() -> None:
    datasets.disable_progress_bars()


@pytest.fixture
def table() -> pl.DataFrame:
    texts = [f"please cancel order {i} of mine" for i in range(ROWS)]
    return pl.DataFrame({"text": texts, "label": ["a", "b"] * (ROWS // 2)})


@pytest.fixture
def manifest(table: pl.DataFrame, tmp_path: Path) -> Path:
    """Audit four hundred rows, and two hundred others as the holdout."""
    train, holdout = tmp_path / "train.csv", tmp_path / "test.csv"
    table.write_csv(train)
    table.select(pl.col("text") + " too", "label").head(200).write_csv(holdout)
    return written(manifests.of([train, holdout]), tmp_path)


@pytest.fixture
def dataset(table: pl.DataFrame) -> Dataset:
    return Dataset(table.to_arrow().cast(_schema()))


def _schema() -> Any:  # noqa: ANN401 - pyarrow has no types
    import pyarrow as pa

    return pa.schema([("text", pa.string()), ("label", pa.string())])


def passes(manifest: Path, data: object, **given: Any) -> bool:  # noqa: ANN401 - arguments of the gate
    options = {"trusted_keys": [SIGNER.public], "now": NOW} | given
    try:
        return gate(manifest, data, **options).passed  # type: ignore[arg-type] # a test's own data
    except GateRefused:
        return False


def test_a_dataset_of_the_audited_rows_passes(manifest: Path, dataset: Dataset) -> None:
    assert passes(manifest, dataset)
    assert passes(manifest, dataset.with_format("numpy"))
    assert passes(manifest, dataset.to_iterable_dataset())
    assert passes(manifest, dataset.select(range(ROWS)))
    turned = list(reversed(range(ROWS)))
    assert passes(manifest, dataset.select(turned).select(turned))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda d: d.select([0] * ROWS), id="one row four hundred times"),
        pytest.param(lambda d: d.filter(lambda row: row["label"] == "a"), id="filtered"),
        pytest.param(lambda d: d.shuffle(seed=1), id="shuffled"),
        pytest.param(lambda d: d.select(range(ROWS - 1)), id="cut short"),
        pytest.param(lambda d: datasets.concatenate_datasets([d, d]), id="twice"),
        pytest.param(lambda d: d.map(lambda row: {"text": row["text"].upper()}), id="mapped"),
        pytest.param(lambda d: d.remove_columns("label"), id="a column less"),
        pytest.param(lambda d: d.with_format("arrow", columns=["text"]), id="a column hidden"),
        pytest.param(
            lambda d: d.to_iterable_dataset().filter(lambda row: row["label"] == "a"),
            id="a filtered stream",
        ),
    ],
)
def test_any_other_rows_are_refused(
    manifest: Path, dataset: Dataset, change: Callable[[Dataset], Dataset]
) -> None:
    assert not passes(manifest, change(dataset))


def test_a_dataset_dict_goes_by_the_names_of_its_splits(manifest: Path, dataset: Dataset) -> None:
    holdout = Dataset.from_csv(str(manifest.parent / "test.csv"))
    assert passes(manifest, DatasetDict(train=dataset, test=holdout))
    assert passes(manifest, dataset, holdout=holdout)
    assert not passes(manifest, DatasetDict(train=holdout, test=dataset))
    assert not passes(manifest, DatasetDict(train=dataset, other=holdout))
    assert not passes(manifest, DatasetDict(train=dataset.select([0] * ROWS), test=holdout))


def test_a_transform_computes_rows_that_nobody_audited(manifest: Path, dataset: Dataset) -> None:
    with pytest.raises(InputError, match="computes its rows by a transform"):
        passes(manifest, dataset.with_transform(lambda batch: batch))


class OneRow(Dataset):  # type: ignore[misc] # the library has no types
    """A dataset of a user's own class, whose rows are not those of its table."""

    def __getitem__(self, key: Any) -> Any:  # noqa: ANN401 - as the library has it
        return super().__getitem__(0)


def test_a_class_of_its_own_may_compute_rows_that_nobody_audited(
    manifest: Path, dataset: Dataset
) -> None:
    with pytest.raises(InputError, match="is of a class of its own"):
        passes(manifest, OneRow(dataset.data))


def test_the_table_below_a_selection_is_refused_while_the_selection_lives(
    manifest: Path, dataset: Dataset
) -> None:
    assert passes(manifest, dataset.data.table)
    selected = dataset.select([0] * ROWS)
    with pytest.raises(UsageError, match="give the dataset itself"):
        passes(manifest, selected.data.table)
    with pytest.raises(UsageError, match="InMemoryTable"):
        passes(manifest, dataset.data)


def test_a_scan_reads_what_the_user_of_a_dataset_sees(dataset: Dataset) -> None:
    few = dataset.filter(lambda row: row["label"] == "a").select(range(20))
    audit = ftaudit.scan(few, options=Options(only=("schema",), policy="report-only"))
    with audit:
        (file,) = audit.manifest.predicate.inputs
        assert file.rows == 20
    assert [f.height for f in HubRows(few).frames()] == [20]


def test_rows_as_dictionaries_are_refused_and_not_quoted() -> None:
    with pytest.raises(UsageError, match=r"polars\.from_dicts") as caught:
        GivenData.of([{"text": "quentin.unique@example.org"}])
    assert "quentin" not in str(caught.value)
