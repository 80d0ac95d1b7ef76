"""What a check declares about itself, so that no other module needs to know it by name.

The gate holds a manifest to the invariants, the command line offers the options, the manifest
records private parameters by their number only, reports print the tags, and the decision asks for
the coverage that a check owes. A check without a declaration declares nothing.
"""

from enum import IntEnum
from typing import Any, TypeAlias

from msgspec import Struct


class StandardTags(Struct, frozen=True):
    """The places in three frameworks that ask for what a check measures.

    Sources: Regulation (EU) 2024/1689 (AI Act), Article 10 and Annex IV; NIST AI 100-1 (AI RMF
    1.0), tables 1 to 4; ISO/IEC 5259-2:2024, data quality characteristics.
    """

    ai_act: tuple[str, ...] = ()
    nist: tuple[str, ...] = ()
    iso: tuple[str, ...] = ()

    def all(self) -> list[str]:
        """Return every tag, its framework before it."""
        return [
            *(f"EU AI Act {tag}" for tag in self.ai_act),
            *(f"NIST AI RMF {tag}" for tag in self.nist),
            *(f"ISO/IEC 5259-2 {tag}" for tag in self.iso),
        ]


class ShareOf(Struct, frozen=True):
    """The metric `share` is the metric `count` over all rows of `splits`."""

    share: str
    count: str
    splits: tuple[str, ...]


class AtMost(Struct, frozen=True):
    """The metric `smaller` is never more than the metric `larger`."""

    smaller: str
    larger: str


class RowsAmong(Struct, frozen=True):
    """The metric `count` is a number of distinct rows of `splits`."""

    count: str
    splits: tuple[str, ...]


class FindingsTotal(Struct, frozen=True):
    """The metric `metric` is the number of all findings of the check."""

    metric: str


Invariant: TypeAlias = ShareOf | AtMost | RowsAmong | FindingsTotal
"""What holds between the numbers of every honest manifest; one that breaks it is refused."""


class CheckOption(Struct, frozen=True):
    """An option of `ftaudit scan` that sets a parameter of the check."""

    flag: str
    """As typed, such as `--ner`."""
    parameter: str
    """The field of the check that it sets."""
    metavar: str
    help: str
    repeatable: bool = False
    """Given several times, the parameter is a list. Checks may share a flag."""


class PolicyDemand(Struct, frozen=True):
    """A section of the policy that the check holds data to while it measures.

    A manifest does not answer a policy whose section differs: only another scan can tell.
    """

    section: str
    """`licenses`, `provenance` or `entities`."""
    unmet: str
    """What to say where the section differs; `{missing}` stands for the entries of `key` that were
    not asked for."""
    key: str = ""
    """A list of the section, which may have shrunk since but not grown. When empty, all lists of
    the section must be equal."""


class CoverageDuty(Struct, frozen=True):
    """Names that the policy may require the check to search for, such as types of personal data."""

    section: str
    """The section of the policy whose list `require` holds the names."""
    coverage: str
    """The list of `Judgement.coverage` that says which names were searched for."""
    rule: str
    """Rule of the breach for a name that was not searched for. Never waivable."""
    metric: str
    """The metric of one name; `*` stands for the name."""
    unmet: str
    """Message of the breach; `{name}` stands for the name."""
    remedy: str


class Concern(IntEnum):
    """What is at stake, in the order in which reports name the checks that failed."""

    EXPOSURE = 0
    """Persons, secrets, or what the holdout should measure."""
    QUALITY = 1
    """What the model learns."""
    PAPERS = 2
    """Documents about the data, not its rows."""


class Declaration(Struct, frozen=True):
    """Everything that the rest of ftaudit needs to know of a check beyond the contract."""

    tags: StandardTags = StandardTags()
    invariants: tuple[Invariant, ...] = ()
    options: tuple[CheckOption, ...] = ()
    private_parameters: frozenset[str] = frozenset()
    """Parameters that may hold personal data: the manifest records how many values they have."""
    loaded_parameters: frozenset[str] = frozenset()
    """Parameters that name code, files or models to load: never taken from a manifest."""
    free_parameters: frozenset[str] = frozenset()
    """Parameters that may differ between a manifest and the policy in force: they add findings
    and take none away, or change with the day."""
    demands: tuple[PolicyDemand, ...] = ()
    demands_not_recorded: str = ""
    """What to say where the manifest does not tell which demands it was made under."""
    duties: tuple[CoverageDuty, ...] = ()
    concern: Concern = Concern.QUALITY


def declaration(check: type[Any]) -> Declaration:
    """Return what a check class declares: its class variable `declares`, or nothing."""
    declared = getattr(check, "declares", None)
    return declared if isinstance(declared, Declaration) else Declaration()
