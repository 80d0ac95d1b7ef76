import math

from hypothesis import given
from hypothesis import strategies as st

from ftaudit.reports.drawing import HEIGHT, MOST, WIDTH, draw
from ftaudit.wire.manifest import ChartRecord

values = st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=30)


def chart(labels: list[str], series: dict[str, list[float]], unit: str = "rows") -> ChartRecord:
    return ChartRecord(title="Rows per class", labels=labels, series=series, unit=unit)


@given(st.lists(st.text(max_size=5), max_size=30), st.dictionaries(st.text(max_size=9), values))
def test_whatever_the_numbers_every_bar_fits_the_page(
    labels: list[str], series: dict[str, list[float]]
) -> None:
    drawn = draw(chart(labels, series))
    lengths = [bar.length for _, bars in drawn.rows for bar in bars]
    assert all(0 <= length <= 1 and math.isfinite(length) for length in lengths)
    for column in drawn.columns:
        assert 0 <= column.x <= column.x + column.width <= WIDTH + 0.1
        assert 0 <= column.y <= column.y + column.height <= HEIGHT + 0.1


def test_two_splits_are_compared_by_share_and_told_in_rows() -> None:
    drawn = draw(chart(["a", "b"], {"train": [300, 100], "holdout": [30, 10]}))
    assert [bar.length for bar in drawn.rows[0][1]] == [1.0, 1.0]
    assert [bar.shown for bar in drawn.rows[0][1]] == ["300", "30"]
    assert "shares of each split" in drawn.note


def test_one_split_is_drawn_in_rows() -> None:
    drawn = draw(chart(["a", "b"], {"train": [300, 100]}))
    assert [bars[0].length for _, bars in drawn.rows] == [1.0, 0.3333]
    assert drawn.peak == "300"


def test_few_names_lie_beside_their_bars_and_ranges_stand() -> None:
    assert not draw(chart(["pricing", "other"], {"train": [1, 2]})).columns
    assert len(draw(chart(["0-31", "32+"], {"train": [1, 2]})).columns) == 2
    assert len(draw(chart([f"c{i}" for i in range(77)], {"train": [1] * 77})).columns) == 77


def test_splits_keep_their_colors_and_others_get_free_ones() -> None:
    drawn = draw(chart(["a"], {"holdout": [1], "other": [1], "train": [1]}))
    assert [(one.name, one.slot) for one in drawn.series] == [
        ("train", 0),
        ("holdout", 1),
        ("other", 2),
    ]


def test_a_bar_of_all_others_is_told_not_drawn() -> None:
    series = {"train": [5.0, 3.0, 92.0], "holdout": [4.0, 4.0]}
    drawn = draw(chart(["a", "b", "47 others"], series, unit="%"))
    assert [label for label, _ in drawn.rows] == ["a", "b"]
    assert drawn.others == "47 others: train 92.0%"
    assert drawn.rows[0][1][0].shown == "5.0%"
    assert drawn.peak == "5.0%"


def test_too_many_labels_are_counted_not_drawn() -> None:
    drawn = draw(chart([str(i) for i in range(MOST + 5)], {"train": [1.0] * (MOST + 5)}))
    assert len(drawn.rows) == MOST
    assert drawn.omitted == 5
