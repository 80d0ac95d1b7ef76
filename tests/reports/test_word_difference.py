from hypothesis import given
from hypothesis import strategies as st

from ftaudit.reports.word_difference import Piece, differences
from ftaudit.similarity.text.word_diff import MOST_WORDS

texts = st.text(alphabet="abAB .,-'", max_size=60)


def joined(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def marked(pieces: list[Piece]) -> list[str]:
    return [piece.text for piece in pieces if piece.differs]


@given(texts, texts)
def test_the_pieces_are_the_texts_again(left: str, right: str) -> None:
    pieces = differences(left, right)
    assert (joined(pieces[0]), joined(pieces[1])) == (left, right)


@given(texts)
def test_equal_texts_differ_nowhere(text: str) -> None:
    assert [marked(side) for side in differences(text, text)] == [[], []]


@given(texts, texts)
def test_marked_pieces_begin_and_end_with_words_or_operators(left: str, right: str) -> None:
    for side in differences(left, right):
        for text in marked(side):
            assert all(end.isalnum() or end == "-" for end in (text[0], text[-1]))


def test_only_the_differing_words_are_marked() -> None:
    left, right = differences("I lost my card", "I lost the old card today.")
    assert left == [
        Piece("I lost ", differs=False),
        Piece("my", differs=True),
        Piece(" card", differs=False),
    ]
    assert marked(right) == ["the old", "today"]


def test_case_and_punctuation_are_no_difference() -> None:
    sides = differences("My top-up, please.", "my top up please")
    assert [marked(side) for side in sides] == [[], []]


def test_a_word_with_an_apostrophe_is_marked_whole() -> None:
    left, right = differences("It hasn't come", "It has not come")
    assert (marked(left), marked(right)) == (["hasn't"], ["has not"])


def test_long_texts_are_compared_at_their_beginning_only() -> None:
    left, _ = differences("a " * 5_000, "b " * 5_000)
    assert [len(text.split()) for text in marked(left)] == [MOST_WORDS]
