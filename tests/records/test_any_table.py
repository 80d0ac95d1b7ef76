"""Whatever the types of the columns, a table is read or refused, and never breaks a format."""

import json

import polars as pl
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ftaudit.model.dataset import ROWS
from ftaudit.model.errors import InputError
from ftaudit.records.record_formats import FORMATS
from tests.conftest import examples
from tests.records.held import read

S = pl.String
CONTENTS = (
    *(S, pl.Int64, pl.Boolean, pl.Null(), pl.List(S), pl.List(pl.Int64), pl.Struct({"text": S})),
    *(pl.List(pl.Struct({"type": S, "text": S})), pl.List(pl.Struct({"text": pl.Int64}))),
)
CALLS = (
    pl.List(pl.Struct({"id": S, "function": pl.Struct({"name": S, "arguments": S})})),
    pl.List(pl.Struct({"function": pl.Struct({"arguments": pl.Struct({"a": pl.Int64})})})),
    pl.List(pl.Struct({"id": pl.Int64, "name": S})),
    pl.List(S),
    S,
)
NAMES = (
    *("messages", "conversations", "instruction", "prompt", "completion", "text", "label"),
    *("chosen", "rejected", "input", "output", "preferred_output", "non_preferred_output"),
    *("system", "tools", "functions", "id", "source_id", "license", "when"),
)


KEYS = (
    *("role", "content", "text", "type", "from", "value", "tool_calls", "function", "weight"),
    *("messages", "name", "arguments", "id", "tool_call_id"),
)


@st.composite
def turns(draw: st.DrawFn) -> pl.DataType:
    role, content = draw(st.sampled_from([("role", "content"), ("from", "value")]))
    members: dict[str, object] = {role: draw(st.sampled_from([S, S, pl.Int64]))}
    members[content] = draw(st.sampled_from(CONTENTS))
    if draw(st.booleans()):
        members["tool_calls"] = draw(st.sampled_from(CALLS))
        members["weight"] = draw(st.sampled_from([pl.Int64, pl.Float64, S]))
        members["function_call"] = draw(st.sampled_from([pl.Struct({"name": S}), S]))
    return pl.List(pl.Struct(members))  # type: ignore[arg-type] # polars' own union


types: st.SearchStrategy[object] = turns() | st.sampled_from(
    [
        *(S, S, pl.Int64(), pl.Float64(), pl.Boolean(), pl.Date(), pl.Null(), pl.Binary()),
        *(pl.List(S), pl.List(pl.Int64), pl.Categorical(), pl.Struct({"messages": pl.List(S)})),
        *(pl.Array(S, 2), pl.Datetime("ms"), pl.Duration("us")),
    ]
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.sampled_from(["user", "assistant", "", "a"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def filled(name: str, dtype: object) -> pl.Series:
    """Return a null and a value of the type, as deep as it goes."""
    empty = pl.Series(name, [], dtype=dtype)  # type: ignore[arg-type] # polars' own union
    return pl.Series(name, [None, sample(empty.dtype)], dtype=empty.dtype)


def sample(dtype: pl.DataType) -> object:
    if isinstance(dtype, pl.List | pl.Array):
        return [sample(pl.Series([], dtype=dtype.inner).dtype)] * 2
    if isinstance(dtype, pl.Struct):
        return {f.name: sample(pl.Series([], dtype=f.dtype).dtype) for f in dtype.fields}
    if isinstance(dtype, pl.String | pl.Categorical):
        return "assistant"
    if isinstance(dtype, pl.Binary):
        return b"a"
    if isinstance(dtype, pl.Boolean):
        return True
    return None if isinstance(dtype, pl.Null) else pl.Series([1]).cast(dtype)[0]


def attempt(frame: pl.DataFrame, json_columns: list[str], format_: str | None) -> None:
    try:
        rows = read(frame, json_columns, format_=format_)
    except InputError:
        return
    assert rows.schema == ROWS
    assert rows.height == frame.height
    alone = read(frame, json_columns, format_=format_, columns=["input"])
    assert alone["input"].equals(rows["input"])


@given(st.data())
@settings(max_examples=examples(30), phases=[Phase.generate], report_multiple_bugs=False)
def test_columns_of_any_type_are_read_or_refused(data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=6))
    schema = {name: data.draw(types) for name in names}
    frame = pl.DataFrame({n: filled(n, t) for n, t in schema.items()})
    attempt(frame, [], data.draw(st.none() | st.sampled_from(list(FORMATS))))


@given(st.data())
@settings(max_examples=examples(40), phases=[Phase.generate], report_multiple_bugs=False)
def test_json_text_of_any_value_is_read(data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=6))
    rows = data.draw(st.lists(st.tuples(*(values for _ in names)), min_size=1, max_size=3))
    columns = {
        n: pl.Series(n, [json.dumps(r[i]) for r in rows], dtype=S) for i, n in enumerate(names)
    }
    attempt(pl.DataFrame(columns), names, data.draw(st.none() | st.sampled_from(list(FORMATS))))
