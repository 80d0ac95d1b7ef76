"""A tuning plan: what an approver must know before a model is tuned, as a person writes it.

What the plan does not say is a gap, and so is what still says `TODO`.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

from msgspec import Struct
from pydantic import Field

from ftaudit.evaluation.plan_sections import (
    DecisionPlan,
    EvaluationColumns,
    LiftTarget,
    NonInferiority,
    PlanSection,
    ScoreBaseline,
    Share,
    TriggerLimits,
    TuningCost,
)
from ftaudit.model.documents import load_document
from ftaudit.wire.manifest import Manifest


class BaseModelInfo(PlanSection):
    """The model that is to be tuned."""

    name: str = ""
    version: str = ""
    license: str = ""
    provider: str = ""


class Use(PlanSection):
    """What the tuned model may and may not be used for."""

    allowed: tuple[str, ...] = ()
    prohibited: tuple[str, ...] = ()


class Alternative(PlanSection):
    """Something cheaper than tuning that was tried, and what it scored."""

    kind: str = ""
    """`prompting`, `retrieval`, or what else was tried."""
    tried: str = ""
    metric: str = ""
    score: float | None = None
    why_not: str = ""


class Holdout(PlanSection):
    """The data on which both are measured."""

    name: str = ""
    rows: int | None = None
    why: str = ""


class Rollback(PlanSection):
    """How to go back."""

    path: str = ""
    owner: str = ""
    within: str = ""


class Triggers(PlanSection):
    """What starts a new tuning."""

    base_model: str = ""
    product_policy: str = ""
    data_distribution: str = ""
    other: tuple[str, ...] = ()
    limits: TriggerLimits = TriggerLimits()


class ProductPolicyInfo(PlanSection):
    """The rules of the product that answers rest on, such as a catalogue of plans."""

    name: str = ""
    version: str = ""
    """Its revision, or `sha256:` and the digest of its file."""


class TuningPlan(PlanSection):
    """A tuning plan, as a file gives it. Everything is optional; what is missing is a gap."""

    schema_: Annotated[Literal["ftaudit.plan/v1"], Field(alias="schema")] = "ftaudit.plan/v1"
    title: str = ""
    requested_by: str = ""
    task: str = ""
    why: str = ""
    base_model: BaseModelInfo = BaseModelInfo()
    product_policy: ProductPolicyInfo = ProductPolicyInfo()
    method: str = ""
    data: str = ""
    intended_use: Use = Use()
    alternatives: tuple[Alternative, ...] = ()
    baseline: ScoreBaseline = ScoreBaseline()
    target: LiftTarget = LiftTarget()
    discordance: Share | None = None
    """Share of rows that exactly one model will have right, if a pilot has measured it."""
    non_inferiority: NonInferiority = NonInferiority()
    evaluation: EvaluationColumns = EvaluationColumns()
    holdout: Holdout = Holdout()
    rollback: Rollback = Rollback()
    failure_conditions: tuple[str, ...] = ()
    retraining_triggers: Triggers = Triggers()
    monitoring: tuple[str, ...] = ()
    cost: TuningCost = TuningCost()
    sign_offs: tuple[str, ...] = ()

    def decision(self) -> DecisionPlan:
        """Return what `power`, `compare` and `drift` take of the plan."""
        base, product = self.base_model, self.product_policy
        return DecisionPlan(
            baseline=self.baseline,
            target=self.target,
            discordance=self.discordance,
            non_inferiority=self.non_inferiority,
            evaluation=self.evaluation,
            cost=self.cost,
            limits=self.retraining_triggers.limits,
            base_model=" ".join(filter(None, (base.name, base.version))),
            product_policy=" ".join(filter(None, (product.name, product.version))),
        )


class Gap(Struct, frozen=True):
    """Something an approver must know and the plan does not say."""

    field: str
    why: str


def load_plan(path: Path | str) -> TuningPlan:
    """Read a plan.

    Raises:
        InputError: unreadable, or not a plan; names the line.
    """
    return load_document(path, TuningPlan, kind="plan")


def schema() -> dict[str, object]:
    """Return the JSON Schema of a plan (the file in the package is made from it)."""
    made = TuningPlan.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def gaps(plan: TuningPlan, manifest: Manifest) -> Iterator[Gap]:
    """Yield what an approver must know and the plan does not say."""
    for field, advice in ESSENTIAL:
        if not _at(plan, field):
            yield Gap(field, advice)
    yield from _alternative_gaps(plan.alternatives)
    yield from _success_gaps(plan)
    yield from _holdout_gaps(plan.holdout, manifest)


def _at(plan: TuningPlan, field: str) -> object:
    value: object = plan
    for part in field.split("."):
        value = getattr(value, part)
    return value if not isinstance(value, float | int) else True


def _alternative_gaps(alternatives: Sequence[Alternative]) -> Iterator[Gap]:
    kinds = {alternative.kind.strip().lower() for alternative in alternatives}
    for kind in ("prompting", "retrieval"):
        if kind not in kinds:
            yield Gap(f"alternatives.{kind}", "say what was tried before tuning, and its score")
    for alternative in alternatives:
        if alternative.score is None or not alternative.metric:
            yield Gap(f"alternatives.{alternative.kind or '?'}", "give its metric and its score")


def _success_gaps(plan: TuningPlan) -> Iterator[Gap]:
    base, target = plan.baseline, plan.target
    if base.metric and target.metric and base.metric != target.metric:
        yield Gap("target.metric", "measure the target as the baseline is measured")
    elif base.score is not None and target.score is not None:
        better = target.score > base.score
        if target.score == base.score or better != target.higher_is_better:
            yield Gap("target.score", "a target that is no better than the baseline is none")


def _holdout_gaps(holdout: Holdout, manifest: Manifest) -> Iterator[Gap]:
    """Compare the holdout of the plan with the one that was audited against leakage."""
    audited = {f.name: f.rows for f in manifest.predicate.inputs if f.role == "holdout"}
    if not audited:
        yield Gap("holdout", "the audit saw no holdout: scan again with --holdout")
    elif holdout.name and holdout.name not in audited:
        yield Gap("holdout.name", f"the audit saw other holdout files: {', '.join(audited)}")
    elif holdout.name and holdout.rows is not None and holdout.rows != audited[holdout.name]:
        yield Gap("holdout.rows", f"the audit saw {audited[holdout.name]:,} rows of it")


ESSENTIAL: Final = (
    ("task", "say what the tuned model is to do"),
    ("why", "say why tuning is needed"),
    ("base_model.name", "name the model that is to be tuned"),
    ("base_model.version", "pin its version, so that the result can be made again"),
    ("data", "say what the training data is"),
    ("intended_use.allowed", "say what the tuned model may be used for"),
    ("baseline.metric", "say how success is measured"),
    ("baseline.score", "measure the model in use today; without it nobody sees a gain"),
    ("target.metric", "say how success is measured"),
    ("target.score", "say what tuning must reach to be worth it"),
    ("holdout.name", "name the data on which both are measured"),
    ("holdout.rows", "say how many rows it has"),
    ("rollback.path", "say how to go back, and to what"),
    ("failure_conditions", "say when the tuned model counts as failed"),
    ("retraining_triggers.base_model", "say what happens when the base model is replaced"),
    ("retraining_triggers.product_policy", "say what happens when product rules change"),
    ("retraining_triggers.data_distribution", "say which drift of the data starts a new tuning"),
    ("monitoring", "say what is measured in production"),
    ("cost.training", "say what tuning costs"),
    ("sign_offs", "name the roles that must approve"),
)
"""Fields a decision needs, and what to say in them."""
