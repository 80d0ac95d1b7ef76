"""The fields of a check or a remedy, be it a dataclass or a msgspec struct."""

from dataclasses import fields
from inspect import get_annotations
from typing import Any

from msgspec import Struct


def field_names(declaring: type[Any]) -> tuple[str, ...]:
    """Return the names of all fields of a class."""
    if issubclass(declaring, Struct):
        return declaring.__struct_fields__
    return tuple(field.name for field in fields(declaring))


def settable_fields(declaring: type[Any]) -> dict[str, Any]:
    """Return the fields that a policy or a recipe can set: each name with its type."""
    if issubclass(declaring, Struct):
        owners = reversed(declaring.__mro__)
        types = {name: type_ for owner in owners for name, type_ in get_annotations(owner).items()}
        return {name: types[name] for name in declaring.__struct_fields__}
    return {field.name: field.type for field in fields(declaring) if field.init}
