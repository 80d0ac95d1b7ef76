"""What a profile finds, as findings: where, which rule, and what becomes of the record."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import polars as pl

from ftaudit.model.finding import EVIDENCE, PLACED, Severity
from ftaudit.profiles.profile_judge import Violation
from ftaudit.profiles.provider_profile import ProfileRule, ProviderProfile
from ftaudit.profiles.tokens.token_limits import OverLimit

FINDING: Final = ("rule", "split", "file", "row", "line", "field", "detail", "severity")
_EFFECTS: Final = {
    "rejects-file": "the file is refused",
    "crashes": "the run crashes",
    "skips-silently": "the record is dropped without a word",
    "truncates": "the record is cut",
    "trains-wrong": "the model learns something else",
    "none": "nothing happens",
}


class WrittenLine(NamedTuple):
    """A record as it is written, and where."""

    split: str
    file: int
    row: int | None
    line: int | None
    text: bytes
    framing: str
    bom: bool


def finding_of(
    profile: ProviderProfile, line: WrittenLine, violation: Violation
) -> tuple[object, ...]:
    """Return a finding in the order of `FINDING`."""
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


def length_finding(
    profile: ProviderProfile, line: WrittenLine, over: OverLimit
) -> tuple[object, ...]:
    """Return a finding of a record that is too long, in the order of `FINDING`."""
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


def _effect(profile: ProviderProfile, rule: ProfileRule) -> str:
    doubt = {"high": "", "medium": ", says the documentation", "low": ", at second hand"}
    return f"{_EFFECTS[rule.effect]}{doubt[rule.confidence]} (read {rule.seen or profile.seen})"


def findings_frame(findings: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    """Return findings in the order of `FINDING` with the columns of `EVIDENCE` and `PLACED`."""
    types = {**EVIDENCE, **PLACED}
    schema = {name: types[name] for name in FINDING}
    frame = pl.DataFrame(findings, schema=schema, orient="row")
    missing = [name for name in EVIDENCE.names() if name not in FINDING]
    return frame.with_columns(pl.lit(None, EVIDENCE[name]).alias(name) for name in missing).select(
        *EVIDENCE, *PLACED
    )
