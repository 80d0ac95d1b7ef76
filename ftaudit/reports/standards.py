"""Which requirement each check's evidence speaks to. Evidence, never a claim of compliance.

Sources: Regulation (EU) 2024/1689 (AI Act), Article 10 and Annex IV; NIST AI 100-1 (AI RMF 1.0),
tables 1 to 4; ISO/IEC 5259-2:2024, data quality characteristics.
"""

from dataclasses import dataclass
from typing import Final

DISCLAIMER: Final = (
    "The tags name requirements this evidence speaks to. "
    "They do not claim that a requirement is met; that is for whoever answers for the system."
)


@dataclass(frozen=True)
class Tags:
    """The places in three frameworks that ask for what a check measures."""

    ai_act: tuple[str, ...]
    nist: tuple[str, ...]
    iso: tuple[str, ...]

    def all(self) -> list[str]:
        """Return every tag, its framework before it."""
        return [
            *(f"EU AI Act {tag}" for tag in self.ai_act),
            *(f"NIST AI RMF {tag}" for tag in self.nist),
            *(f"ISO/IEC 5259-2 {tag}" for tag in self.iso),
        ]


_PRIVACY: Final = Tags(
    ("Art. 10(2)(b)", "Art. 10(5)"), ("MEASURE 2.10",), ("identifiability", "confidentiality")
)

BY_CHECK: Final = {
    "schema": Tags(("Art. 10(2)(c)", "Art. 10(3)"), ("MAP 2.3",), ("accuracy", "completeness")),
    "provenance": Tags(
        ("Art. 10(2)(b)", "Annex IV(2)(d)"), ("MAP 4.1", "GOVERN 6.1"), ("traceability",)
    ),
    "pii": _PRIVACY,
    "secrets": Tags(("Art. 10(2)(c)", "Art. 15(5)"), ("MEASURE 2.7",), ("confidentiality",)),
    "markings": Tags(("Art. 10(2)(b)",), ("MAP 4.1",), ("confidentiality", "compliance")),
    "duplicates": Tags(("Art. 10(2)(c)", "Art. 10(3)"), ("MAP 2.3",), ("similarity",)),
    "leakage": Tags(
        ("Art. 10(3)", "Annex IV(2)(g)"), ("MEASURE 2.1", "MEASURE 2.5"), ("similarity",)
    ),
    "group-leakage": Tags(("Art. 10(3)", "Annex IV(2)(g)"), ("MEASURE 2.5",), ("similarity",)),
    "temporal-leakage": Tags(
        ("Art. 10(3)", "Annex IV(2)(g)"), ("MEASURE 2.5",), ("currentness", "timeliness")
    ),
    "label-conflicts": Tags(("Art. 10(2)(c)", "Art. 10(3)"), ("MAP 2.3",), ("consistency",)),
    "class-balance": Tags(
        ("Art. 10(2)(f)", "Art. 10(3)"), ("MEASURE 2.11",), ("balance", "representativeness")
    ),
    "expectations": Tags(("Art. 10(2)(e)", "Art. 10(2)(h)"), ("MAP 2.3",), ("compliance",)),
}
"""Check id → tags. A check from elsewhere has none."""


def tags(check: str) -> list[str]:
    """Return the tags of a check's evidence, or none."""
    known = BY_CHECK.get(check)
    return known.all() if known else []
