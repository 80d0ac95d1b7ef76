"""What the owner of the data will accept: one file, every limit of it explained.

A policy names the checks that must be completed, the limits their metrics are held to, and what
provenance, licences, entity types, approvals and age it asks for. `standard`, `strict` and
`report-only` ship as readable files; a user's file extends one of them and overrides it rule by
rule.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeAlias

from msgspec import Meta, Struct, field

from ftaudit.model.check import Check
from ftaudit.model.declaration import CoverageDuty, declaration
from ftaudit.model.document_models import (
    CalledAfter,
    CalledBefore,
    DocumentSection,
    explaining_model,
    plain_values,
    read_section,
)
from ftaudit.model.documents import Place, parse_lined, read_text
from ftaudit.model.errors import InputError, suggestion
from ftaudit.policy.measures import measure_names

BUILT_IN: Final = ("standard", "strict", "report-only")
EXACT: Final = 2**53 - 1
"""The largest integer that JSON carries exactly (RFC 8785)."""
SECTIONS: Final = ("licenses", "provenance", "entities", "profiles", "benchmarks")
"""Sections of a policy that checks may need."""
OWN: Final = "FTA-"
"""Rule ids that begin so are ftaudit's own; a user's new rules take another prefix."""


def _duration(text: str) -> str:
    parse_duration(text)
    return text


def parse_duration(text: str) -> timedelta:
    """Parse an ISO 8601 duration of whole weeks, days or hours, such as `P30D` or `PT12H`.

    Raises:
        ValueError: another form.
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        msg = f"{text!r} is not a duration such as P30D, P4W or PT12H"
        raise ValueError(msg)
    weeks, days, hours = (int(number or 0) for number in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours)


_DURATION: Final = re.compile(r"P(?:([0-9]{1,4})W|([0-9]{1,5})D|T([0-9]{1,6})H)")


def _no_truth(value: object) -> object:
    """Refuse `true` and `false`, which Python would take for 1 and 0."""
    if isinstance(value, bool):
        raise ValueError("a number is expected")  # noqa: TRY004 - what pydantic turns into an error
    return value


Bound: TypeAlias = Annotated[
    Annotated[int, Meta(ge=-EXACT, le=EXACT)] | Annotated[float, Meta(ge=-EXACT, le=EXACT)],
    CalledBefore(_no_truth),
]
"""A number that a metric can be."""


class Limit(DocumentSection, frozen=True):
    """A rule: what one metric may be, and what happens beyond it. Limits are inclusive."""

    metric: str = ""
    max: Bound | None = None
    min: Bound | None = None
    severity: Literal["block", "warn", "off"] = "block"
    why: str = ""
    fix: str = ""
    fix_all: str = ""
    """What to do where nearly all rows are beyond the limit; else `fix`."""
    unless: str = ""
    """A rule whose breach says this one, too: where it stands, this one is not judged."""
    waivable: bool = True
    if_measured: bool = False
    """Hold only where the check measured the metric; else a missing metric is a breach."""

    def breached(self, value: float) -> bool:
        """Return whether `value` lies beyond the limit."""
        return (self.max is not None and value > self.max) or (
            self.min is not None and value < self.min
        )


class LicenseLists(DocumentSection, frozen=True):
    """SPDX identifiers or patterns such as `CC-BY-NC-*`.

    An exact name wins over patterns; else denied wins over review over allowed.
    """

    allow: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()


class RequiredFields(DocumentSection, frozen=True):
    """Dotted fields that the provenance record must fill in."""

    require: tuple[str, ...] = ()


class ColumnRoles(DocumentSection, frozen=True):
    """Which of the user's columns plays which role; columns that a file lacks are passed over."""

    input: str | None = None
    output: str | None = None
    label: str | None = None
    group: str | None = None
    time: str | None = None
    annotator: str | None = None
    context: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    """Columns that are known and not used."""

    def single(self) -> dict[str, str]:
        """Return the roles that one column plays, and that column."""
        names = ("input", "output", "label", "group", "time", "annotator")
        columns = {name: getattr(self, name) for name in names}
        return {name: column for name, column in columns.items() if column is not None}

    def several(self) -> dict[str, tuple[str, ...]]:
        """Return the roles that any number of columns play, and those columns."""
        return {"context": self.context, "title": self.title, "choices": self.choices}


class RequiredEntities(DocumentSection, frozen=True):
    """Entity types of the privacy scan that must have been searched."""

    require: tuple[str, ...] = ()


class RequiredProfiles(DocumentSection, frozen=True):
    """Profiles of providers or trainers (`ftaudit profiles`) that the data is held to."""

    require: tuple[str, ...] = ()


class RequiredBenchmarks(DocumentSection, frozen=True):
    """Indexes of benchmarks, by the name of their file, that must have been searched for."""

    require: tuple[str, ...] = ()


class ApproverRole(DocumentSection, frozen=True):
    """Who may speak in a role: the key ids, and the rules they may waive (patterns)."""

    keys: tuple[str, ...] = ()
    may_waive: tuple[str, ...] = ()


