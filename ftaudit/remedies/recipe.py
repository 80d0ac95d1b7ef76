"""A recipe: which remedies are applied, and how each is set."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Struct, field
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from ftaudit.model.declared_fields import field_names, settable_fields
from ftaudit.model.documents import load_document
from ftaudit.model.errors import InputError, UsageError, suggestion
from ftaudit.remedies import discover
from ftaudit.remedies.remedy import Remedy


def _choices(value: object) -> object:
    """Take a list of names, or names without choices, for a mapping of choices."""
    if isinstance(value, list):
        return {str(name): {} for name in value}
    if isinstance(value, dict):
        return {name: {} if choices is None else choices for name, choices in value.items()}
    return value


class RecipeFile(BaseModel):
    """A recipe as a person writes it."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    schema_: Annotated[Literal["ftaudit.recipe/v1"], Field(alias="schema")] = "ftaudit.recipe/v1"
    id: str = "recipe"
    remedies: Annotated[Mapping[str, Mapping[str, object]], BeforeValidator(_choices)]
    """Remedy → its choices; a list of names stands for remedies without choices."""


class Recipe(Struct, frozen=True):
    """Remedies with their choices. Empty: those of what blocks or warns, as they come."""

    id: str = ""
    choices: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: str | Path) -> "Recipe":
        """Read a recipe file.

        Raises:
            InputError: unreadable, malformed, or naming a remedy or choice that does not exist.
        """
        document = load_document(path, RecipeFile, kind="recipe")
        recipe = cls(document.id, document.remedies)
        try:
            recipe.remedies(())
        except UsageError as error:
            raise InputError(path, str(error)) from None
        return recipe

    @classmethod
    def of(cls, names: Collection[str]) -> "Recipe":
        """Return the recipe of remedies that are named, without choices."""
        return cls("", {name: {} for name in names})

    def remedies(self, needed: Collection[str]) -> list[Remedy]:
        """Return the remedies in the order in which they are applied.

        Args:
            needed: the remedies of what blocks or warns, for a recipe that names none.

        Raises:
            UsageError: there is no such remedy or choice; names the nearest.
        """
        installed = discover()
        for name in self.choices:
            if name not in installed:
                msg = f"there is no remedy {name}{suggestion(name, installed)}"
                raise UsageError(f"{msg}; known: {', '.join(sorted(installed))}")
        names = set(self.choices) or {n for n in needed if n in installed}
        return [
            remedy(**chosen(remedy, self.choices.get(id_, {})))
            for id_, remedy in installed.items()
            if id_ in names
        ]


def chosen(remedy: type[Any], values: Mapping[str, object]) -> dict[str, Any]:
    """Validate the choices of a remedy against its fields.

    Raises:
        UsageError: an unknown choice, or a value of the wrong type.
    """
    types = settable_fields(remedy)
    valid: dict[str, Any] = {}
    for name, value in values.items():
        if name not in types:
            hint = suggestion(name, types)
            listed = f"known: {', '.join(sorted(types))}" if types else "it has none"
            raise UsageError(f"choices of {remedy.id}: {name} is unknown{hint}; {listed}")
        try:
            valid[name] = TypeAdapter(types[name]).validate_python(value)
        except ValidationError as error:
            msg = f"choices of {remedy.id}: {name}: {error.errors()[0]['msg']}"
            raise UsageError(msg) from None
    return valid


def recorded_choices(remedy: Remedy) -> dict[str, object]:
    """Return the choices of a remedy as plain values, sorted by name."""
    values = {name: getattr(remedy, name) for name in field_names(type(remedy))}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in sorted(values.items())
    }
