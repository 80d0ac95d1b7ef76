"""The check `profile`: what a provider or trainer would not take, line by line."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final, Self

import polars as pl

from ftaudit.model.check import Check, Context, Judgement, Mapped, Relation, Skip, parameters
from ftaudit.model.dataset import HOLDOUT, TRAIN, DataFile
from ftaudit.model.declaration import CheckOption, CoverageDuty, Declaration, StandardTags
from ftaudit.model.finding import (
    Example,
    Location,
    Metric,
    Rule,
    Severity,
    counted,
)
from ftaudit.model.fix import Fix, FixTarget

if TYPE_CHECKING:
    from ftaudit.profiles.profile_judge import ProfileJudge, Violation
    from ftaudit.profiles.provider_profile import ProviderProfile
    from ftaudit.profiles.violation_findings import WrittenLine

FIT_PROFILE: Final = Fix("fit-profile", FixTarget.RECORD)
"""The remedy that makes every change of `lossless_fixes`."""
TOO_FEW: Final = "too-few"
"""The rule of the fewest examples, which are asked of training data only."""
_FILE: Final = ("split", "file", "framing", "bom")
"""Columns of `LINES` that say of which file a line is."""


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
        chosen = parameters(cls, context.parameters).get("profiles", ())
        names = [*chosen, *_required(context)] if isinstance(chosen, tuple | list) else []
        if not names:
            return Skip("no profile of a provider or trainer was named", options=("--profile",))
        from ftaudit.profiles.profile_catalogue import load_profile

        loaded = {profile.profile: profile for profile in map(load_profile, names)}
        ordered = tuple(loaded[name] for name in sorted(loaded))
        check = cls(tuple(sorted(loaded)), ordered, context.files)
        check.__dict__["rules"] = tuple(_rules(ordered))  # those of the chosen profiles
        return check

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Judge the lines of a batch by every profile."""
        from ftaudit.profiles.batch_judging import BatchJudging
        from ftaudit.profiles.violation_findings import WrittenLine

        judging = BatchJudging(self._loaded)
        for part in batch.filter(pl.col("split") != HOLDOUT).partition_by(_FILE):
            split, file, framing, bom = part.select(_FILE).row(0)
            unended = bool(part["unended"].any())
            rows = part.select("row", "line", "text").iter_rows()
            judging.judge(
                [
                    WrittenLine(split, file, row, line, text, framing, bom)
                    for row, line, text in rows
                ],
                unended=unended,
            )
        return Mapped(judging.partials(), judging.findings())

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Add counts up; keep the first lines of every kind."""
        from ftaudit.profiles.batch_judging import combined

        return combined(partials)

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Judge the files as a whole, and say what the profiles take."""
        from ftaudit.profiles.profile_judge import ProfileJudge
        from ftaudit.profiles.violation_findings import finding_of, findings_frame

        metrics: dict[str, int] = {}
        findings: list[tuple[object, ...]] = []
        refused: set[int] = set()
        parts: list[str] = []
        for profile in self._loaded:
            own = totals.filter(profile=profile.profile)
            broken = list(self._of_files(ProfileJudge(profile), own))
            findings += [finding_of(profile, line, violation) for line, violation in broken]
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
            findings=findings_frame(findings),
            coverage={"profiles_judged": self.profiles},
            configuration={"profiles": [_recorded(profile) for profile in self._loaded]},
        )

    def _of_files(
        self, judge: "ProfileJudge", own: pl.DataFrame
    ) -> Iterator[tuple["WrittenLine", "Violation"]]:
        """Yield what the rules of files find, each with its place."""
        from ftaudit.profiles.batch_judging import file_summary
        from ftaudit.profiles.violation_findings import WrittenLine

        for ordinal, file in enumerate(self._files):
            if file.split == HOLDOUT:
                continue
            of_file = own.filter(file=ordinal)
            summary = file_summary(file, of_file)
            rows = {line: row for line, row in of_file.select("line", "row").iter_rows() if line}
            for line, violation in judge.file(summary):
                if violation.rule.rule == TOO_FEW and file.split != TRAIN:
                    continue
                row = rows.get(line, max(0, line - 1) if summary.framing == "table" else 0)
                number = line if summary.framing != "table" or not line else None
                yield WrittenLine(file.split, ordinal, row, number, b"", "", bom=False), violation

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


def _refuses(line: "WrittenLine", violation: "Violation") -> bool:
    """Return whether a rule of files refuses the file, not only one of its lines."""
    return violation.rule.invalid and (not line.line or line.line == 1)


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