class ApprovalRules(DocumentSection, frozen=True):
    """Roles that must have approved, and the keys that speak for each role."""

    require: tuple[str, ...] = ()
    roles: Mapping[str, ApproverRole] = field(default_factory=dict)
    named_roles: bool = False
    """Whether approvals and waivers count only by the keys of roles that the policy names."""
    distinct_keys: bool = False
    """Whether whoever signs the manifest may neither approve it nor waive its limits."""


class SignatureRules(DocumentSection, frozen=True):
    """Whether the manifest must be signed, and the key ids trusted to sign it."""

    required: bool = False
    keys: tuple[str, ...] = ()


class Policy(DocumentSection, frozen=True, kw_only=True, rename={"schema_": "schema"}):
    """A policy, as a file gives it or, once laid over what it extends, as it is in effect."""

    schema_: Literal["ftaudit.policy/v1"] = "ftaudit.policy/v1"
    id: str
    version: int = 1
    description: str = ""
    extends: str | None = None
    mode: Literal["enforce", "report"] = "enforce"
    """`report`: breaches are reported as warnings and never block."""
    required: tuple[str, ...] = ()
    """Checks that must be completed on every row."""
    required_if_applicable: tuple[str, ...] = ()
    """Checks that must be completed unless the data holds nothing they apply to."""
    max_age: Annotated[str, CalledAfter(_duration)] = "P30D"
    """How long a manifest holds from its creation."""
    threshold: Annotated[float, Meta(gt=0, le=1)] | None = None
    """Jaccard similarity from which texts are near-identical; the command line wins over it."""
    rules: Mapping[str, Limit] = field(default_factory=dict)
    parameters: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Check id → its parameters (see `ftaudit checks ID`)."""
    columns: ColumnRoles = ColumnRoles()
    """What options of the command line say of columns, said once; the command line wins."""
    licenses: LicenseLists = LicenseLists()
    provenance: RequiredFields = RequiredFields()
    entities: RequiredEntities = RequiredEntities()
    profiles: RequiredProfiles = RequiredProfiles()
    benchmarks: RequiredBenchmarks = RequiredBenchmarks()
    approvals: ApprovalRules = ApprovalRules()
    signature: SignatureRules = SignatureRules()

    def __post_init__(self) -> None:
        """Refuse an age that is no duration."""
        parse_duration(self.max_age)

    @classmethod
    def prepared(cls, value: object) -> object:
        """Take a list of names for `require` of profiles and benchmarks."""
        if not isinstance(value, dict):
            return value
        names = {k: value[k] for k in ("profiles", "benchmarks") if isinstance(value.get(k), list)}
        return value | {key: {"require": section} for key, section in names.items()}

    @property
    def age(self) -> timedelta:
        """How long a manifest holds."""
        return parse_duration(self.max_age)

    def to_dict(self) -> dict[str, object]:
        """Return the policy as plain values, in the order of its fields."""
        return plain_values(self)

    def required_coverage(self) -> dict[str, tuple[str, ...]]:
        """Return section → the names that its `require` wants a check to search for."""
        return {
            "entities": self.entities.require,
            "profiles": self.profiles.require,
            "benchmarks": self.benchmarks.require,
        }

    def sections(self) -> dict[str, object]:
        """Return what checks may need of the policy."""
        parts = self.to_dict()
        return {name: parts[name] for name in SECTIONS}


class Vocabulary(Struct, frozen=True, dict=True):
    """The checks and metrics that exist, and what each check owes."""

    metrics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Check id → its metric names, which may be families such as `pii.*.findings`."""
    duties: Mapping[str, tuple[CoverageDuty, ...]] = field(default_factory=dict)
    """Check id → the coverage that the policy may require of it."""

    @classmethod
    def of(cls, checks: Mapping[str, type[Check]]) -> "Vocabulary":
        """Return the vocabulary of some checks."""
        return cls(
            {id_: tuple(metric.name for metric in check.metrics) for id_, check in checks.items()},
            {id_: declaration(check).duties for id_, check in checks.items()},
        )

    @cached_property
    def measured(self) -> dict[str, tuple[str, ...]]:
        """Return metric names by check, and by measure of evaluations: all that rules may hold."""
        return {**self.metrics, **measure_names()}

    def owner(self, metric: str) -> str | None:
        """Return the check, or the measure of evaluations, that measures `metric`; or None."""
        for check, names in self.measured.items():
            if metric in names or any("*" in n and fnmatchcase(metric, n) for n in names):
                return check
        return None


def load(name: str | Path, vocabulary: Vocabulary) -> Policy:
    """Return a built-in policy by name, or a user's file laid over the one it extends.

    Raises:
        InputError: unreadable, malformed, or naming a check, rule, metric or key that does not
            exist; names the line and the nearest that does.
    """
    return parse(source(name), str(name), vocabulary)


