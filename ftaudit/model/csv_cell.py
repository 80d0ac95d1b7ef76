"""Cells of csv files that spreadsheets open: none may be run as a formula."""

from typing import Final

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""First characters that spreadsheets read as a formula."""


def neutral_cell(text: str) -> str:
    """Return a cell that no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def original_cell(text: str) -> str:
    """Return what `neutral_cell` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text
