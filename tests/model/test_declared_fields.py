"""A check or a remedy of another package may be a dataclass or a struct."""

from dataclasses import dataclass, field
from typing import ClassVar

import pytest
from msgspec import Struct

from ftaudit.model.check import parameters
from ftaudit.model.declared_fields import field_names, settable_fields
from ftaudit.model.errors import UsageError


@dataclass(frozen=True)
class OfDataclass:
    id: ClassVar[str] = "mine"
    least: int = 3
    made: int = field(init=False, default=0)
    _own: "Unknown | None" = None  # type: ignore[name-defined] # noqa: F821 - never evaluated


class OfStruct(Struct, frozen=True):
    id: ClassVar[str] = "mine"
    least: int = 3
    _own: "Unknown | None" = None  # type: ignore[name-defined] # noqa: F821 - never evaluated


class Extended(OfStruct, frozen=True):
    most: float = 1.0


def test_both_forms_tell_their_fields() -> None:
    assert field_names(OfDataclass) == ("least", "made", "_own")
    assert field_names(OfStruct) == ("least", "_own")
    assert settable_fields(OfDataclass)["least"] is settable_fields(OfStruct)["least"] is int
    assert "made" not in settable_fields(OfDataclass)


def test_a_struct_has_the_fields_of_what_it_extends() -> None:
    assert list(settable_fields(Extended)) == ["least", "_own", "most"]
    assert settable_fields(Extended)["most"] is float


@pytest.mark.parametrize("check", [OfDataclass, OfStruct])
def test_a_policy_sets_the_parameters_of_either(check: type) -> None:
    assert parameters(check, {"least": "5"}) == {"least": 5}
    with pytest.raises(UsageError, match="_own is unknown"):
        parameters(check, {"_own": 1})
