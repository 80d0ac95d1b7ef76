"""The roles of columns beside those that a record format reads."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from ftaudit.model.column_copy import ColumnCopy
from ftaudit.records.copies import copied
from ftaudit.records.evidence import LEAST_WORDS
from ftaudit.records.format import Parts
from ftaudit.records.roles import NAMES, Role
from ftaudit.records.shape import ColumnKind, TableShape, plain

KEYS: Final = (
    *("id", "record_id", "uid", "uuid", "guid", "example_id", "row_id", "custom_id", "_id"),
)
SOURCES: Final = ("source_id", "source", "data_source", "dataset_source", "origin")
LICENSES: Final = ("license", "licence", "spdx", "license_id")
ANNOTATORS: Final = (
    *("annotator", "annotator_id", "annotated_by", "rater", "rater_id", "labeler", "labeller"),
    *("labeler_id", "worker_id", "coder_id"),
)

_BY_NAME: Final = (
    *(Role.SYSTEM, Role.TITLE, Role.HISTORY, Role.MEDIA, Role.CHOICES, Role.TOOLS, Role.REFERENCE),
    Role.CONTEXT,
    *(Role.INPUT, Role.OUTPUT, Role.SCORE, Role.WEIGHT, Role.SPLIT),
)
"""Roles whose columns are recognised by their names, in the order in which they are looked for."""

_TEXT_ONLY: Final = frozenset({Role.CONTEXT, Role.OUTPUT, Role.REFERENCE})
"""Roles for which a name is not enough: the column must hold text, too."""

_RETRIEVED: Final = ("retrieved_contexts", "contexts", "retrieval_context", "reference_contexts")
"""Names of passages in data of evaluations."""

_TOKENS: Final = ("tokens", "token", "words", "token_list", "sents", "sentences")
"""Names of texts taken apart."""
_GIVEN: Final = frozenset(
    {Role.SYSTEM, Role.CONTEXT, Role.TITLE, Role.HISTORY, Role.INPUT, Role.CHOICES, Role.OUTPUT}
)

_TITLES: Final = ("subject",)
"""Last words of names of titles: `ticket_subject`."""
_LETTERS: Final = ("body", "email_body", "email", "message_body")
"""Names of texts beside which a subject is that of a letter, and no subject of study."""

_MEDIA: Final = (
    *(".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"),
    *(".wav", ".mp3", ".flac", ".ogg", ".opus", ".m4a", ".mp4", ".webm", ".mov", ".avi", ".mkv"),
)
"""How names of images, sound and videos end."""

_PART_ROLES: Final[Mapping[str, Role]] = {
    "second": Role.INPUT,
    "choice": Role.CHOICES,
    "preferred": Role.LABEL,
    "speaker": Role.INPUT,
    "conversation": Role.METADATA,
    "key": Role.ID,
    "functions": Role.TOOLS,
    "answer_from_1": Role.OUTPUT,
    "solution": Role.OUTPUT,
    "status": Role.VERDICT,
}


def roles_of(
    shape: TableShape, parts: Parts, chosen: Mapping[str, Role]
) -> tuple[Mapping[str, Role], Mapping[str, ColumnCopy]]:
    """Return the role of every column, in the order of the table, and what copies repeat.

    Args:
        shape: the columns and a sample of them.
        parts: what the record format reads.
        chosen: column → role, as the user says.
    """
    roles = {**_of_parts(parts), **chosen}
    # what the record's own columns hold is no context beside it, whatever it is called
    copies = dict(copied(shape, roles, [column for column in shape.schema if column not in roles]))
    roles |= dict.fromkeys(copies, Role.COPY)
    if shape.sample is not None:
        _name(shape, roles, parts)
    for column in shape.schema:
        if column not in roles:
            roles[column] = _by_evidence(shape, column)
    for column in _token_columns(shape, roles):
        roles[column] = Role.NOT_READ
    unread = [column for column, role in roles.items() if role is Role.NOT_READ]
    more = copied(shape, roles, unread)
    roles |= dict.fromkeys(more, Role.COPY)
    return {column: roles[column] for column in shape.schema}, copies | dict(more)


def extras(roles: Mapping[str, Role], parts: Parts, role: Role) -> tuple[str, ...]:
    """Return the columns of a role that the record format itself does not read."""
    own = set(parts.values())
    return tuple(c for c, own_role in roles.items() if own_role is role and c not in own)


def _of_parts(parts: Parts) -> dict[str, Role]:
    roles: dict[str, Role] = {}
    for part, column in parts.items():
        # a part that several columns play is numbered or named: `choice A`, `label toxic`
        first = part.partition(" ")[0]
        roles.setdefault(column, _PART_ROLES.get(first) or Role(first))
    return roles


def _name(shape: TableShape, roles: dict[str, Role], parts: Parts) -> None:
    """Give roles to free columns by their names, where their values fit."""
    # the last turn of a conversation is its answer: nothing beside it is said before that
    answered = parts.get("output") == parts.get("input") is not None
    for role in (r for r in _BY_NAME if not (answered and r is Role.OUTPUT)):
        for column in shape.named(_names(shape, role, parts), tuple(ColumnKind)):
            if column not in roles and _fits(shape, column, role):
                roles[column] = role
    for column in shape.ending(_TITLES, (ColumnKind.TEXT,)):
        if column not in roles and _fits(shape, column, Role.TITLE):
            roles[column] = Role.TITLE
    for column in shape.schema:
        if column not in roles and _names_media(shape, column):
            roles[column] = Role.MEDIA
    for column in shape.named(NAMES[Role.METADATA], tuple(ColumnKind)):
        nested = shape.kind(column) is not ColumnKind.TEXT
        if column not in roles and (nested or not shape.holds_text(column)):
            roles[column] = Role.METADATA


def _token_columns(shape: TableShape, roles: Mapping[str, Role]) -> list[str]:
    """Return columns of words that are a text taken apart which stands in no other column."""
    nested = (ColumnKind.OTHER, ColumnKind.JSON)
    free = [c for c in shape.named(_TOKENS, nested) if roles.get(c) is Role.METADATA]
    columns = [column for column, role in roles.items() if role in _GIVEN]
    read = [" ".join(t for texts in row for t in texts) for row in shape.records(columns)]
    return [
        column
        for column in free
        if any(
            len(words) >= LEAST_WORDS and not all(word in text for word in words)
            for words, text in zip(shape.strings(column), read, strict=True)
        )
    ]


def _names(shape: TableShape, role: Role, parts: Parts) -> tuple[str, ...]:
    """Return the usual names of a role; a reference is one only beside an answer.

    What is called a reference alone is a passage, unless passages that were retrieved stand
    beside it, as in data of evaluations.
    """
    if role is not Role.REFERENCE:
        return NAMES[role]
    if "output" not in parts:
        return ()
    retrieved = shape.named(_RETRIEVED, tuple(ColumnKind)) or plain(parts["input"]) == "userinput"
    return tuple(n for n in NAMES[role] if retrieved or n not in {"reference", "references"})


def _names_media(shape: TableShape, column: str) -> bool:
    """Tell whether all values are paths or addresses of images, sound or videos."""
    if shape.schema[column] != pl.String:
        return False
    values = [str(value).lower() for value in shape.values(column) if value]
    return bool(values) and all(value.endswith(_MEDIA) for value in values)


def _fits(shape: TableShape, column: str, role: Role) -> bool:  # noqa: PLR0911 - one for each role
    evidence = shape.evidence(column)
    if role in _TEXT_ONLY:
        table = column.lower() in {"table", "tables"} and shape.kind(column) is not ColumnKind.TEXT
        return shape.holds_text(column) or table
    match role:
        case Role.SYSTEM:
            return shape.holds_text(column) or _is_worded(shape, column)
        case Role.TITLE:
            certain = column.lower() not in {"subject", "name", "heading"}
            if column.lower() == "subject" and shape.named(_LETTERS, tuple(ColumnKind)):
                certain = _is_worded(shape, column)
            kind = shape.kind(column) is ColumnKind.TEXT
            worded = evidence is not None and not evidence.is_number and evidence.count > 0
            return kind and worded and (certain or shape.holds_text(column))
        case Role.SCORE | Role.WEIGHT:
            return evidence is not None and evidence.is_number
        case Role.HISTORY | Role.CHOICES:
            return shape.kind(column) is not ColumnKind.TEXT or shape.holds_text(column)
        case Role.MEDIA:
            return shape.schema[column] != pl.Boolean
        case Role.INPUT:
            return shape.kind(column) is ColumnKind.TEXT
        case _:
            return True


def _is_worded(shape: TableShape, column: str) -> bool:
    """Tell whether values have two words or more, as the shortest instructions have."""
    if shape.kind(column) is not ColumnKind.TEXT or shape.schema[column] != pl.String:
        return False
    return any(len(text.split()) > 1 for texts in shape.strings(column) for text in texts)


def _by_evidence(shape: TableShape, column: str) -> Role:
    """Tell text that nobody claims from numbers, ids, dates and names."""
    if shape.sample is None:
        return Role.METADATA
    if shape.schema[column] == pl.Binary:
        return Role.NOT_READ
    evidence = shape.evidence(column)
    return Role.NOT_READ if evidence is not None and evidence.is_text else Role.METADATA
