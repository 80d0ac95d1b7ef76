"""Edits of edited text are edits of the text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ftaudit.remedies.accumulated_edits import ReasonedEdit, accumulated


def applied(text: str, edits: list[ReasonedEdit]) -> str:
    pieces, at = [], 0
    for edit in edits:
        assert at <= edit.start <= edit.end <= len(text)
        pieces += [text[at : edit.start], edit.new]
        at = edit.end
    return "".join([*pieces, text[at:]])


@st.composite
def edits_of(draw: st.DrawFn, length: int) -> list[ReasonedEdit]:
    """Return edits that are ascending and apart, each of at least one character."""
    cuts = sorted(draw(st.sets(st.integers(0, length), max_size=6)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return [ReasonedEdit(start, end, draw(st.text("xyz", max_size=3)), 0) for start, end in pairs]


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_edits_after_edits_are_edits_of_the_first_text(data: st.DataObject) -> None:
    text = "abcdefghij"
    first = data.draw(edits_of(len(text)))
    between = applied(text, first)
    second = data.draw(edits_of(len(between)))
    assert applied(text, accumulated(first, second)) == applied(between, second)
