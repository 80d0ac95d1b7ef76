"""Dotted names of the record's fields, such as `sources.license`, and which are missing."""

from collections.abc import Iterator, Sequence
from typing import Final, get_args

from msgspec.structs import fields

from ftaudit.model.document_models import DocumentSection
from ftaudit.model.errors import UsageError, suggestion
from ftaudit.provenance.provenance_record import Collected, ProvenanceRecord, SourceEntry

NOT_PERSONAL: Final = ("categories", "lawful_basis", "dpia", "pets")
"""Fields of `personal_data` that mean nothing when no personal data is present."""


def known_fields() -> tuple[str, ...]:
    """Return every dotted name a policy may require, sorted."""
    return tuple(sorted(_names(ProvenanceRecord, "")))


def _names(model: type[DocumentSection], prefix: str) -> Iterator[str]:
    for field in fields(model):
        if field.name == "schema_":
            continue
        yield f"{prefix}{field.name}"
        for part in _parts(field.type):
            yield from _names(part, f"{prefix}{field.name}.")


def _parts(annotation: object) -> Iterator[type[DocumentSection]]:
    if isinstance(annotation, type) and issubclass(annotation, DocumentSection):
        yield annotation
    for argument in get_args(annotation):
        yield from _parts(argument)


def check_names(required: Sequence[str]) -> None:
    """Check that the fields a policy requires exist.

    Raises:
        UsageError: a field does not exist; the message names the nearest that does.
    """
    existing = known_fields()
    for name in required:
        if name not in existing:
            hint = suggestion(name, existing)
            msg = f"the policy requires the provenance field {name}, which does not exist{hint}"
            raise UsageError(msg)


def missing_fields(record: ProvenanceRecord, required: Sequence[str]) -> tuple[str, ...]:
    """Return every required field that is empty, item by item, such as `sources[web].license`.

    A field that cannot apply is not missing: details of personal data where there is none,
    `synthetic` of a source that is not synthetic, `consent` that is not required.
    """
    names = [name for path in required for name in _missing(record, tuple(path.split(".")), "")]
    return tuple(dict.fromkeys(names))


def _missing(value: object, path: Sequence[str], name: str) -> Iterator[str]:
    if isinstance(value, tuple):
        if not value:
            yield name
            return
        for position, item in enumerate(value):
            if path:
                yield from _missing(item, path, f"{name}[{_label(item, position)}]")
        return
    if _empty(value):
        yield ".".join((name, *path)) if name else ".".join(path)
    elif path and not _void(value, path[0]):
        yield from _missing(getattr(value, path[0]), path[1:], f"{name}.{path[0]}".lstrip("."))


def _empty(value: object) -> bool:
    """Return whether a value is null, an empty list or text, or a part of only such values."""
    if isinstance(value, Collected):
        return value.start is None or value.end is None
    if isinstance(value, DocumentSection):
        return all(_empty(getattr(value, name)) for name in type(value).__struct_fields__)
    return value is None or value in ("", ())


def _void(owner: object, field: str) -> bool:
    """Return whether a field cannot apply to this owner."""
    if isinstance(owner, SourceEntry):
        not_required = owner.consent is not None and owner.consent.required is False
        not_synthetic = owner.kind is not None and owner.kind != "synthetic"
        return (field == "consent" and not_required) or (field == "synthetic" and not_synthetic)
    return field in NOT_PERSONAL and getattr(owner, "present", None) is False


def _label(item: object, position: int) -> str:
    """Name an item of a list by its id, path or role, else by its position."""
    for name in ("id", "path", "role"):
        value = getattr(item, name, None)
        if isinstance(value, str):
            return value
    return str(position)