def json_schema() -> dict[str, object]:
    """Return the JSON Schema (2020-12) of a policy file, for editors.

    Rules of a file lie over those of the policy it extends, so no field of theirs is required.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **explaining_model(Policy).model_json_schema(by_alias=True),
        "title": "ftaudit policy",
    }


def source(name: str | Path) -> str:
    """Return the text of a built-in policy or of a user's file.

    Raises:
        InputError: neither a built-in name nor a readable file.
    """
    if str(name) in BUILT_IN:
        return (resources.files("ftaudit.policy") / "builtin" / f"{name}.yaml").read_text("utf-8")
    if not Path(name).exists():
        problem = f"there is no such policy{suggestion(str(name), BUILT_IN)}"
        raise InputError(name, problem, remedy=f"Built in: {', '.join(BUILT_IN)}; or name a file")
    return read_text(name, kind="policy")


def parse(text: str, name: str, vocabulary: Vocabulary) -> Policy:
    """Return the policy that `text` means, laid over the one it extends.

    A file that does not say what it extends extends `standard`; `extends: none` starts afresh.

    Raises:
        InputError: as `load`.
    """
    document, written, lines = _document(text, name)
    problems = _Problems(name, lines)
    below = _below(document, name, vocabulary, problems)
    policy = document if below is None else _laid_over(below, document, written)
    problems.check(document, policy, below, vocabulary)
    return policy


@lru_cache(maxsize=8)
def _document(text: str, name: str) -> tuple[Policy, object, Mapping[Place, int]]:
    """Return a policy as its file gives it, what is written, and the line of every key.

    The last few are kept.
    """
    return parse_lined(text, Policy, name=name, kind="policy")


def _below(
    document: Policy, name: str, vocabulary: Vocabulary, problems: "_Problems"
) -> Policy | None:
    base = document.extends or ("none" if name == "standard" else "standard")
    if base == "none":
        return None
    if base not in BUILT_IN:
        hint = suggestion(base, BUILT_IN)
        raise problems.at(("extends",), f"extends names no built-in policy: {base}{hint}")
    return load(base, vocabulary)


def _laid_over(below: Policy, document: Policy, written: object) -> Policy:
    """Merge rule by rule and parameter by parameter; every other section as a whole field."""
    base, new = plain_values(below), _restricted(plain_values(document), written)
    merged = base | new
    for section in ("rules", "parameters"):
        old: dict[str, dict[str, object]] = dict(base[section])
        for key, value in new.get(section, {}).items():
            kept = old.get(key, {})
            if {"max", "min"} & value.keys():
                kept = {k: v for k, v in kept.items() if k not in {"max", "min"}}
            old[key] = kept | value
        merged[section] = old
    for section in (*SECTIONS, "approvals", "signature"):
        merged[section] = base[section] | new.get(section, {})
    return read_section(merged, Policy)


def _restricted(values: Any, written: object) -> Any:  # noqa: ANN401 - plain values
    """Return of plain values, defaults included, those whose keys were written."""
    if not isinstance(values, dict) or not isinstance(written, dict):
        return values
    return {k: _restricted(value, written[k]) for k, value in values.items() if k in written}


class _Problems(Struct, frozen=True):
    """Errors of a policy file that only the vocabulary can tell, with their lines."""

    name: str
    lines: Mapping[Place, int]

    def at(self, path: Place, problem: str, remedy: str = "") -> InputError:
        """Return the error that stands at `path` of the file."""
        return InputError(
            self.name, problem, place=f"line {self.lines.get(path, 1)}", remedy=remedy
        )

    def check(
        self, document: Policy, policy: Policy, below: Policy | None, vocabulary: Vocabulary
    ) -> None:
        """Raise for the first check, rule or metric that does not exist."""
        existing = below.rules if below else {}
        for section in ("required", "required_if_applicable", "parameters"):
            for i, check in enumerate(getattr(document, section)):
                place = (section, check if section == "parameters" else i)
                self._known(place, "check", check, vocabulary.metrics)
        for id_, limit in document.rules.items():
            if id_.startswith(OWN) and below is not None and id_ not in existing:
                hint = suggestion(id_, existing)
                raise self.at(("rules", id_), f"there is no rule {id_}{hint}", _OWN_RULES)
            if limit.metric and vocabulary.owner(limit.metric) is None:
                metrics = [m for names in vocabulary.measured.values() for m in names]
                self._known(("rules", id_, "metric"), "metric", limit.metric, metrics)
            self._bounded(id_, policy.rules[id_])

    def _known(self, path: Place, kind: str, wrong: str, existing: Iterable[str]) -> None:
        if wrong not in existing:
            problem = f"there is no {kind} {wrong}{suggestion(wrong, existing)}"
            raise self.at(path, problem, f"`ftaudit checks` lists every {kind}")

    def _bounded(self, id_: str, limit: Limit) -> None:
        if not limit.metric:
            raise self.at(("rules", id_), f"the rule {id_} names no metric", "Add `metric:`")
        if limit.severity != "off" and (limit.max is None) == (limit.min is None):
            raise self.at(("rules", id_), f"the rule {id_} needs either max or min")


_OWN_RULES: Final = (
    f"Ids that begin with {OWN} are ftaudit's own (`ftaudit policy show`); call yours otherwise"
)
