"""Sections of files that a person writes: declared once, read by msgspec, explained by pydantic.

A section is a frozen struct. A document that is right is read by msgspec, which takes no time to
load. What msgspec refuses is given to a pydantic model made of the same declaration: it takes what
a person means (a number where a text is due, `1` for `true`), says in words what is wrong, and
writes the JSON Schema.
"""

from collections.abc import Callable
from functools import cache
from types import UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Final,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
)

import msgspec
from msgspec import Meta, Struct

if TYPE_CHECKING:
    from pydantic import BaseModel

Section = TypeVar("Section", bound="DocumentSection")


class CalledBefore(Struct, frozen=True):
    """A function that pydantic calls on a value before it validates it; msgspec refuses the same.

    It returns the value, or raises ValueError with what the user is to read.
    """

    call: Callable[[Any], object]


class CalledAfter(Struct, frozen=True):
    """The same, called on what is valid otherwise."""

    call: Callable[[Any], object]


class DocumentSection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a document: immutable, without unknown keys."""

    numbers_as_text: ClassVar[bool] = False
    """Whether a number is taken where a text is due."""

    @classmethod
    def prepared(cls, value: object) -> object:
        """Return plain values as they are validated; a document may write some of them shorter."""
        return value


def read_section(value: object, model: type[Section]) -> Section:
    """Return plain values, prepared already, as the section they mean.

    Raises:
        pydantic.ValidationError: they do not mean one.
    """
    try:
        return msgspec.convert(value, model)
    except msgspec.ValidationError:
        return msgspec.convert(
            explaining_model(model).model_validate(value).model_dump(by_alias=True), model
        )


def read_value(value: object, annotation: Any) -> object:  # noqa: ANN401 - a type of any form
    """Return a plain value as the type that it is declared to have.

    Raises:
        ValueError: it is none; says what was expected.
    """
    try:
        return msgspec.convert(value, annotation)
    except (msgspec.ValidationError, TypeError):  # wrong, or a type that only pydantic can read
        from pydantic import TypeAdapter, ValidationError

    try:
        read: object = TypeAdapter(annotation).validate_python(value)
    except ValidationError as error:
        raise ValueError(error.errors()[0]["msg"]) from None
    return read


def plain_values(section: Struct) -> dict[str, Any]:
    """Return a section as JSON values under the keys of its file, in the order of its fields."""
    return _lists(msgspec.to_builtins(section))  # type: ignore[no-any-return] # a struct is a dict


def _lists(value: Any) -> Any:  # noqa: ANN401 - a plain value of any type
    if isinstance(value, dict):
        return {key: _lists(part) for key, part in value.items()}
    return [_lists(part) for part in value] if isinstance(value, list | tuple) else value


@cache
def explaining_model(model: type[DocumentSection]) -> "type[BaseModel]":
    """Return the pydantic model of a section, which takes, explains and describes the same."""
    from pydantic import ConfigDict, create_model

    fields: dict[str, Any] = {
        field.name: (_explained(field.type), _default(field))
        for field in msgspec.structs.fields(model)
    }
    config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        populate_by_name=True,
        coerce_numbers_to_str=model.numbers_as_text,
    )
    made: type[BaseModel] = create_model(
        model.__name__, __config__=config, __doc__=model.__doc__, **fields
    )
    return made


def _default(field: msgspec.structs.FieldInfo) -> Any:  # noqa: ANN401 - pydantic types it so
    """Return pydantic's words for what a field is without a value, and for its key."""
    from pydantic import Field

    alias = field.encode_name if field.encode_name != field.name else None
    if field.default_factory is not msgspec.NODEFAULT:
        return Field(default_factory=field.default_factory, alias=alias)
    default = field.default
    if isinstance(default, DocumentSection):
        default = explaining_model(type(default)).model_validate(plain_values(default))
    return Field(alias=alias) if default is msgspec.NODEFAULT else Field(default, alias=alias)


def _explained(annotation: Any) -> Any:  # noqa: ANN401 - a type of any form
    """Return the type of a field with pydantic's models, limits and functions in it."""
    if isinstance(annotation, type) and issubclass(annotation, DocumentSection):
        return explaining_model(annotation)
    origin = get_origin(annotation)
    if origin is Annotated:
        notes = [_note(note) for note in annotation.__metadata__]
        return Annotated[(_explained(annotation.__origin__), *notes)]
    if origin is None or origin is Literal:
        return annotation
    parts = tuple(part if part is ... else _explained(part) for part in get_args(annotation))
    return Union[parts] if origin in {Union, UnionType} else origin[parts]  # noqa: UP007 - built


def _note(note: object) -> object:
    """Return a note on a type in pydantic's words."""
    from pydantic import AfterValidator, BeforeValidator, Field

    if isinstance(note, CalledBefore):
        return BeforeValidator(note.call)
    if isinstance(note, CalledAfter):
        return AfterValidator(note.call)
    if isinstance(note, Meta):
        words = {name: getattr(note, name) for name in _LIMITS}
        return Field(**{name: word for name, word in words.items() if word is not None})
    return note


_LIMITS: Final = ("ge", "gt", "le", "lt", "pattern", "min_length", "max_length", "description")
"""What `Meta` and `Field` call by the same names."""
