"""The remedy `fit-profile`: records are written as a provider takes them, and say the same."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

import polars as pl
from msgspec import Struct

from ftaudit.model.finding import Rule
from ftaudit.model.parts import PartSizes
from ftaudit.profiles.lossless_fixes import FilePart, fixed_line, part_refused
from ftaudit.profiles.provider_profile import ProviderProfile
from ftaudit.remedies.changes import replaced_span, shaped
from ftaudit.remedies.remedy import Damage, Remedy, nothing
from ftaudit.writers.cell_edits import BLANK_LINES, BYTE_ORDER_MARK, LAST_LINE_BREAK, WHOLE_RECORD

_EDITS: Final = ("file", "row", "rule", "field", "start", "end", "new")


class FitProfile(Struct, frozen=True):
    """Write records of JSON Lines as the profiles that were named take them (`--profile`).

    Only what loses nothing: arguments of calls as text or as an object, weights as 0 or 1, names
    without characters that are refused, no empty lists of calls, no keys that hold null, keys in
    the order of a profile that has one. And the file without a byte order mark, without blank
    lines, and with a line break at its end, where a profile asks for it.
    """

    id: ClassVar[str] = "fit-profile"
    order: ClassVar[int] = 5
    hides: ClassVar[bool] = False
    asked_only: ClassVar[bool] = False

    def treats(self, rule: Rule) -> bool:
        """Return True: every rule that names this remedy."""
        del rule
        return True

    def changes(self, damage: Damage) -> pl.DataFrame:
        """Rewrite the lines with a finding."""
        names = damage.findings["check"].unique().to_list()
        profiles = [p for n in names for p in getattr(damage.checks.get(n), "loaded", ())]
        of_files = list(_edits_of_files(damage.findings, profiles))
        edits = [*of_files, *_edits(damage, profiles)]
        if not edits:
            return nothing()
        return shaped(pl.DataFrame(edits, schema=list(_EDITS), orient="row"))


def _edits_of_files(
    findings: pl.DataFrame, profiles: Sequence[ProviderProfile]
) -> Iterator[tuple[int, int, str, str, int, int, str]]:
    """Yield what whole files are written without or with, once for each file."""
    fields = {
        profile.rule_id(rule): _FILE_FIELDS[part]
        for profile in profiles
        for rule in profile.rules
        if (part := part_refused(rule)) is not None
    }
    unique = findings.sort("file", "row").unique(["file", "rule"], keep="first")
    edits = {
        (file, fields[rule]): (file, row, rule, fields[rule], 0, 0, "")
        for file, row, rule in unique.sort("file", "rule").select("file", "row", "rule").iter_rows()
        if rule in fields
    }
    yield from edits.values()


_FILE_FIELDS: Final = {
    FilePart.MARK: BYTE_ORDER_MARK,
    FilePart.BLANK_LINES: BLANK_LINES,
    FilePart.LAST_LINE_BREAK: LAST_LINE_BREAK,
}


def _edits(
    damage: Damage, profiles: Sequence[ProviderProfile]
) -> Iterator[tuple[int, int, str, str, int, int, str]]:
    lines = damage.dataset.lines
    first = damage.findings.select("file", "row", "rule").unique(
        ["file", "row"], keep="first", maintain_order=True
    )
    if lines is None or first.is_empty():
        return
    for part in lines.line_parts(PartSizes(damage.dataset.memory, 1)):
        for frame in part.frames():
            rows = frame.filter(pl.col("framing") == "lines").join(
                first, on=["file", "row"], maintain_order="left"
            )
            for file, row, rule, line in rows.select("file", "row", "rule", "text").iter_rows():
                new = line
                for profile in profiles:
                    new, _ = fixed_line(new, profile)
                if new != line:
                    span = replaced_span(line.decode(), new.decode())
                    yield (file, row, rule, WHOLE_RECORD, *span)


REMEDY: Final[type[Remedy]] = FitProfile
