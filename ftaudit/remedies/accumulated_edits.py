"""Edits upon edits: what was replaced in a text, and then in the text that came of it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class ReasonedEdit(NamedTuple):
    """Characters of a text as it was read, what takes their place, and the reason."""

    start: int
    end: int
    new: str
    reason: int
    """A number that stands for remedy, rule and related row."""


def accumulated(edits: Sequence[ReasonedEdit], later: Iterable[ReasonedEdit]) -> list[ReasonedEdit]:
    """Return one list of edits that does what `edits` and then `later` do.

    Args:
        edits: of a text as it was read; ascending and apart.
        later: of the text that they make; ascending and apart.
    """
    result = list(edits)
    for edit in sorted(later, reverse=True):  # from the end, so that places before it stay
        result = _with(result, edit)
    return result


def _with(edits: Sequence[ReasonedEdit], later: ReasonedEdit) -> list[ReasonedEdit]:
    """Add one edit of the text that `edits` make; those that it touches become one with it."""
    before: list[ReasonedEdit] = []
    touched: list[ReasonedEdit] = []
    after: list[ReasonedEdit] = []
    start, end, shift = later.start, later.end, 0
    prefix = suffix = ""
    for edit in edits:
        begin = edit.start + shift  # where it begins in the text that the edits make
        stop = begin + len(edit.new)
        shift += len(edit.new) - (edit.end - edit.start)
        if stop <= later.start:
            before.append(edit)
            start, end = later.start - shift, later.end - shift
        elif begin >= later.end:
            after.append(edit)
        else:
            if not touched:
                prefix = edit.new[: max(0, later.start - begin)]
                start = min(edit.start, start)
            touched.append(edit)
            suffix = edit.new[max(0, later.end - begin) :]
            end = max(edit.end, later.end - shift)
    edit = ReasonedEdit(start, end, prefix + later.new + suffix, later.reason)
    return [*before, edit, *after]
