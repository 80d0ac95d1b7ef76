"""Judge a batch of written records by several profiles, and count what comes of it by file."""

from collections.abc import Container, Hashable, Iterator, Sequence
from itertools import chain
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.model.dataset import DataFile
from ftaudit.profiles.file_judgement import keys_in, readings_of, watched_keys
from ftaudit.profiles.file_tally import FileTally
from ftaudit.profiles.file_tests import LINES_KEPT, FileFraming, FileSummary
from ftaudit.profiles.json_line import LineReading, read_line
from ftaudit.profiles.line_recall import LineRecall, RecalledLine
from ftaudit.profiles.profile_judge import JudgedLine, ProfileJudge
from ftaudit.profiles.profiled_record import JsonObject
from ftaudit.profiles.provider_profile import ProviderProfile
from ftaudit.profiles.tokens.token_limits import over_limit
from ftaudit.profiles.value_outline import Outline, outline
from ftaudit.profiles.violation_findings import (
    WrittenLine,
    finding_of,
    findings_frame,
    length_finding,
)

EXAMPLES: Final = 3
"""Examples per rule."""

PARTIALS: Final = pl.Schema(
    {
        "topic": pl.String,
        "profile": pl.String,
        "file": pl.UInt32,
        "name": pl.String,
        "row": pl.UInt64,
        "line": pl.UInt64,
        "records": pl.UInt64,
        "invalid": pl.UInt64,
        "suspicious": pl.UInt64,
        "bom": pl.Boolean,
        "unended": pl.Boolean,
        "field": pl.String,
        "detail": pl.String,
    }
)
"""`count`: records and bad lines of a file under a profile; `name` is the file's framing.
`any`: lines that any profile calls invalid. `layout`, `key`: a line of a kind of record, or with
or without a key (`file_tests.FileSummary`). `example`: one of the first violations of a rule."""


class ProfiledFile(Struct, frozen=True):
    """One file under one profile, and what is counted of it."""

    judge: ProfileJudge
    file: int
    framing: str
    tally: FileTally

    @property
    def is_skipped(self) -> bool:
        """Whether the rule of files says it all: the profile wants lines, and there are none."""
        return self.framing in {"array", "objects"} and self.judge.profile.framing == "lines"

    def add(self, line: WrittenLine, judged: JudgedLine, keys: Container[str] | None) -> None:
        """Count a record of a line, of which `keys` are the keys, but for its violations."""
        self.tally.add(line.row, line.line, judged, keys)

    def may_be_long(self, line: WrittenLine) -> bool:
        """Tell whether a line has more bytes than the profile keeps tokens."""
        limit = self.judge.profile.tokens
        return limit is not None and len(line.text) > limit.at_most


class BatchJudging:
    """Judges lines one by one, and keeps what comes of it."""

    def __init__(self, profiles: Sequence[ProviderProfile]) -> None:
        """Prepare to judge by these profiles."""
        self._judges = [(ProfileJudge(profile), watched_keys(profile)) for profile in profiles]
        self._recall = LineRecall([judge for judge, _ in self._judges])
        self._files: dict[int, list[ProfiledFile]] = {}
        self._bom: dict[int, bool] = {}
        self._unended: set[int] = set()
        self._any: dict[int, int] = {}
        self._findings: list[tuple[object, ...]] = []

    def judge(self, lines: Sequence[WrittenLine], *, unended: bool) -> None:
        """Judge lines of one file by every profile; after the last no line break may follow."""
        if unended:
            self._unended.add(lines[0].file)
        judged_files = self._files.get(lines[0].file) or self._begin(lines[0])
        judged_before = self._recall.recalled([line.text for line in lines])
        for line, (_, key, recalled) in zip(lines, judged_before, strict=True):
            if recalled is None or any(judged.may_be_long(line) for judged in judged_files):
                self._read(line, key, judged_files)
            elif self._repeat(line, recalled, judged_files):
                self._any[line.file] += 1

    def _repeat(
        self, line: WrittenLine, recalled: RecalledLine, files: Sequence[ProfiledFile]
    ) -> bool:
        """Count a line as one before that was judged alike; return whether it is invalid."""
        invalid = False
        for file, judged in zip(files, recalled.judged, strict=True):
            if not file.is_skipped:
                file.add(line, judged, recalled.keys)
                invalid |= self._keep(file, line, judged)
        return invalid

    def _keep(self, file: ProfiledFile, line: WrittenLine, judged: JudgedLine) -> bool:
        """Keep the violations of one record, and return whether its line is invalid."""
        return bool(judged.violations) and self._count(file, line, [(None, judged)])

    def _read(self, line: WrittenLine, key: Hashable, files: Sequence[ProfiledFile]) -> None:
        """Read a line and judge it by every profile."""
        reading = read_line(line.text)
        shape = _shape(reading) if len(files) > 1 else None
        invalid = False
        verdicts: list[JudgedLine] = []
        for file in files:
            if file.is_skipped:
                continue
            if reading.readable:
                judged = file.judge.line(reading, shape)
                file.add(line, judged, keys_in(reading))
                verdicts.append(judged)
                if not judged.violations and not file.may_be_long(line):
                    continue
                invalid |= self._count(file, line, [(reading, judged)])
            else:
                invalid |= self._count(file, line, _pieces(file, line))
        if len(verdicts) == len(files):
            self._recall.remember(key, line.text, reading, verdicts)
        self._any[line.file] += invalid

    def _begin(self, line: WrittenLine) -> list[ProfiledFile]:
        """Begin to count a file."""
        self._bom[line.file], self._any[line.file] = line.bom, 0
        files = [
            ProfiledFile(judge, line.file, line.framing, FileTally(watched))
            for judge, watched in self._judges
        ]
        self._files[line.file] = files
        return files

    def _count(
        self,
        file: ProfiledFile,
        line: WrittenLine,
        pieces: Sequence[tuple[LineReading | None, JudgedLine]],
    ) -> bool:
        """Keep the violations of a line, and return whether it is invalid."""
        profile = file.judge.profile
        bad = suspicious = False
        for reading, judged in pieces:
            if reading and isinstance(reading.value, dict) and file.may_be_long(line):
                suspicious |= self._too_long(profile, line, reading.value)
            for violation in judged.violations:
                bad |= violation.rule.invalid
                suspicious |= violation.rule.effect != "none"
                self._findings.append(finding_of(profile, line, violation))
        file.tally.invalid += bad
        file.tally.suspicious += suspicious and not bad
        return bad

    def _too_long(self, profile: ProviderProfile, line: WrittenLine, value: JsonObject) -> bool:
        """Note a record that is certainly too long for a profile."""
        over = over_limit(value, len(line.text), profile)
        if over is not None:
            self._findings.append(length_finding(profile, line, over))
        return over is not None

    def findings(self) -> pl.DataFrame:
        """Return what was found, in row order."""
        return findings_frame(self._findings)

    def partials(self) -> pl.DataFrame:
        """Return the counts and places."""
        rows: list[dict[str, object]] = []
        for file in chain.from_iterable(self._files.values()):
            own: dict[str, object] = {"profile": file.judge.profile.profile, "file": file.file}
            tally = file.tally
            rows.append(
                own
                | {
                    "topic": "count",
                    "name": file.framing,
                    "records": tally.records,
                    "invalid": tally.invalid,
                    "suspicious": tally.suspicious,
                    "bom": self._bom[file.file],
                    "unended": file.file in self._unended,
                }
            )
            rows += [
                own | {"topic": topic, "name": name, "row": row, "line": line}
                for (topic, name), places in tally.noted.items()
                for row, line in places
            ]
        rows += [
            {"topic": "any", "profile": "", "file": number, "name": "", "invalid": invalid}
            for number, invalid in self._any.items()
        ]
        rows += list(self._first_examples())
        return pl.DataFrame(rows, schema=PARTIALS, orient="row")

    def _first_examples(self) -> Iterator[dict[str, object]]:
        counts: dict[object, int] = {}
        for rule, _, file, row, line, path, detail, _ in self._findings:
            counts[rule] = counts.get(rule, 0) + 1
            if counts[rule] <= EXAMPLES:
                yield {
                    "topic": "example",
                    "profile": str(rule).split(".")[1],
                    "file": file,
                    "name": rule,
                    "row": row,
                    "line": line,
                    "field": path,
                    "detail": detail,
                }


