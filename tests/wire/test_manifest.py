"""The wire types, against the domain types they record."""

import msgspec
import pytest

from ftaudit.model.breach import Breach
from ftaudit.model.errors import IntegrityError
from ftaudit.wire.manifest import BreachRecord, from_json

BREACH = Breach(
    rule="FTA-DUP-002",
    check="duplicates",
    message="duplicates.near_share is 0.25, above the limit of 0.05",
    metric="duplicates.near_share",
    value=0.25,
    limit=0.05,
    waiver="w-1",
    why="Repeated rows weigh too much.",
    fix="Remove them.",
)


def test_every_field_of_a_breach_survives_its_record() -> None:
    assert BreachRecord.of(BREACH).breach() == BREACH
    names = [field.name for field in msgspec.structs.fields(Breach)]
    assert names == [field.name for field in msgspec.structs.fields(BreachRecord)]
    assert all(getattr(BREACH, name) for name in names), (
        "the example leaves no field at its default"
    )


def test_a_manifest_with_a_key_that_stands_twice_is_refused() -> None:
    with pytest.raises(IntegrityError, match="a key stands twice"):
        from_json(b'{"_type": "a", "predicate": {"gate": 1, "gate": 2}}')


def test_a_breach_without_numbers_survives_its_record() -> None:
    bare = Breach("FTA-REQUIRED", "pii", "the required check pii was not completed: it was not run")
    assert BreachRecord.of(bare).breach() == bare
