from hypothesis import given
from hypothesis import strategies as st

from ftaudit.reports.difference import WORDS, Piece, differences

texts = st.text(alphabet="abAB .,", max_size=60)


def joined(pieces: list[Piece]) -> str:
    return " ".join(piece.text for piece in pieces)


@given(texts, texts)
def test_the_pieces_are_the_texts_again(left: str, right: str) -> None:
    pieces = differences(left, right)
    assert joined(pieces[0]).split() == left.split()
    assert joined(pieces[1]).split() == right.split()


@given(texts)
def test_equal_texts_differ_nowhere(text: str) -> None:
    assert not any(piece.differs for side in differences(text, text) for piece in side)


def test_only_the_differing_words_are_marked() -> None:
    left, right = differences("I lost my card", "I lost the card today")
    assert left == [Piece("I lost", False), Piece("my", True), Piece("card", False)]  # noqa: FBT003 - a pair of values
    assert [piece.text for piece in right if piece.differs] == ["the", "today"]


def test_case_and_punctuation_are_no_difference() -> None:
    sides = differences("My card, please.", "my card please")
    assert not any(piece.differs for side in sides for piece in side)


def test_long_texts_are_compared_at_their_beginning_only() -> None:
    left, right = differences("a " * 5_000, "b " * 5_000)
    assert [len(piece.text.split()) for piece in left] == [WORDS, 5_000 - WORDS]
    assert [piece.differs for piece in right] == [True, False]
