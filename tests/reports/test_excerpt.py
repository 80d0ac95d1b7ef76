from ftaudit.manifest import Reference
from ftaudit.reports.excerpt import NONE, excerpt_of
from tests.reports import sample


def test_an_excerpt_is_found_by_split_file_and_row() -> None:
    found = excerpt_of(sample.train(30), sample.excerpts())
    assert found is not None
    assert found.label == "missing feature"


def test_another_split_another_row_or_no_row_has_none() -> None:
    other = Reference(split="holdout", file=sample.TRAIN, row=30)
    assert excerpt_of(other, sample.excerpts()) is None
    assert excerpt_of(sample.train(31), sample.excerpts()) is None
    assert excerpt_of(None, sample.excerpts()) is None
    assert excerpt_of(sample.train(30), NONE) is None
