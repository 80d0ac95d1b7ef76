"""A text and a number on a scale: ratings, qualities, regression."""

from msgspec import Struct

from ftaudit.records.cell_values import Raw
from ftaudit.records.classification import map_classes, pick_class, pick_subject
from ftaudit.records.completion import needed
from ftaudit.records.format import MappedRecords, Parts
from ftaudit.records.roles import NAMES, Role
from ftaudit.records.sentence_pairs import holds_scores, is_score
from ftaudit.records.shape import ColumnKind, TableShape


class Scored(Struct, frozen=True):
    """Records with a text and a score: a column of that name, or labels that are fractions.

    Scores are no classes: equal texts may be rated 4.75 and 4.8, and are in conflict only where
    their scores are further apart than a tenth of the scale (`score_tolerance` of the check
    label-conflicts). Name the column with `--label-column` where its numbers are classes.
    """

    id: str = "scored"
    needs: str = "text and score (or rating, stars, similarity, a label of fractions)"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find a text and numbers on a scale."""
        text = pick_subject(shape)
        label = pick_class(shape)
        score = label if label is not None and is_score(shape, label) else None
        if label is None:
            named = shape.named(NAMES[Role.SCORE], (ColumnKind.TEXT,))
            score = next((c for c in named if holds_scores(shape, c)), None)
        if text is None or score is None or score == text or "label" in shape.overrides:
            return None
        return {"input": text, "score": score}

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read the parts that are requested."""
        nothing_read: tuple[str, ...] = ()
        reads = dict.fromkeys(("output", "answer", "variant", "focus", "label"), nothing_read)
        return needed(parts, requested, reads | {"input": ("input",), "score": ("score",)})

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:
        """Read texts and their scores."""
        return map_classes(raw, parts, requested)
