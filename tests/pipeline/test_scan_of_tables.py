"""What Python hands to a scan: frames, datasets of Hugging Face, options as keywords."""

from dataclasses import fields

import datasets
import polars as pl
import pytest

import ftaudit
from ftaudit.model.errors import UsageError
from ftaudit.model.options import OptionFields, Options

TEXTS = [f"Please tell me where the {w} are kept" for w in ("rivers", "lamps", "bells", "saddles")]
FRAME = pl.DataFrame({"text": TEXTS, "label": ["a", "b", "a", "b"]})
ONLY = ("schema", "class-balance")


def hub(rows: int = 4) -> datasets.Dataset:
    features = datasets.Features(
        {"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["refund", "delay"])}
    )
    data = {"text": TEXTS[:rows], "label": [0, 1, 0, 1][:rows]}
    return datasets.Dataset.from_dict(data, features=features)


def labels(audit: ftaudit.Audit) -> set[str]:
    charts = [chart for check in audit.manifest.predicate.checks for chart in check.charts]
    return {label for chart in charts for label in chart.labels}


def test_every_option_is_a_keyword() -> None:
    assert OptionFields.__annotations__.keys() == {f.name for f in fields(Options)} - {"policy"}
    with ftaudit.scan(FRAME, only=list(ONLY), threshold=0.7, ignore="label") as audit:
        ran = {c.id for c in audit.manifest.predicate.checks if c.status != "skipped"}
        assert "schema" in ran
        assert audit.manifest.predicate.coverage.columns_not_read == ["label"]


def test_an_unknown_keyword_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="threshold"):
        ftaudit.scan(FRAME, treshold=0.7)  # type: ignore[call-arg] # what a user may type


def test_a_dataset_is_read_as_its_user_sees_it_with_the_names_of_classes() -> None:
    data = hub().filter(lambda row: row["label"] == 1)
    with ftaudit.scan(data, only=ONLY) as audit:
        assert audit.manifest.predicate.inputs[0].rows == 2
        assert "delay" in labels(audit)
        assert "refund" not in labels(audit)


def test_a_dictionary_of_datasets_is_split_by_its_names() -> None:
    data = datasets.DatasetDict({"train": hub(), "test": hub(2), "validation": hub(1)})
    with ftaudit.scan(data, only=ONLY) as audit:
        roles = {i.role: i.rows for i in audit.manifest.predicate.inputs}
    assert roles == {"train": 4, "validation": 1, "holdout": 2}


def test_a_dictionary_with_another_name_is_refused() -> None:
    with pytest.raises(UsageError, match="no name of a split"):
        ftaudit.scan(datasets.DatasetDict({"mine": hub()}))


def test_an_iterable_dataset_is_refused_with_the_remedy() -> None:
    with pytest.raises(UsageError, match=r"once only.*Dataset\.from_generator"):
        ftaudit.scan(hub().to_iterable_dataset())
