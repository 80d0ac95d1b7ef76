"""Why a check does not run: what it says is what a manifest records, and can be read again."""

import pytest

from ftaudit.model.check import Skip


@pytest.mark.parametrize("options", [(), ("--benchmark",), ("--tokenizer", "--max-tokens")])
def test_the_options_that_a_skipped_check_waits_for_can_be_read_from_its_record(
    options: tuple[str, ...],
) -> None:
    skip = Skip("nothing was named", options=options)
    assert Skip.recorded(skip.sentence) == skip


@pytest.mark.parametrize(
    "reason", ["no holdout (see docs)", "(--x <b>)", "a (--y, )", "(--holdout)", "", "it broke ("]
)
def test_what_names_no_option_at_its_end_is_all_reason(reason: str) -> None:
    assert Skip.recorded(reason) == Skip(reason)
