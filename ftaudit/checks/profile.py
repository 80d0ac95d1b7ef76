"""The check `profile`: what a provider or trainer would not take, line by line."""

import hashlib
from collections.abc import Container, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple, Self

import polars as pl

from ftaudit.model.check import Check, Context, Judgement, Mapped, Relation, Skip, parameters
from ftaudit.model.dataset import HOLDOUT, TRAIN, DataFile
from ftaudit.model.declaration import CheckOption, CoverageDuty, Declaration, StandardTags
from ftaudit.model.finding import (
    EVIDENCE,
    PLACED,
    Example,
    Location,
    Metric,
    Rule,
    Severity,
    counted,
)
from ftaudit.model.fix import Fix, FixTarget

if TYPE_CHECKING:
    from ftaudit.profiles.file_tests import FileFraming, FileSummary
    from ftaudit.profiles.json_line import LineReading
    from ftaudit.profiles.line_recall import RecalledLine
    from ftaudit.profiles.profile_judge import JudgedLine, ProfileJudge, Violation
    from ftaudit.profiles.profiled_record import JsonObject
    from ftaudit.profiles.provider_profile import ProfileRule, ProviderProfile
    from ftaudit.profiles.tokens.token_limits import OverLimit
    from ftaudit.profiles.value_outline import Outline

FIT_PROFILE: Final = Fix("fit-profile", FixTarget.RECORD)
"""The remedy that makes every change of `lossless_fixes`."""
TOO_FEW: Final = "too-few"
"""The rule of the fewest examples, which are asked of training data only."""
EXAMPLES: Final = 3
"""Examples per rule."""
LINES_KEPT: Final = 1_000
"""Lines of one kind of record that are remembered, to find records of another kind."""

