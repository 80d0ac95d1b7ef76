import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from ftaudit.model.dataset import HOLDOUT, TRAIN
from ftaudit.records.answer_classes import (
    OTHER,
    TOO_MANY,
    answer_classes,
    short_answer,
    within_bounds,
)
from tests.conftest import examples


def counted(rows: list[tuple[str, str, int, int]]) -> pl.DataFrame:
    schema = {"split": pl.String, "name": pl.String, "rows": pl.UInt64, "first": pl.UInt64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def added(*parts: pl.DataFrame) -> pl.DataFrame:
    every = pl.concat(parts).group_by("split", "name").agg(pl.sum("rows"), pl.min("first"))
    return within_bounds(every, most=6).sort("split", "name")


def test_an_answer_is_one_line_of_at_most_sixty_characters() -> None:
    texts = [" price ", "", None, "x" * 60, "x" * 61, "two\nlines", "\n", "naïve"]
    answers = pl.DataFrame({"output": texts}).select(short_answer("output")).to_series()
    assert answers.to_list() == ["price", None, None, "x" * 60, OTHER, OTHER, None, "naïve"]


PARTS = st.lists(
    st.lists(
        st.tuples(st.sampled_from([TRAIN, HOLDOUT]), st.integers(0, 12).map(str)), max_size=12
    ),
    min_size=3,
    max_size=3,
)


@given(PARTS)
@settings(max_examples=examples(40))
def test_counts_are_the_same_in_any_order_of_parts(parts: list[list[tuple[str, str]]]) -> None:
    a, b, c = (
        added(counted([(split, name, 1, int(name)) for split, name in part])) for part in parts
    )
    assert added(added(a, b), c).equals(added(a, added(c, b)))
    assert added(added(a, b), c).equals(added(added(c, a), b))


def test_free_text_is_counted_in_one_row_of_each_split() -> None:
    many = [(TRAIN, f"answer {i}", 2, i) for i in range(2_000)]
    assert within_bounds(counted([*many, (HOLDOUT, "a", 1, 7)])).sort("split").rows() == [
        (HOLDOUT, TOO_MANY, 1, 7),
        (TRAIN, TOO_MANY, 4_000, 0),
    ]


def test_answers_are_classes_if_they_are_few_and_repeat() -> None:
    def are_classes(train: dict[str, int]) -> bool:
        return answer_classes({TRAIN: train}) is not None

    assert are_classes({"a": 15, "b": 5})
    assert not are_classes({"a": 14, "b": 5})
    assert not are_classes({"a": 500})
    assert are_classes({str(i): 10 for i in range(100)})
    assert not are_classes({str(i): 10 for i in range(101)})
    assert are_classes({"a": 50, "b": 49, OTHER: 1})
    assert not are_classes({"a": 50, "b": 49, OTHER: 2})
    assert not are_classes({TOO_MANY: 5_000})
    assert not are_classes({})


def test_outputs_that_are_no_answers_are_of_no_class() -> None:
    counts = {TRAIN: {"a": 60, "b": 60, OTHER: 1}, HOLDOUT: {"a": 3, OTHER: 9}}
    assert answer_classes(counts) == {TRAIN: {"a": 60, "b": 60}, HOLDOUT: {"a": 3}}
