"""Which trigger fires: compare new data with the data an audit saw.

A signal fires only when it is significant (Holm over all signals) and beyond its limit after the
chance level is taken off. Where chance alone exceeds half the limit, there are too few rows to
tell, which is an answer of its own and never "no drift".
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

import polars as pl
from msgspec import Struct

from ftaudit.evaluation.domain_classifier import DomainAuc
from ftaudit.evaluation.judgement import MeasureOutcome, significant
from ftaudit.evaluation.new_data import NewCounts
from ftaudit.evaluation.novelty import Novelty
from ftaudit.evaluation.plan_sections import TriggerLimits
from ftaudit.model.label_spelling import plain_labels
from ftaudit.model.statistics.distribution import (
    DistributionShift,
    distribution_shift,
    rows_to_tell,
)
from ftaudit.model.statistics.multiplicity import holm
from ftaudit.wire.data_profile import DataProfile

State = Literal["fires", "quiet", "too few rows", "not measured", "reading"]

ALPHA: Final = 0.05
"""Of the tests over all signals together."""
SMALLEST_P: Final = 0.0001
"""The least p-value that is written out: permutations cannot tell smaller ones."""
LIMITS: Final[Mapping[str, float]] = {
    "labels": 0.15,
    "kinds": 0.15,
    "lengths": 0.15,
    "novelty": 0.05,
}
"""Limits that hold where the plan says none."""
TOPICS: Final[Mapping[str, tuple[str, ...]]] = {
    "labels": ("label",),
    "kinds": ("kind",),
    "lengths": ("input",),
}
ACTIONS: Final[Mapping[str, str]] = {
    "labels": "evaluate again on data that is labelled like the new rows",
    "kinds": "audit the new data, and evaluate again",
    "lengths": "audit the new data, and evaluate again",
    "new classes": "audit the new data, and tune again with rows of these classes",
    "novelty": "audit the new data, and evaluate again on rows like it",
    "score": "roll back, and tune again",
    "base model": "evaluate again before the new base model is used",
    "product policy": "check labels and slices against the new rules, and evaluate again",
}


class DriftSignal(Struct, frozen=True):
    """One signal, and what it says."""

    id: str
    state: State
    text: str

    @property
    def action(self) -> str:
        """What to do when it fires."""
        return ACTIONS.get(self.id, "")


class ReferencedShift(Struct, frozen=True):
    """How far new shares are from the nearest reference, and which that is."""

    reference: str
    shift: DistributionShift


class DriftReport(Struct, frozen=True, eq=False):
    """All signals, and the numbers behind them."""

    signals: tuple[DriftSignal, ...]
    shifts: Mapping[str, ReferencedShift]
    novelty: Novelty | None
    new_classes: Mapping[str, int]
    """Digest of a class never seen before → new rows."""
    rows: int
    length_distance: float | None = None
    """Kolmogorov-Smirnov, where the training texts were given."""
    text: DomainAuc | None = None
    """Where a classifier was asked for."""

    @property
    def fired(self) -> tuple[str, ...]:
        """Signals that fire."""
        return tuple(signal.id for signal in self.signals if signal.state == "fires")

    @property
    def exit_code(self) -> int:
        """0 nothing fires, 1 a trigger fires, 3 too few rows to tell."""
        states = {signal.state for signal in self.signals}
        return 1 if "fires" in states else 3 if "too few rows" in states else 0

    def outcome(self) -> MeasureOutcome:
        """Return the metrics."""
        return MeasureOutcome("drift", {n: significant(v) for n, v in self._metrics()})

    def _metrics(self) -> Iterator[tuple[str, float]]:
        yield "drift.new_rows", self.rows
        yield "drift.triggers", len(self.fired)
        for id_, referenced in self.shifts.items():
            shift = referenced.shift
            yield f"drift.{id_}", shift.excess
            yield f"drift.{id_}_p_value", shift.p_value
            if id_ == "labels":
                yield "drift.labels_distance", shift.distance
                yield "drift.reference_rows", shift.reference_rows
        if "labels" in self.shifts:
            yield "drift.new_classes", len(self.new_classes)
            yield "drift.new_class_rows", sum(self.new_classes.values())
        if self.length_distance is not None:
            yield "drift.length_ks", self.length_distance
        if self.text is not None:
            yield "drift.domain_auc", self.text.auc
            yield "drift.domain_auc_error", self.text.null_error
        if self.novelty is not None:
            yield "drift.novel_share", self.novelty.share
            yield "drift.novelty", self.novelty.excess
            yield "drift.novelty_p_value", self.novelty.p_value


class Production(Struct, frozen=True):
    """What is known of production besides data."""

    score: float | None = None
    base_model: str = ""
    """Name and version of the base model."""
    product_policy: str = ""
    """Name and version of the rules of the product, such as its catalogue; or their digest."""


_UNSTATED: Final = Production()


def report_drift(  # noqa: PLR0913 - keyword-only, and each one a user's own word
    profile: DataProfile,
    new: NewCounts,
    limits: TriggerLimits,
    *,
    novelty: Novelty | None = None,
    production: Production = _UNSTATED,
    planned: Production = _UNSTATED,
    length_distance: float | None = None,
    text: DomainAuc | None = None,
) -> DriftReport:
    """Return which triggers fire.

    Args:
        profile: exact counts of the audited data.
        new: counts of the new data.
        limits: the plan's; where it says none, `LIMITS`.
        novelty: novel shares, where texts were given.
        production: score, base model and product policy in use.
        planned: base model and product policy that the plan names.
        length_distance: Kolmogorov-Smirnov distance of lengths, where texts were given.
        text: what a classifier tells apart, where it was asked for.
    """
    shifts = dict(_shifts(profile, new.tables, limits))
    unseen = _new_classes(profile, new)
    judged = shifts | dict(_shifts(profile, _without(new, unseen), limits)) if unseen else shifts
    p_values = {id_: referenced.shift.p_value for id_, referenced in judged.items()}
    if novelty is not None:
        p_values["novelty"] = novelty.p_value
    adjusted = dict(zip(p_values, holm(list(p_values.values())), strict=True))
    signals = [
        *(_shift_signal(id_, judged.get(id_), adjusted.get(id_, 1.0), limits) for id_ in TOPICS),
        *_class_signals(profile, unseen, limits),
        _novelty_signal(novelty, adjusted.get("novelty", 1.0), limits),
        *_production_signals(production, planned, limits),
        *_text_readings(text),
    ]
    kept = tuple(s for s in signals if s.state != "not measured" or s.id == "novelty")
    return DriftReport(kept, shifts, novelty, unseen, new.rows, length_distance, text)


def _references(profile: DataProfile, topic: str, limits: TriggerLimits) -> Iterator[str]:
    """Yield the splits that new data is compared with: the plan's, else all that were counted."""
    for split in ("train", "holdout"):
        if limits.reference in {"", split} and profile.counts(topic, split):
            yield split


