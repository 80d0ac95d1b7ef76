"""What a limit leaves of a record, counted by hand."""

import pytest

from ftaudit.profiles.tokens.token_tally import (
    CountedSegment,
    Cut,
    RecordTokens,
    record_tokens,
)

PROMPT, ANSWER = CountedSegment(10, trained=False), CountedSegment(6, trained=True)


@pytest.mark.parametrize(
    ("limit", "cut", "expected"),
    [
        (None, "end", RecordTokens(16, 6, 16, 6)),
        (16, "end", RecordTokens(16, 6, 16, 6)),
        (12, "end", RecordTokens(16, 6, 12, 2)),
        (10, "end", RecordTokens(16, 6, 10, 0)),
        (12, "drop", RecordTokens(16, 6, 0, 0)),
        (12, "proportion", RecordTokens(16, 6, 12, 4)),
        (13, "proportion", RecordTokens(16, 6, 13, 6)),
        (21, "proportion", RecordTokens(16, 6, 16, 6)),
    ],
)
def test_what_is_left_of_ten_given_and_six_trained_tokens(
    limit: int | None, cut: Cut, expected: RecordTokens
) -> None:
    assert record_tokens([PROMPT, ANSWER], limit, cut) == expected


def test_an_answer_in_the_middle_is_cut_before_what_follows() -> None:
    tokens = record_tokens([PROMPT, ANSWER, PROMPT], 20)
    assert (tokens.kept, tokens.kept_trained) == (20, 6)
    assert tokens.cut
    assert not tokens.answer_cut
    assert not tokens.untrained
