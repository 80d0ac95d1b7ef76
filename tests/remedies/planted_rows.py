"""Small data for each remedy, with what it must change counted by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Row = Mapping[str, Any]

TOPICS = (
    "The parcel that was promised for Tuesday has not arrived at my door",
    "Please explain the second charge on the statement of last month",
    "I would like to change the address on my account before Friday",
    "My card was swallowed by the machine outside the station tonight",
    "How long does a transfer to a bank in another country take",
    "The screen stays black after the update that came yesterday",
    "Can I return the shoes although I have thrown the box away",
    "Nobody has answered the letter about my broken washing machine",
)
"""Sentences of which none is like another."""


def row(topic: int, label: str = "a", ending: str = ".", **columns: Any) -> Row:  # noqa: ANN401 - cells
    return {"text": TOPICS[topic] + ending, "label": label, **columns}


CLEAN: Sequence[Row] = [row(0), row(1, "b"), row(2), row(3, "b")]
HOLDOUT: Sequence[Row] = [row(6), row(7, "b")]


@dataclass(frozen=True)
class PlantedCase:
    """Rows with something to mend, and what is then left of them."""

    remedy: str
    train: Sequence[Row]
    removed: Sequence[int] = ()
    """Training rows that must go."""
    edited: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    """Training row → column → its new text."""
    choices: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    left: int = 0
    """Rows that wait for a person."""

    @property
    def name(self) -> str:
        """What the case is called in the names of tests."""
        return "-".join([self.remedy, *map(str, self.choices.values())])


CASES = (
    PlantedCase(
        "decontaminate",
        [row(0), row(6, ending=" today."), row(1, "b"), row(6), row(2), row(3, "b")],
        removed=[1, 3],
    ),
    PlantedCase(
        "decontaminate",
        [row(0, team="x"), row(1, "b", team="h"), row(2, team="h"), row(3, "b", team="y")],
        removed=[1, 2],
        options={"columns": {"group": "team"}},
    ),
    PlantedCase(
        "deduplicate",
        [row(0), row(0, ending=" now."), row(1, "b"), row(0), row(2), row(3, "b")],
        removed=[1, 3],
    ),
    PlantedCase(
        "deduplicate",
        [row(0), row(0, ending=" now."), row(1, "b"), row(0), row(2), row(2, ending=" so.")],
        removed=[0, 3, 4],
        choices={"keep": "longest"},
    ),
    PlantedCase(
        "deduplicate",
        [row(0, "b"), row(0, ending=" now."), row(1, "b"), row(0, ending=" !"), row(3, "b")],
        removed=[0, 3],
        choices={"keep": "best-label"},
    ),
    PlantedCase(
        "deduplicate",
        [row(0), row(0, ending=" now."), row(1, "b"), row(0), row(2), row(3, "b")],
        removed=[3],
        choices={"level": "exact"},
    ),
    PlantedCase(
        "drop-malformed",
        [row(0), {"text": "", "label": "a"}, row(1, "b"), {**row(2), "label": None}, row(3)],
        removed=[1, 3],
    ),
    PlantedCase(
        "resolve-conflicts",
        [row(0), row(1, "b"), row(0, "b", " now."), row(2), row(3, "b")],
        removed=[0, 2],
        left=2,
    ),
    PlantedCase(
        "resolve-conflicts",
        [row(0), row(1, "b"), row(0, "b", " now."), row(0, ending="!"), row(2), row(3, "b")],
        removed=[2],
        choices={"by": "majority"},
    ),
    PlantedCase(
        "redact",
        [row(0), row(1, "b", " Write to ada.byron@example.com."), row(2), row(3, "b")],
        edited={1: {"text": f"{TOPICS[1]} Write to {'*' * 21}."}},
    ),
    PlantedCase(
        "redact",
        [row(0), row(1, "b", " Write to ada.byron@example.com."), row(2), row(3, "b")],
        edited={1: {"text": f"{TOPICS[1]} Write to <EMAIL_ADDRESS>."}},
        choices={"operator": "replace", "types": ("EMAIL_ADDRESS",)},
    ),
    PlantedCase(
        "redact",
        [
            row(0, code="none"),
            row(1, "b", " My password: hT7kQ2vX9zB4", code="hT7kQ2vX9zB4"),
            row(2, code="none"),
            row(3, "b", code="none"),
        ],
        edited={1: {"text": f"{TOPICS[1]} My password: {'*' * 12}", "code": "*" * 12}},
        choices={"types": ("EMAIL_ADDRESS",)},
    ),
    PlantedCase(
        "repair-text",
        [
            row(0, "Late"),
            row(1, "b", " Le cafÃ© est fermÃ©."),
            row(2, "late"),
            row(3, "late", "\x07"),
        ],
        edited={
            0: {"label": "late"},
            1: {"text": f"{TOPICS[1]} Le café est fermé."},
            3: {"text": TOPICS[3]},
        },
    ),
    PlantedCase(
        "cap-class",
        [row(0), row(1, "b"), row(2), row(3), row(4), row(5)],
        choices={"count": 2},
        removed=[],
    ),
)
