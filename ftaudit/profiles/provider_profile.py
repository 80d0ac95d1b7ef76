"""A profile: what one service or trainer accepts, as a file gives it."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ftaudit.model.finding import Severity
from ftaudit.profiles import (
    file_tests,
    part_tests,
    record_tests,
    tool_list_tests,
    tool_tests,
    turn_tests,
    weight_tests,
)
from ftaudit.profiles.record_layout import RecordLayout

LineTest: TypeAlias = file_tests.LineIs | file_tests.LineObject
FileTest: TypeAlias = (
    file_tests.ByteOrderMark
    | file_tests.LastLineBreak
    | file_tests.LineFraming
    | file_tests.RecordCount
    | file_tests.FileSize
    | file_tests.FileEnding
    | file_tests.OneLayout
    | file_tests.KeyOnEveryLine
)
RecordTest: TypeAlias = (
    record_tests.KnownLayout
    | record_tests.ExclusiveKeys
    | record_tests.OnlyKeys
    | record_tests.OnlyTurnKeys
    | record_tests.KeyOrder
    | record_tests.FieldKind
    | record_tests.FieldEmpty
    | record_tests.WithoutKeys
    | record_tests.EqualLengths
    | record_tests.SameKind
    | record_tests.TurnList
    | record_tests.TurnsText
    | record_tests.TextItems
    | record_tests.HasRole
    | record_tests.FirstRole
    | record_tests.LastRole
    | record_tests.RoleOrder
    | record_tests.OnlyFirst
    | record_tests.AtMostOne
    | record_tests.AnswerTurns
    | record_tests.PreferredCandidates
    | turn_tests.KnownRole
    | turn_tests.DeprecatedRole
    | turn_tests.ContentKind
    | turn_tests.ContentText
    | turn_tests.ContentBesideCall
    | turn_tests.OneContent
    | turn_tests.UniformContent
    | part_tests.KnownParts
    | part_tests.ImageRole
    | part_tests.ImageAddress
    | part_tests.ImageCount
    | part_tests.PartsNotTogether
    | weight_tests.WeightValue
    | weight_tests.WeightRole
    | weight_tests.WeightBesideImage
    | weight_tests.TrainedTurn
    | weight_tests.LastAnswerOnly
    | turn_tests.NamePattern
    | turn_tests.ReservedTokens
    | tool_tests.CallKeys
    | tool_tests.CallType
    | tool_tests.CallName
    | tool_tests.CallId
    | tool_tests.UniqueCallIds
    | tool_tests.CallArguments
    | tool_tests.ReplyKeys
    | tool_tests.ReplyMatches
    | tool_tests.CallsKnown
    | tool_list_tests.ToolList
    | tool_list_tests.ToolText
    | tool_list_tests.ToolNames
    | tool_list_tests.ToolSchema
)
ProfileTest: TypeAlias = LineTest | FileTest | RecordTest

Effect: TypeAlias = Literal[
    "rejects-file", "crashes", "skips-silently", "truncates", "trains-wrong", "none"
]
"""What the service or trainer does with a violation."""
Confidence: TypeAlias = Literal["high", "medium", "low"]
"""Read in source or run; official documentation only; second hand."""

_SEVERITIES: Final[Mapping[str, Severity]] = {
    "rejects-file": Severity.HIGH,
    "crashes": Severity.HIGH,
    "skips-silently": Severity.MEDIUM,
    "truncates": Severity.MEDIUM,
    "trains-wrong": Severity.MEDIUM,
    "none": Severity.INFO,
}
_REFUSALS: Final = ("rejects-file", "crashes", "skips-silently")


Trains: TypeAlias = Literal["all", "answers", "last-answer", "last-answer-with-tools"]
"""What is trained: every token, the answers, or the last of them (always, or with tools)."""


class ProfileRule(BaseModel):
    """One rule: what is tested, what comes of a violation, and how that is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: Annotated[str, Field(pattern="^[a-z]+(-[a-z]+)*$")]
    """Id within the profile; several tests may share one."""
    check: Annotated[ProfileTest, Field(discriminator="test")]
    effect: Effect
    confidence: Confidence
    source: str
    """A key of the profile's `sources`."""
    seen: date | None = None
    """When the source was read; by default the day of the profile."""
    fix: str = ""
    """What makes the record acceptable, as an imperative sentence."""

    @property
    def severity(self) -> Severity:
        """How much a violation harms; a rule of low confidence only warns."""
        severity = _SEVERITIES[self.effect]
        return Severity.LOW if self.confidence == "low" and severity != "info" else severity

    @property
    def invalid(self) -> bool:
        """Whether the service or trainer refuses, crashes on or drops such a record."""
        return self.effect in _REFUSALS and self.confidence != "low"


