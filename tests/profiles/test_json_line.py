"""Lines are read as they stand: duplicates, odd numbers, half characters."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.profiles.json_line import LineFlaw, duplicate_keys, read_line

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 63), 1 << 63) | st.text() | st.floats(-1e9, 1e9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def flaws(line: bytes) -> list[tuple[str, str]]:
    return [(flaw.flaw.value, flaw.path) for flaw in read_line(line).flaws]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b'{"a": 1}', []),
        (b'{"a": 1, "a": 2}', [("duplicate-key", "a")]),
        (b'{"a" :1, "a":2}', [("duplicate-key", "a")]),
        (b'{"a": 1, "a": "x\\u003ay"}', [("duplicate-key", "a")]),
        (b'{"\\u0061": 1, "a": 2}', [("duplicate-key", "a")]),
        (b'{"m": [{"r": 1}, {"c": 1, "c": 2}]}', [("duplicate-key", "m[1].c")]),
        (b'{"a": {"b": 1}, "c": {"b": 2}}', []),
        (b'{"a": "\\":\\""}', []),
        (b'{"a": NaN}', [("non-finite", "")]),
        (b'{"a": -Infinity}', [("non-finite", "")]),
        (b'{"a": 1e400}', [("overflow", "")]),
        (b'{"a": 123456789012345678901}', [("wide-integer", "")]),
        (b'{"a": 18446744073709551615}', []),
        (b'{"a": "123456789012345678901"}', []),
        (b'{"a": "\\ud83d"}', [("surrogate", "a")]),
        (b'{"a": "\\ud83d\\ude00"}', []),
        (b'{"a": "\xe9"}', [("encoding", "")]),
        (b'{"a": "x\ty"}', [("json", "")]),
        (b'{"a": 1},', [("json", "")]),
        (b"  ", [("blank-line", "")]),
        (b"", [("blank-line", "")]),
        (b"[" * 100_000, [("json", "")]),
    ],
)
def test_every_flaw_of_a_line_is_named_with_its_path(
    line: bytes, expected: list[tuple[str, str]]
) -> None:
    assert flaws(line) == expected


def test_both_places_of_a_key_that_stands_twice_are_named() -> None:
    (flaw,) = duplicate_keys('{"a": 1, "a": 2}')
    assert (flaw.flaw, flaw.detail) == (
        LineFlaw.DUPLICATE_KEY,
        "the key stands twice: at characters 2 and 10",
    )


def test_no_text_of_the_line_stands_in_a_flaw() -> None:
    reading = read_line(b'{"a": "hunter2" "b"}')
    assert "hunter2" not in repr(reading.flaws)


@given(JSON, st.booleans(), st.booleans())
def test_what_is_sound_is_read_as_python_reads_it(
    value: object, ascii_only: bool, tight: bool
) -> None:
    separators = (",", ":") if tight else None
    try:
        line = json.dumps(value, ensure_ascii=ascii_only, separators=separators).encode()
    except UnicodeEncodeError:
        return
    reading = read_line(line)
    if not reading.flaws:
        assert reading.value == json.loads(line)


@given(st.dictionaries(st.text('ab:"\\é', max_size=4), JSON, min_size=1, max_size=4), st.data())
def test_a_key_written_twice_is_always_found(
    record: dict[str, object], data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from(sorted(record)))
    again = f"{json.dumps(key)}: {json.dumps(data.draw(JSON))}"
    line = f"{{{again}, {json.dumps(record, ensure_ascii=data.draw(st.booleans()))[1:]}"
    try:
        text = line.encode()
    except UnicodeEncodeError:
        return
    assert ("duplicate-key", key) in flaws(text)
