"""The fields of a check or a remedy, be it a dataclass or a msgspec struct."""

from dataclasses import fields
from typing import Any

import msgspec.structs
from msgspec import Struct


def field_names(declaring: type[Any]) -> tuple[str, ...]:
    """Return the names of all fields of a class."""
    if issubclass(declaring, Struct):
        return declaring.__struct_fields__
    return tuple(field.name for field in fields(declaring))


def settable_fields(declaring: type[Any]) -> dict[str, Any]:
    """Return the fields that a policy or a recipe can set: each name with its type."""
    if issubclass(declaring, Struct):
        return {field.name: field.type for field in msgspec.structs.fields(declaring)}
    return {field.name: field.type for field in fields(declaring) if field.init}
