"""What Python hands to a scan: frames, datasets of Hugging Face, options as keywords."""

from pathlib import Path
from typing import get_type_hints

import datasets
import polars as pl
import pyarrow as pa
import pytest
from msgspec.structs import fields

import ftaudit
from ftaudit.checks import discover
from ftaudit.model.check import Check
from ftaudit.model.declaration import CheckOption, Declaration, declaration
from ftaudit.model.errors import UsageError
from ftaudit.model.options import Options
from ftaudit.pipeline.keyword_types import Names, OptionKeywords
from ftaudit.pipeline.scan_keywords import with_keywords
from ftaudit.records.detect import OVERRIDES, ROLE_OPTIONS

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


def test_editors_know_every_keyword_and_its_type() -> None:
    types = get_type_hints(OptionKeywords)
    options = {o.flag.removeprefix("--").replace("-", "_"): o for _, o in declared()}
    options |= {o.parameter: o for _, o in declared()}
    columns = {f"{role}_column" for role in (*OVERRIDES, *ROLE_OPTIONS, "ignore")}
    assert types.keys() == {f.name for f in fields(Options)} | columns | options.keys()
    one = {f"{role}_column" for role in OVERRIDES}
    assert {name: types[name] for name in columns} == {
        name: str if name in one else Names for name in columns
    }
    repeated = {name: (types[name] == Names) == o.repeatable for name, o in options.items()}
    assert all(repeated.values()), repeated
    for check, option in declared():
        if not option.repeatable:
            assert types[option.parameter] == check.__annotations__[option.parameter]
    own = get_type_hints(Options)
    assert {name: types[name] for name in own if types[name] != Names} == {
        name: hint for name, hint in own.items() if types[name] != Names
    }
    assert all(own[name] == tuple[str, ...] for name in own if types[name] == Names)


def declared() -> list[tuple[type[Check], CheckOption]]:
    return [(check, o) for check in discover().values() for o in declaration(check).options]


def test_an_option_reaches_the_scan_as_a_keyword() -> None:
    with ftaudit.scan(FRAME, only=list(ONLY), threshold=0.7, ignore="label") as audit:
        ran = {c.id for c in audit.manifest.predicate.checks if c.status != "skipped"}
        assert "schema" in ran
        assert audit.manifest.predicate.coverage.columns_not_read == ["label"]


def test_an_unknown_keyword_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean threshold"):
        ftaudit.scan(FRAME, treshold=0.7)  # type: ignore[call-arg] # misspelt
    with pytest.raises(TypeError, match="did you mean slice_column"):
        ftaudit.scan(FRAME, slice_columns=["label"])  # type: ignore[call-arg] # misspelt


def test_options_of_columns_and_of_checks_are_keywords_by_the_name_of_their_flag() -> None:
    chosen = with_keywords(
        Options(columns={"input": "body"}, parameters={"slices": {"minimum": 3}}),
        {
            "label_column": "label",
            "context_column": ["passage", "note"],
            "ignore_column": "url",
            "slice_column": "region",
            "max_tokens": 512,
            "workers": 1,
        },
    )
    assert chosen.columns == {"input": "body", "label": "label"}
    assert chosen.roles == {"context": ("passage", "note")}
    assert chosen.ignore == ("url",)
    assert chosen.parameters["slices"] == {"minimum": 3, "slice_column": ["region"]}
    assert 512 in chosen.parameters["tokens"].values()
    assert chosen.workers == 1


def test_every_option_that_a_check_declares_is_a_keyword(monkeypatch: pytest.MonkeyPatch) -> None:
    class Foreign:
        declares = Declaration(options=(CheckOption("--word-list", "words", "FILE", "Words."),))

    monkeypatch.setattr("ftaudit.pipeline.scan_keywords.discover", lambda: {"foreign": Foreign})
    assert with_keywords(Options(), {"word_list": "a"}).parameters == {"foreign": {"words": "a"}}
    with pytest.raises(UsageError, match="did you mean word_list"):
        with_keywords(Options(), {"wordlist": "a"})


def test_a_keyword_of_a_check_reaches_the_check() -> None:
    with ftaudit.scan(FRAME, only="slices", slice_column="label") as audit:
        (check,) = (c for c in audit.manifest.predicate.checks if c.id == "slices")
    assert check.status != "skipped", check.reason


def test_text_in_a_part_that_nobody_reads_blocks_until_it_is_ignored(tmp_path: Path) -> None:
    notes = [{"note": f"Seen by visitor {i} of the old town", "id": 7} for i in range(4)]
    frame = FRAME.with_columns(meta=pl.Series(notes))
    policy = tmp_path / "policy.yaml"
    policy.write_text("id: mine\nversion: 1\nextends: standard\ncolumns:\n  ignore: [meta.note]\n")
    with ftaudit.scan(frame, only="schema") as audit:
        rules = {breach.rule for breach in audit.manifest.predicate.gate.breaches}
        assert "FTA-SCHEMA-005" in rules
        assert audit.manifest.predicate.coverage.columns_not_read == ["meta.note"]
        assert "meta.id is metadata" in audit.manifest.predicate.coverage.other["columns_beside"]
    with ftaudit.scan(frame, only="schema", policy=policy) as audit:
        rules = {breach.rule for breach in audit.manifest.predicate.gate.breaches}
        assert "FTA-SCHEMA-005" not in rules
        assert audit.manifest.predicate.coverage.columns_not_read == ["meta.note"]


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


def test_categories_in_objects_that_are_all_null_are_read_as_null() -> None:
    kinds = pa.struct([("kind", pa.dictionary(pa.int8(), pa.string()))])
    table = pa.table({"text": TEXTS, "note": pa.array([None] * 4, kinds)})
    with ftaudit.scan(table, only="schema") as audit:
        assert audit.manifest.predicate.inputs[0].rows == 4


def test_an_iterable_dataset_is_refused_with_the_remedy() -> None:
    with pytest.raises(UsageError, match=r"once only.*Dataset\.from_generator"):
        ftaudit.scan(hub().to_iterable_dataset())
