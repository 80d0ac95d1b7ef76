from ftaudit.reports.excerpt import NONE, Excerpt, sides
from ftaudit.wire.manifest import ExampleRecord
from tests.reports import sample


def labels(example: ExampleRecord) -> list[str | None]:
    shown: list[Excerpt | None] = list(sides(example, sample.excerpts()))
    return [one.label if one else None for one in shown]


def test_both_rows_of_a_pair_are_found() -> None:
    pair = ExampleRecord(rule="a.b", where=sample.train(17), related=sample.train(30))
    assert labels(pair) == ["pricing", "missing feature"]


def test_another_split_or_row_has_no_excerpt() -> None:
    pair = ExampleRecord(rule="a.b", where=sample.holdout(17), related=sample.train(31))
    assert labels(pair) == [None, None]


def test_a_field_points_into_its_row() -> None:
    assert labels(ExampleRecord(rule="a.b", where=sample.train(17), field="text")) == [
        "pricing",
        None,
    ]


def test_an_example_about_a_whole_file_shows_no_row() -> None:
    assert labels(ExampleRecord(rule="a.b", where=sample.train(17))) == [None, None]


def test_without_excerpts_there_are_none() -> None:
    pair = ExampleRecord(rule="a.b", where=sample.train(17), related=sample.train(30))
    assert sides(pair, NONE) == (None, None)
