"""Which scores are too low to be reported, so that nobody needs to look for them."""

from collections.abc import Mapping

from msgspec import Struct, field


class ScoreFloor(Struct, frozen=True):
    """The least scores of findings that are reported, in [0, 1], inclusive."""

    least: float = 0.0
    of_entity: Mapping[str, float] = field(default_factory=dict)
    """Entity → least score, where it differs."""
    raised: frozenset[str] = frozenset()
    """Entities whose findings may score more in the end: none of them is too low here."""

    def of(self, entity: str) -> float:
        """Return the least score of a recognizer's finding of an entity that may be reported."""
        return 0.0 if entity in self.raised else self.of_entity.get(entity, self.least)


EVERY_SCORE = ScoreFloor()
"""All findings are reported."""