class TokenLimit(BaseModel):
    """How many tokens an example may have, and what becomes of one that has more."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at_most: Annotated[int, Field(gt=0)]
    cut: Literal["end", "proportion", "drop"] = "end"
    """What is cut: the end, prompt and answer in proportion, or the whole record."""
    effect: Effect
    confidence: Confidence
    source: str
    note: str = ""


class ProviderProfile(BaseModel):
    """What one service or trainer accepts."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    schema_: Annotated[Literal["ftaudit.profile/v1"], Field(alias="schema")] = "ftaudit.profile/v1"
    profile: Annotated[str, Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    version: Annotated[int, Field(ge=1)] = 1
    title: str
    seen: date
    """When the facts were read."""
    retired: str = ""
    """Why nobody should begin with it any more; empty while it is maintained."""
    extends: str | None = None
    """A built-in profile whose rules hold where this one has none of the same id."""
    without: tuple[str, ...] = ()
    """Rules of the profile below that do not hold here."""
    inherits: Confidence | None = None
    """The highest confidence of rules taken from the profile below."""
    framing: Literal["lines", "any"] = "lines"
    """One object per line; or arrays and objects over several lines too."""
    trains: Trains = "answers"
    """What is trained unless the record or a setting says otherwise."""
    tokens: TokenLimit | None = None
    sources: Mapping[str, str] = Field(default_factory=dict)
    layouts: tuple[RecordLayout, ...] = ()
    rules: tuple[ProfileRule, ...] = ()
    notes: tuple[str, ...] = ()
    """What a user should know that no rule can test."""

    @model_validator(mode="after")
    def _sources_exist(self) -> "ProviderProfile":
        for rule in self.rules:
            if self.extends is None and rule.source not in self.sources:
                msg = f"the rule {rule.rule} names the source {rule.source}, which is not listed"
                raise ValueError(msg)
        return self

    def rule_id(self, rule: ProfileRule) -> str:
        """Return the id of a rule in findings, such as `profile.openai.weight`."""
        return f"profile.{self.profile}.{rule.rule}"


def laid_over(below: ProviderProfile, above: ProviderProfile) -> ProviderProfile:
    """Return `above` with every rule, layout and setting of `below` that it does not replace."""
    replaced = {rule.rule for rule in above.rules} | set(above.without)
    kept = tuple(_capped(rule, above.inherits) for rule in below.rules if rule.rule not in replaced)
    merged = below.model_dump(by_alias=True) | above.model_dump(by_alias=True, exclude_unset=True)
    merged |= {
        "sources": {**below.sources, **above.sources},
        "rules": [rule.model_dump() for rule in (*kept, *above.rules)],
        "extends": None,
        "without": (),
        "inherits": None,
    }
    return ProviderProfile.model_validate(merged)


def _capped(rule: ProfileRule, highest: Confidence | None) -> ProfileRule:
    """Return the rule with a confidence that is `highest` at most."""
    if highest is None or _CONFIDENCES.index(rule.confidence) >= _CONFIDENCES.index(highest):
        return rule
    return rule.model_copy(update={"confidence": highest})


_CONFIDENCES: Final = ("high", "medium", "low")