def _pieces(file: ProfiledFile, line: WrittenLine) -> list[tuple[LineReading, JudgedLine]]:
    """Read a line that is not one object again, as the profile would."""
    pieces = []
    for _, reading in readings_of(0, line.text, file.judge.profile):
        judged = file.judge.line(reading)
        file.add(line, judged, keys_in(reading))
        pieces.append((reading, judged))
    return pieces


def _shape(reading: LineReading) -> Outline | None:
    """Return the outline of a record, for several profiles to share."""
    if not isinstance(reading.value, dict):
        return None
    try:
        return outline(reading.value)
    except RecursionError:  # the judges find it, too
        return None


def combined(partials: pl.DataFrame) -> pl.DataFrame:
    """Return `PARTIALS` of several batches added up, with the first lines of every kind."""
    counts = (
        partials.filter(pl.col("topic").is_in(["count", "any"]))
        .group_by("topic", "profile", "file", "name")
        .agg(
            pl.col("records", "invalid", "suspicious").sum(),
            pl.col("bom", "unended").any(),
        )
    )
    firsts = (
        partials.filter(~pl.col("topic").is_in(["count", "any"]))
        .sort("file", "line", "row", "field", "detail", nulls_last=True)
        .with_columns(
            _nth=pl.int_range(pl.len()).over("topic", "profile", "file", "name"),
            _all=pl.int_range(pl.len()).over("topic", "profile", "name"),
        )
    )
    example = pl.col("topic") == "example"
    kept = firsts.filter(
        pl.when(example).then(pl.col("_all") < EXAMPLES).otherwise(pl.col("_nth") < LINES_KEPT)
    )
    return (
        pl.concat([counts, kept.select(PARTIALS.names())], how="diagonal")
        .select(pl.col(name).cast(dtype) for name, dtype in PARTIALS.items())
        .sort("topic", "profile", "file", "name", "line", "row", "field", "detail")
    )


def file_summary(file: DataFile, own: pl.DataFrame) -> FileSummary:
    """Return what the rules of files look at."""
    counts = own.filter(topic="count")
    framing: FileFraming = counts["name"][0] if counts.height else "lines"
    return FileSummary(
        name=file.name,
        size=file.bytes,
        bom=bool(counts["bom"].any()),
        unended=bool(counts["unended"].any()),
        framing=framing,
        records=int(counts["records"].sum()),
        invalid=int(counts["invalid"].sum()),
        layouts=_lines_by_name(own.filter(topic="layout")),
        keys=_lines_by_name(own.filter(topic="key")),
    )


def _lines_by_name(places: pl.DataFrame) -> dict[str, tuple[int, ...]]:
    """Return name → lines; of a table, the rows counted from 1."""
    number = pl.coalesce("line", pl.col("row") + 1)
    grouped = places.group_by("name").agg(number.sort().alias("lines")).sort("name")
    return {name: tuple(lines) for name, lines in grouped.iter_rows()}
