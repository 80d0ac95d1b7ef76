import polars as pl

from ftaudit.checks import discover
from ftaudit.model.dataset import Dataset
from ftaudit.pipeline.excerpts import SEARCHED, SHOWN, ShownTexts, excerpts, maskings
from ftaudit.wire import manifest
from tests.conftest import dataset

MASKINGS = maskings(discover(), ())
MAIL = "jane.roe@example.com"
CARD = "4111 1111 1111 1111"


def told(
    examples: list[manifest.ExampleRecord], labels: list[str] | None = None
) -> manifest.Manifest:
    chart = manifest.ChartRecord(title="Classes", labels=labels or [], series={"train": [1.0]})
    check = manifest.CheckRecord(
        id="leakage", version=1, status="failed", examples=examples, charts=[chart]
    )
    predicate = manifest.Predicate(
        tool=manifest.Tool(name="ftaudit", version="0", libraries={}),
        time_created="2026-01-01T00:00:00Z",
        expires="2026-01-02T00:00:00Z",
        inputs=[],
        configuration={},
        policy=manifest.Document(name="standard", sha256="0" * 64),
        checks=[check],
        coverage=manifest.CoverageRecord(rows={}, sampled=False),
        gate=manifest.Gate(verdict="PASSED"),
    )
    return manifest.Manifest(subject=[], predicate=predicate)


def data(*texts: str) -> Dataset:
    rows: list[dict[str, object]] = [{"input": t, "label": "pricing"} for t in texts]
    return dataset([*rows, {"split": "holdout", "input": "a holdout row"}])


def pair(row: int) -> manifest.ExampleRecord:
    return manifest.ExampleRecord(
        rule="leakage.near",
        where=manifest.Reference(split="holdout", file="holdout.csv", row=0),
        related=manifest.Reference(split="train", file="train.csv", row=row),
    )


def test_both_rows_of_an_example_are_shown_and_no_other() -> None:
    found = excerpts(data("first", "second"), told([pair(1)]), MASKINGS)
    assert set(found) == {("holdout", "holdout.csv", 0), ("train", "train.csv", 1)}
    assert found["train", "train.csv", 1].text == "second"
    assert found["train", "train.csv", 1].label == "pricing"


def test_a_secret_is_masked_wherever_its_row_shows_it() -> None:
    key = "hf_" + "aBcD" * 8 + "eF"
    row: dict[str, object] = {
        "input": f"use {key}; not {key[:20]}\n{key[20:]}",
        "output": f"{key.upper()} {key.replace('_', '%5F')}",
        "label": " ".join(key),
    }
    shown = excerpts(dataset([row, {"split": "holdout"}]), told([pair(0)]), MASKINGS)
    excerpt = shown["train", "train.csv", 0]
    for text in (excerpt.text, excerpt.label):
        assert "abcd" not in text.lower().replace(" ", "")
        assert "TOKEN" in text


def test_a_secret_is_masked_that_is_found_far_behind_what_is_shown_or_in_another_field() -> None:
    row: dict[str, object] = {
        "input": f"the code hT7kQ2vX9zB4, {'word ' * SEARCHED}my password: hT7kQ2vX9zB4",
        "output": "and the code pL9wR4nM8tY3",
        "fields": [{"path": "note", "text": "my password: pL9wR4nM8tY3"}],
    }
    row["fields"] = [*row["fields"], {"path": "text", "text": row["input"]}]  # type: ignore[misc] # a list
    shown = excerpts(dataset([row, {"split": "holdout"}]), told([pair(0)]), MASKINGS)
    excerpt = shown["train", "train.csv", 0]
    assert "hT7kQ2vX9zB4" not in excerpt.text
    assert "pL9wR4nM8tY3" not in excerpt.text + excerpt.label


def test_personal_data_and_secrets_are_masked() -> None:
    key = "hf_" + "aBcD" * 8 + "eF"
    found = excerpts(data(f"write to {MAIL}, card {CARD}, {key}"), told([pair(0)]), MASKINGS)
    text = found["train", "train.csv", 0].text
    assert MAIL not in text
    assert CARD not in text
    assert key not in text
    assert text.startswith("write to ")


def test_a_value_across_the_cut_is_masked_too() -> None:
    text = "x" * (SHOWN - 8) + " " + MAIL
    shown = excerpts(data(text), told([pair(0)]), MASKINGS)["train", "train.csv", 0].text
    assert len(shown) == SHOWN
    assert "jane" not in shown


def test_a_huge_cell_is_cut_before_it_is_searched() -> None:
    shown = excerpts(data("word " * SEARCHED * 10), told([pair(0)]), MASKINGS)
    assert len(shown["train", "train.csv", 0].text) == SHOWN


def test_nothing_is_read_where_there_is_no_example() -> None:
    class Unreadable:
        def batches(self, columns: object = None) -> pl.DataFrame:
            raise AssertionError(columns)

    unreadable = Unreadable()
    empty = Dataset(data("a").files, "plain", {}, unreadable, unreadable)  # type: ignore[arg-type] # never read
    assert excerpts(empty, told([]), MASKINGS) == {}


def test_class_names_are_masked_in_charts() -> None:
    manifest = told([], ["pricing", MAIL])
    masked = ShownTexts.of(data(), manifest, rows=False).masked(MASKINGS)
    labels = masked.manifest(manifest).predicate.checks[0].charts[0].labels
    assert labels[0] == "pricing"
    assert "jane" not in labels[1]


def test_a_value_that_only_its_field_gives_away_is_masked_where_the_row_shows_it() -> None:
    name = "quintero-86753091"
    fields = [{"path": "db_password", "text": name}, {"path": "input", "text": f"it was {name}"}]
    rows: list[dict[str, object]] = [{"input": f"it was {name}", "fields": fields}]
    both = dataset([*rows, {"split": "holdout", "input": "a holdout row"}])
    shown = excerpts(both, told([pair(0)]), MASKINGS)["train", "train.csv", 0].text
    assert shown == "it was [PASSWORD]"
