import polars as pl
import pytest

from ftaudit.records.output_kind import KINDS, kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1}', "json"),
        ("[1, 2]", "json"),
        ("```python\nx\n```", "code"),
        ("def f(x):\n    return x", "code"),
        ("- a\n- b", "list"),
        ("1. a\n2. b", "list"),
        ("- a", "prose"),
        ("I'm sorry, I cannot help.", "refusal"),
        ("As an AI language model I ...", "refusal"),
        ("I can help.", "prose"),
        (" ", "empty"),
        (None, "empty"),
    ],
)
def test_an_output_is_told_by_its_shape(text: str | None, expected: str) -> None:
    frame = pl.DataFrame({"output": [text]}, schema={"output": pl.String})
    assert frame.select(kind("output")).item() == expected
    assert expected in KINDS