_PARTIALS: Final = pl.Schema(
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

_FILE: Final = ("split", "file", "framing", "bom")
"""Columns of `LINES` that say of which file a line is."""
_FINDING: Final = ("rule", "split", "file", "row", "line", "field", "detail", "severity")
_EFFECTS: Final = {
    "rejects-file": "the file is refused",
    "crashes": "the run crashes",
    "skips-silently": "the record is dropped without a word",
    "truncates": "the record is cut",
    "trains-wrong": "the model learns something else",
    "none": "nothing happens",
}


class _Line(NamedTuple):
    """Where a line is."""

    split: str
    file: int
    row: int | None
    line: int | None
    text: bytes
    framing: str
    bom: bool


@dataclass(frozen=True)
class ProfileCheck:
    """Lines that a fine-tuning service or a trainer would refuse, drop, cut or misread.

    ## What it finds

    Every line that breaks a rule of a profile named with `--profile` or in the policy's
    `profiles`: its encoding, its JSON, its keys, roles and their order, content, images, weights,
    tools and their calls, and the counts and sizes of whole files. `ftaudit profiles` lists the
    profiles, `ftaudit profiles NAME` the rules of one, each with its source, the day it was read,
    how sure it is, and what the service does about a violation.

    ## Why it harms training

    A job that is refused after the upload names no line. Worse is one that runs: LLaMA-Factory
    drops records in a wrong order, and of two equal keys all validators keep the last.

    ## How it decides

    Records are judged as they are written: the bytes of the line, then the decoded object, so that
    null and absent, integers and booleans, and keys that stand twice are told apart. Rows of
    parquet, csv and frames are judged as the JSON that they would be written as, where a null
    counts as absent. `profile.NAME.invalid_rows` counts the lines that NAME refuses, crashes on or
    drops; `profile.NAME.suspicious_rows` those that it takes and trains in another way than meant;
    `profile.NAME.refused_files` the files that it refuses as a whole, such as one with too few
    examples. `profile.invalid_rows` and `profile.refused_files` count over all profiles together.
    A line that cannot be read is a finding like any other, and does not hide the rest. Training
    and validation data are judged; a holdout is never uploaded, and is not.

    ## Known false positives

    Limits change: each finding says when its rule was read. Rules known at second hand say so, and
    are never more than a warning. A chat template may know roles that a profile does not.
    """

    id: ClassVar[str] = "profile"
    version: ClassVar[int] = 2
    relation: ClassVar[Relation] = Relation.LINES
    declares: ClassVar[Declaration] = Declaration(
        tags=StandardTags(("Art. 10(2)(c)",), ("MEASURE 2.5",), ("compliance", "consistency")),
        options=(
            CheckOption(
                "--profile",
                "profiles",
                "NAME|FILE",
                "What a provider or trainer accepts (`ftaudit profiles`). Repeatable.",
                repeatable=True,
            ),
        ),
        free_parameters=frozenset({"profiles"}),
        duties=(
            CoverageDuty(
                section="profiles",
                coverage="profiles_judged",
                rule="FTA-REQUIRED",
                metric="profile.*.invalid_rows",
                unmet="the data was not held to the profile {name}, which the policy requires",
                remedy="Scan again: a policy that names the profile in `profiles` runs it.",
            ),
        ),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "profile.*",
            "A provider or trainer does not take a record as it is",
            Severity.HIGH,
            "Do what the finding says; `ftaudit profiles NAME` explains the rule.",
            FIT_PROFILE,
        ),
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric("profile.invalid_rows", "lines that a chosen profile refuses or drops"),
        Metric("profile.refused_files", "files that a chosen profile refuses as a whole", "files"),
        Metric("profile.*.invalid_rows", "lines that the profile refuses or drops"),
        Metric("profile.*.suspicious_rows", "lines that it takes, and trains in another way"),
        Metric("profile.*.refused_files", "files that it refuses as a whole", "files"),
    )

    profiles: tuple[str, ...] = ()
    """Names of built-in profiles, or files of your own."""

    _loaded: "tuple[ProviderProfile, ...]" = ()
    _files: tuple[DataFile, ...] = field(default=(), compare=False)

    @property
    def loaded(self) -> "tuple[ProviderProfile, ...]":
        """The profiles that lines are held to, for the remedy."""
        return self._loaded

    @classmethod
    def prepare(cls, context: Context) -> Self | Skip:
        """Load the profiles that the command line and the policy name; skip where there is none."""
        from ftaudit.profiles.profile_catalogue import load_profile

        chosen = parameters(cls, context.parameters).get("profiles", ())
        names = [*chosen, *_required(context)] if isinstance(chosen, tuple | list) else []
        loaded = {profile.profile: profile for profile in map(load_profile, names)}
        if not loaded:
            return Skip("no profile of a provider or trainer was named (--profile)")
        ordered = tuple(loaded[name] for name in sorted(loaded))
        check = cls(tuple(sorted(loaded)), ordered, context.files)
        check.__dict__["rules"] = tuple(_rules(ordered))  # those of the chosen profiles
        return check

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Judge the lines of a batch by every profile."""
        judging = _Judging(self._loaded)
        for part in batch.filter(pl.col("split") != HOLDOUT).partition_by(_FILE):
            split, file, framing, bom = part.select(_FILE).row(0)
            unended = bool(part["unended"].any())
            rows = part.select("row", "line", "text").iter_rows()
            judging.judge(
                [_Line(split, file, row, line, text, framing, bom) for row, line, text in rows],
                unended=unended,
            )
        return Mapped(judging.partials(), judging.findings())

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Add counts up; keep the first lines of every kind."""
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
            pl.concat([counts, kept.select(_PARTIALS.names())], how="diagonal")
            .select(pl.col(name).cast(dtype) for name, dtype in _PARTIALS.items())
            .sort("topic", "profile", "file", "name", "line", "row", "field", "detail")
        )

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Judge the files as a whole, and say what the profiles take."""
        from ftaudit.profiles.profile_judge import ProfileJudge

        metrics: dict[str, int] = {}
        findings: list[tuple[object, ...]] = []
        refused: set[int] = set()
        parts: list[str] = []
        for profile in self._loaded:
            own = totals.filter(profile=profile.profile)
            broken = list(self._of_files(ProfileJudge(profile), own))
            findings += [_finding(profile, line, violation) for line, violation in broken]
            names = {line.file for line, violation in broken if _refuses(line, violation)}
            refused |= names
            counts = own.filter(topic="count")
            invalid = int(counts["invalid"].sum())
            metrics |= {
                f"profile.{profile.profile}.invalid_rows": invalid,
                f"profile.{profile.profile}.suspicious_rows": int(counts["suspicious"].sum()),
                f"profile.{profile.profile}.refused_files": len(names),
            }
            parts.append(_headline(profile, invalid, len(names)))
        metrics["profile.invalid_rows"] = int(totals.filter(topic="any")["invalid"].sum())
        metrics["profile.refused_files"] = len(refused)
        return Judgement(
            metrics=metrics,
            headline="; ".join(parts),
            notes=tuple(self._notes(totals)),
            examples=tuple(self._examples(totals)),
            findings=_frame(findings),
            coverage={"profiles_judged": self.profiles},
            configuration={"profiles": [_recorded(profile) for profile in self._loaded]},
        )

    def _of_files(
        self, judge: "ProfileJudge", own: pl.DataFrame
    ) -> Iterator[tuple[_Line, "Violation"]]:
        """Yield what the rules of files find, each with its place."""
        for ordinal, file in enumerate(self._files):
            if file.split == HOLDOUT:
                continue
            of_file = own.filter(file=ordinal)
            summary = _summary(file, of_file)
            rows = {line: row for line, row in of_file.select("line", "row").iter_rows() if line}
            for line, violation in judge.file(summary):
                if violation.rule.rule == TOO_FEW and file.split != TRAIN:
                    continue
                row = rows.get(line, max(0, line - 1) if summary.framing == "table" else 0)
                number = line if summary.framing != "table" or not line else None
                yield _Line(file.split, ordinal, row, number, b"", "", bom=False), violation

    def _notes(self, totals: pl.DataFrame) -> Iterator[str]:
        if "table" in totals.filter(topic="count")["name"].unique().to_list():
            yield (
                "Rows of tables were judged as the JSON that they would be written as; the file "
                "itself has to be written as JSON Lines first."
            )
        for profile in self._loaded:
            seen = f"{profile.title}: version {profile.version}, read {profile.seen}"
            yield f"{seen}. {profile.retired}" if profile.retired else seen
            yield from profile.notes

    def _examples(self, totals: pl.DataFrame) -> Iterator[Example]:
        counts = totals.filter(topic="example").sort("name", "file", "line", "row", nulls_last=True)
        for name, file, row, line, path, detail in counts.select(
            "name", "file", "row", "line", "field", "detail"
        ).iter_rows():
            place = Location(self._files[file].split, file, row or 0)
            yield Example(name, place, field=path, detail=detail, line=line)


@dataclass(slots=True)
class _Tally:
    """What is counted of one file under one profile."""

    judge: "ProfileJudge"
    watched: tuple[str, ...]
    """Keys of which is noted what lines have them."""
    file: int
    framing: str
    records: int = 0
    invalid: int = 0
    suspicious: int = 0
    noted: dict[tuple[str, str], list[tuple[int | None, int | None]]] = field(default_factory=dict)
    """Topic and name → row and line of the first places."""

    @property
    def is_skipped(self) -> bool:
        """Whether the rule of files says it all: the profile wants lines, and there are none."""
        return self.framing in {"array", "objects"} and self.judge.profile.framing == "lines"

    def note(self, topic: str, name: str, line: _Line) -> None:
        """Remember the place of a line, if it is one of the first."""
        places = self.noted.setdefault((topic, name), [])
        if len(places) < LINES_KEPT:
            places.append((line.row, line.line))

    def add(self, line: _Line, judged: "JudgedLine", keys: "Container[str] | None") -> None:
        """Count a record of a line, of which `keys` are the keys, but for its violations."""
        if judged.layout is not None:
            self.note("layout", judged.layout, line)
        if keys is not None:
            self.records += 1
            for key in self.watched:
                self.note("key", key if key in keys else f"!{key}", line)


class _Judging:
    """Judges lines one by one, and keeps what comes of it."""

    def __init__(self, profiles: "Sequence[ProviderProfile]") -> None:
        from ftaudit.profiles.file_judgement import watched_keys
        from ftaudit.profiles.line_recall import LineRecall
        from ftaudit.profiles.profile_judge import ProfileJudge

        self._judges = [(ProfileJudge(profile), watched_keys(profile)) for profile in profiles]
        self._recall = LineRecall([judge for judge, _ in self._judges])
        self._files: dict[int, list[_Tally]] = {}
        self._bom: dict[int, bool] = {}
        self._unended: set[int] = set()
        self._any: dict[int, int] = {}
        self._findings: list[tuple[object, ...]] = []

    def judge(self, lines: "Sequence[_Line]", *, unended: bool) -> None:
        """Judge lines of one file by every profile; after the last no line break may follow."""
        if unended:
            self._unended.add(lines[0].file)
        tallies = self._files.get(lines[0].file) or self._begin(lines[0])
        judged_before = self._recall.recalled([line.text for line in lines])
        for line, (_, key, recalled) in zip(lines, judged_before, strict=True):
            if recalled is None or any(_may_be_long(tally, line) for tally in tallies):
                self._read(line, key, tallies)
            elif self._repeat(line, recalled, tallies):
                self._any[line.file] += 1

    def _repeat(self, line: _Line, recalled: "RecalledLine", tallies: "Sequence[_Tally]") -> bool:
        """Count a line as one before that was judged alike; return whether it is invalid."""
        invalid = False
        for tally, judged in zip(tallies, recalled.judged, strict=True):
            if not tally.is_skipped:
                tally.add(line, judged, recalled.keys)
                invalid |= self._keep(tally, line, judged)
        return invalid

    def _keep(self, tally: _Tally, line: _Line, judged: "JudgedLine") -> bool:
        """Keep the violations of one record, and return whether its line is invalid."""
        return bool(judged.violations) and self._count(tally, line, [(None, judged)])

    def _read(self, line: _Line, key: Hashable, tallies: "Sequence[_Tally]") -> None:
        """Read a line and judge it by every profile."""
        from ftaudit.profiles.file_judgement import keys_in
        from ftaudit.profiles.json_line import read_line

        reading = read_line(line.text)
        shape = _shape(reading) if len(tallies) > 1 else None
        invalid = False
        verdicts: list[JudgedLine] = []
        for tally in tallies:
            if tally.is_skipped:
                continue
            if reading.readable:
                judged = tally.judge.line(reading, shape)
                tally.add(line, judged, keys_in(reading))
                verdicts.append(judged)
                if not judged.violations and not _may_be_long(tally, line):
                    continue
                invalid |= self._count(tally, line, [(reading, judged)])
            else:
                invalid |= self._count(tally, line, self._pieces(tally, line))
        if len(verdicts) == len(tallies):
            self._recall.remember(key, line.text, reading, verdicts)
        self._any[line.file] += invalid

    def _begin(self, line: _Line) -> list[_Tally]:
        """Begin to count a file."""
        self._bom[line.file], self._any[line.file] = line.bom, 0
        tallies = [
            _Tally(judge, watched, line.file, line.framing) for judge, watched in self._judges
        ]
        self._files[line.file] = tallies
        return tallies

    def _pieces(self, tally: _Tally, line: _Line) -> "list[tuple[LineReading, JudgedLine]]":
        """Read a line that is not one object again, as the profile would."""
        from ftaudit.profiles.file_judgement import keys_in, readings_of

        pieces = []
        for _, reading in readings_of(0, line.text, tally.judge.profile):
            judged = tally.judge.line(reading)
            tally.add(line, judged, keys_in(reading))
            pieces.append((reading, judged))
        return pieces

    def _count(
        self, tally: _Tally, line: _Line, pieces: "Sequence[tuple[LineReading | None, JudgedLine]]"
    ) -> bool:
        """Keep the violations of a line, and return whether it is invalid."""
        profile = tally.judge.profile
        bad = suspicious = False
        for reading, judged in pieces:
            if reading and isinstance(reading.value, dict) and _may_be_long(tally, line):
                suspicious |= self._too_long(profile, line, reading.value)
            for violation in judged.violations:
                bad |= violation.rule.invalid
                suspicious |= violation.rule.effect != "none"
                self._findings.append(_finding(profile, line, violation))
        tally.invalid += bad
        tally.suspicious += suspicious and not bad
        return bad

    def _too_long(self, profile: "ProviderProfile", line: _Line, value: "JsonObject") -> bool:
        """Note a record that is certainly too long for a profile."""
        from ftaudit.profiles.tokens.token_limits import over_limit

        over = over_limit(value, len(line.text), profile)
        if over is not None:
            self._findings.append(_too_long(profile, line, over))
        return over is not None

    def findings(self) -> pl.DataFrame:
        """Return what was found, in row order."""
        return _frame(self._findings)

    def partials(self) -> pl.DataFrame:
        """Return the counts and places."""
        rows: list[dict[str, object]] = []
        for tally in (tally for tallies in self._files.values() for tally in tallies):
            own: dict[str, object] = {
                "profile": tally.judge.profile.profile,
                "file": tally.file,
            }
            rows.append(
                own
                | {
                    "topic": "count",
                    "name": tally.framing,
                    "records": tally.records,
                    "invalid": tally.invalid,
                    "suspicious": tally.suspicious,
                    "bom": self._bom[tally.file],
                    "unended": tally.file in self._unended,
                }
            )
            rows += [
                own | {"topic": topic, "name": name, "row": row, "line": line}
                for (topic, name), places in tally.noted.items()
                for row, line in places
            ]
        rows += [
            {"topic": "any", "profile": "", "file": file, "name": "", "invalid": invalid}
            for file, invalid in self._any.items()
        ]
        rows += list(self._first_examples())
        return pl.DataFrame(rows, schema=_PARTIALS, orient="row")

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


def _may_be_long(tally: _Tally, line: _Line) -> bool:
    limit = tally.judge.profile.tokens
    return limit is not None and len(line.text) > limit.at_most


def _shape(reading: "LineReading") -> "Outline | None":
    """Return the outline of a record, for several profiles to share."""
    from ftaudit.profiles.value_outline import outline

    if not isinstance(reading.value, dict):
        return None
    try:
        return outline(reading.value)
    except RecursionError:  # the judges find it, too
        return None


def _required(context: Context) -> Sequence[str]:
    """Return the profiles that the policy requires."""
    section = context.policy.get("profiles")
    names = section.get("require", ()) if isinstance(section, dict) else ()
    return [str(name) for name in names]


def _rules(profiles: "Sequence[ProviderProfile]") -> Iterator[Rule]:
    """Yield the rules of the profiles as those of a check; the family stays for the rest."""
    from ftaudit.profiles.lossless_fixes import mends

    for profile in profiles:
        seen: set[str] = set()
        mended = {rule.rule for rule in profile.rules if mends(rule)}
        for rule in profile.rules:
            if rule.rule not in seen:
                seen.add(rule.rule)
                title = f"{profile.title}: {rule.rule}"
                fix = FIT_PROFILE if rule.rule in mended else None
                yield Rule(profile.rule_id(rule), title, rule.severity, f"{rule.fix}.", fix)
        if profile.tokens is not None:
            yield Rule(
                f"profile.{profile.profile}.truncated",
                f"{profile.title}: a record is longer than what is kept",
                Severity.MEDIUM,
                "Shorten the record, or set a larger limit where the model has room.",
            )
    yield from ProfileCheck.rules


def _finding(profile: "ProviderProfile", line: _Line, violation: "Violation") -> tuple[object, ...]:
    """Return a finding in the order of `_FINDING`."""
    rule = violation.rule
    return (
        profile.rule_id(rule),
        line.split,
        line.file,
        line.row or 0,
        line.line,
        violation.path,
        f"{violation.detail}: {_effect(profile, rule)}. {rule.fix}",
        rule.severity.value,
    )


def _too_long(profile: "ProviderProfile", line: _Line, over: "OverLimit") -> tuple[object, ...]:
    """Return a finding of a record that is too long, in the order of `_FINDING`."""
    limit = profile.tokens
    assert limit is not None  # noqa: S101 - what is over a limit has one
    effect = _EFFECTS["skips-silently" if over.untrained else limit.effect]
    detail = f"{over.detail}: {effect} ({limit.note or 'its limit'}; read {profile.seen})"
    return (
        f"profile.{profile.profile}.truncated",
        line.split,
        line.file,
        line.row or 0,
        line.line,
        "",
        f"{detail}. Shorten the record, or set a larger limit where the model has room",
        (Severity.LOW if limit.confidence == "low" else Severity.MEDIUM).value,
    )


def _effect(profile: "ProviderProfile", rule: "ProfileRule") -> str:
    doubt = {"high": "", "medium": ", says the documentation", "low": ", at second hand"}
    return f"{_EFFECTS[rule.effect]}{doubt[rule.confidence]} (read {rule.seen or profile.seen})"


def _frame(findings: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    types = {**EVIDENCE, **PLACED}
    schema = {name: types[name] for name in _FINDING}
    frame = pl.DataFrame(findings, schema=schema, orient="row")
    missing = [name for name in EVIDENCE.names() if name not in _FINDING]
    return frame.with_columns(pl.lit(None, EVIDENCE[name]).alias(name) for name in missing).select(
        *EVIDENCE, *PLACED
    )


def _refuses(line: _Line, violation: "Violation") -> bool:
    """Return whether a rule of files refuses the file, not only one of its lines."""
    return violation.rule.invalid and (not line.line or line.line == 1)


def _summary(file: DataFile, own: pl.DataFrame) -> "FileSummary":
    """Return what the rules of files look at."""
    from ftaudit.profiles.file_tests import FileSummary

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


def _headline(profile: "ProviderProfile", invalid: int, refused: int) -> str:
    if not invalid and not refused:
        return f"{profile.profile} takes every line"
    parts = [counted(invalid, "line")] if invalid else []
    parts += [counted(refused, "file")] if refused else []
    return f"{profile.profile} refuses {' and '.join(parts)}"


def _recorded(profile: "ProviderProfile") -> dict[str, object]:
    """Return a profile as the manifest records it."""
    text = profile.model_dump_json(by_alias=True)
    return {
        "name": profile.profile,
        "version": profile.version,
        "seen": profile.seen.isoformat(),
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
    }


CHECK: Final[type[Check]] = ProfileCheck