def _without(new: NewCounts, unseen: Mapping[str, int]) -> dict[str, Mapping[str, int]]:
    """Return the counts of labels without classes never seen, which are a trigger of their own."""
    return {"label": {n: rows for n, rows in new.tables["label"].items() if n not in unseen}}


def _shifts(
    profile: DataProfile, tables: Mapping[str, Mapping[str, int]], limits: TriggerLimits
) -> Iterator[tuple[str, ReferencedShift]]:
    """Yield the shift from the nearest reference: data that is like one of them has not drifted.

    A holdout with equal classes differs from training by design.
    """
    for id_, topics in TOPICS.items():
        for topic in topics:
            counts = tables.get(topic, {})
            shifts = [
                ReferencedShift(
                    split,
                    distribution_shift(profile.counts(topic, split), counts, test="permutation"),
                )
                for split in _references(profile, topic, limits)
                if counts
            ]
            if shifts:
                yield id_, min(shifts, key=lambda s: (s.shift.excess, -s.shift.p_value))


def _limit(id_: str, limits: TriggerLimits) -> float:
    own: float | None = getattr(limits, id_)
    return LIMITS[id_] if own is None else own


def _shift_signal(
    id_: str, referenced: ReferencedShift | None, p_value: float, limits: TriggerLimits
) -> DriftSignal:
    if referenced is None:
        return DriftSignal(id_, "not measured", "")
    shift, limit = referenced.shift, _limit(id_, limits)
    numbers = (
        f"distance {shift.excess:.3f} beyond chance (limit {limit:g}), {_p_text(p_value)}, "
        f"{shift.new_rows:,} new rows against {shift.reference_rows:,} of {referenced.reference}"
    )
    if p_value <= ALPHA and shift.excess >= limit:
        return DriftSignal(id_, "fires", numbers)
    if shift.chance > limit / 2:
        needed = rows_to_tell(shift.names, limit)
        text = f"{numbers}; {needed:,} rows are needed to tell over {shift.names:,} names"
        return DriftSignal(id_, "too few rows", text)
    return DriftSignal(id_, "quiet", numbers)


