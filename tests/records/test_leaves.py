import json

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.records.cell_values import Raw
from ftaudit.records.leaves import fields, leaves


def paths(frame: pl.DataFrame, *json_columns: str) -> list[tuple[str, str]]:
    (listed,) = fields(Raw(frame, frozenset(json_columns))).to_list()
    return [(f["path"], f["text"]) for f in listed]


def test_nested_strings_have_paths_in_the_order_of_the_record() -> None:
    value = {"a": [{"b": "1", "c": ["2", "3"]}, {"b": "4", "c": []}], "d": {"e": "5"}}
    expected = [("x.a[0].b", "1"), ("x.a[0].c[0]", "2"), ("x.a[0].c[1]", "3"), ("x.a[1].b", "4")]
    expected += [("x.d.e", "5")]
    assert paths(pl.DataFrame({"x": [value]})) == expected
    assert paths(pl.DataFrame({"x": [json.dumps(value)]}), "x") == expected


def test_what_holds_no_text_is_left_out() -> None:
    frame = pl.DataFrame(
        {
            "a": [""],
            "b": [None],
            "c": [True],
            "d": [[0.1, 0.2]],
            "e": [[{"role": "user"}]],
            "f": [b"x"],
        }
    )
    assert paths(frame) == []


def test_an_unknown_role_is_text_of_the_data() -> None:
    assert paths(pl.DataFrame({"a": [[{"role": "Ann"}]]})) == [("a[0].role", "Ann")]


def test_long_lists_keep_every_leaf() -> None:
    frame = pl.DataFrame({"a": [[{"b": [str(n) for n in range(3_000)]}]]})
    assert [text for _, text in paths(frame)] == [str(n) for n in range(3_000)]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(st.lists(json_values, min_size=1, max_size=3))
def test_every_string_of_json_is_found_once(values: list[object]) -> None:
    def strings(value: object) -> list[str]:
        if isinstance(value, str):
            return [value] if value else []
        inner = (
            value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
        )
        return [s for v in inner for s in strings(v)]

    frame = pl.DataFrame({"x": [json.dumps(v) for v in values]})
    found = leaves(Raw(frame, frozenset({"x"})))
    texts = [t for t in found["text"].to_list() if not t.lstrip("-").isdigit()]
    assert texts == [s for v in values for s in strings(v) if not s.lstrip("-").isdigit()]
