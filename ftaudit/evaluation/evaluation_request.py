"""Everything a caller may choose about a comparison."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeAlias

from msgspec import Struct, field

from ftaudit.evaluation.formats.result_request import ResultRequest
from ftaudit.evaluation.holdout import HoldoutRequest
from ftaudit.evaluation.output_rules import OutputRuleset
from ftaudit.evaluation.plan_sections import DecisionPlan
from ftaudit.wire.manifest import Manifest

ResultPath: TypeAlias = str | Path


PAIRED_ROWS: Final = 200_000
"""Rows of a holdout up to which near-identical inputs are searched for unasked."""


class AuditedHoldout(Struct, frozen=True, eq=False):
    """The audit that the holdout must be of, and where its findings are."""

    manifest: Manifest
    findings: Path


class EvaluationRequest(Struct, frozen=True, eq=False):
    """What to compare, and how."""

    holdout: tuple[ResultPath, ...]
    baselines: tuple[ResultPath, ...]
    tuned: ResultPath
    baseline_names: tuple[str, ...] = ()
    """What to call the baselines; by default as their files do."""
    tuned_name: str = ""
    tuned_revision: str = ""
    """Revision of the tuned model, for the record."""
    baseline_runs: ResultPath | None = None
    """Repeated answers to some rows, where they are in a file of their own."""
    tuned_runs: ResultPath | None = None
    audit: AuditedHoldout | None = None
    plan: DecisionPlan = field(default_factory=DecisionPlan)
    outputs: OutputRuleset | None = None
    rows: HoldoutRequest = field(default_factory=HoldoutRequest)
    results: ResultRequest = field(default_factory=ResultRequest)
    consistency: Path | None = None
    """A table of alike inputs with the answers of both models."""
    threshold: float = 0.8
    """Jaccard similarity from which inputs are near-identical, in (0, 1]."""
    search_pairs: bool | None = None
    """Whether near-identical inputs are searched for; None: up to `PAIRED_ROWS` rows."""
    previous: Mapping[str, str] = field(default_factory=dict)
    """Digest of a tuned model's results → its name: what this holdout has judged before."""
    workers: int = 1