def _p_text(p_value: float) -> str:
    return f"p {p_value:.2g}" if p_value >= SMALLEST_P else f"p below {SMALLEST_P:g}"


def _new_classes(profile: DataProfile, new: NewCounts) -> dict[str, int]:
    """Return classes of the new data that no split of the audited data has."""
    seen = set().union(*profile.tallies.get("label", {}).values()) if profile.tallies else set()
    names = new.tables.get("label", {})
    known = set(plain_labels(pl.Series(sorted(seen), dtype=pl.String)))
    plain = plain_labels(pl.Series(list(names), dtype=pl.String))
    return {
        name: n for (name, n), form in zip(names.items(), plain, strict=True) if form not in known
    }


def _class_signals(
    profile: DataProfile, unseen: Mapping[str, int], limits: TriggerLimits
) -> Sequence[DriftSignal]:
    if "label" not in profile.tallies:
        return ()
    accepted = limits.new_classes or 0
    text = f"{len(unseen):,} classes never seen before, {sum(unseen.values()):,} rows"
    return (DriftSignal("new classes", "fires" if len(unseen) > accepted else "quiet", text),)


def _novelty_signal(novelty: Novelty | None, p_value: float, limits: TriggerLimits) -> DriftSignal:
    if novelty is None:
        text = (
            "give --training and --holdout-data, or the indexes of both, to know how many rows are "
            "unlike any trained on"
        )
        return DriftSignal("novelty", "not measured", text)
    limit = _limit("novelty", limits)
    text = (
        f"{novelty.share:.1%} of {novelty.rows:,} rows have no training row like them, "
        f"{100 * novelty.excess:+.1f} points to the holdout (limit {100 * limit:g}), "
        f"{_p_text(p_value)}"
    )
    fires = p_value <= ALPHA and novelty.excess >= limit
    return DriftSignal("novelty", "fires" if fires else "quiet", text)


def _text_readings(text: DomainAuc | None) -> Iterator[DriftSignal]:
    """Yield what a classifier tells apart: a reading without a limit, so it never fires."""
    if text is None:
        return
    words = (
        f"a classifier of words tells new rows from training with AUC {text.auc:.3f} "
        f"(.5 tells nothing; error by chance {text.null_error:.3f})"
    )
    yield DriftSignal("text", "reading", words)


def _production_signals(
    production: Production, planned: Production, limits: TriggerLimits
) -> Iterator[DriftSignal]:
    """Yield the signals that need no statistics."""
    if production.score is not None and limits.score is not None:
        low = production.score < limits.score
        text = f"score {production.score:g} in production, limit {limits.score:g}"
        yield DriftSignal("score", "fires" if low else "quiet", text)
    yield from _revision("base model", production.base_model, planned.base_model)
    yield from _revision("product policy", production.product_policy, planned.product_policy)


def _revision(id_: str, in_use: str, planned: str) -> Iterator[DriftSignal]:
    """Yield whether the revision in use is the planned one; `latest` is none."""
    current = in_use or planned
    if not current:
        return
    moving = "latest" in current.lower().split()
    changed = bool(planned) and current != planned
    text = f"{current} in use" + (f", {planned} in the plan" if changed else "")
    if moving:
        text += ": latest is no version, it changes unseen"
    yield DriftSignal(id_, "fires" if changed or moving else "quiet", text)
