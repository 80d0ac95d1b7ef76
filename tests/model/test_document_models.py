from datetime import UTC, date, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ftaudit.model.document_models import (
    DocumentSection,
    explaining_model,
    plain_values,
    read_section,
    read_value,
)
from ftaudit.policy.policy import Policy
from ftaudit.provenance.provenance_record import ProvenanceRecord
from tests.conftest import examples

SCALARS = st.sampled_from(
    [
        *(None, True, False, 0, 1, -3, 2**53, 2**60, 1.0, 0.5, -0.25, "", "1", "yes", "true"),
        *("P30D", "P1D\n", "block", "off", "train", "ftaudit.policy/v1", "a" * 64, "TODO: later"),
        *("2026-01-02", "2026-01-02T03:04:05Z", date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC)),
    ]
)
SECTIONS: list[type[DocumentSection]] = [Policy, ProvenanceRecord]


def names(model: type[DocumentSection]) -> list[str]:
    """Return the keys of a section and of all sections in it."""
    own = [field.encode_name for field in msgspec.structs.fields(model)]
    return [*own, *(name for part in parts(model) for name in names(part))]


def parts(model: type[DocumentSection]) -> list[type[DocumentSection]]:
    schema = explaining_model(model).model_json_schema(by_alias=True).get("$defs", {})
    pending = DocumentSection.__subclasses__()
    existing: dict[str, type[DocumentSection]] = {}
    while pending:
        section = pending.pop()
        existing[section.__name__] = section
        pending += section.__subclasses__()
    return [existing[name] for name in schema if name in existing]


def values(model: type[DocumentSection]) -> st.SearchStrategy[dict[str, object]]:
    """Return documents, right and wrong, under the keys of a section."""
    keys = st.sampled_from([*sorted(set(names(model))), "unknown"])
    inner = st.recursive(
        SCALARS,
        lambda below: st.lists(below, max_size=2) | st.dictionaries(keys, below, max_size=3),
        max_leaves=6,
    )
    least: dict[str, object]
    least = {"id": "x"} if model is Policy else {"schema": "ftaudit.provenance/v1"}
    return st.dictionaries(keys, inner, max_size=4).map(lambda value: least | value)


@pytest.mark.parametrize("model", SECTIONS)
def test_what_msgspec_takes_pydantic_takes_for_the_same(model: type[DocumentSection]) -> None:
    @settings(max_examples=examples(150))
    @given(values(model))
    def holds(value: dict[str, object]) -> None:
        prepared = model.prepared(value)
        try:
            quick = msgspec.convert(prepared, model)
        except msgspec.ValidationError:
            return
        explained = explaining_model(model).model_validate(prepared)
        assert explained.model_dump(mode="json", by_alias=True) == plain_values(quick)

    holds()


@pytest.mark.parametrize(
    "value",
    [
        {"version": "2", "mode": "report"},
        {"rules": {"OWN-1": {"metric": "m", "max": "0.5", "waivable": "no"}}},
        {"threshold": "0.7", "signature": {"required": 1}},
    ],
)
def test_what_pydantic_alone_takes_is_read_as_it_says(value: dict[str, object]) -> None:
    document = {"id": "x", **value}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(document, Policy)
    explained = explaining_model(Policy).model_validate(document)
    assert plain_values(read_section(document, Policy)) == explained.model_dump(
        mode="json", by_alias=True
    )


def test_a_section_has_the_keys_and_defaults_of_its_model() -> None:
    model = explaining_model(Policy)
    assert model(id="x").model_dump(mode="json", by_alias=True) == plain_values(Policy(id="x"))


@pytest.mark.parametrize(
    ("value", "annotation", "read"),
    [
        ([1, 2], tuple[int, ...], (1, 2)),
        ("3", int, 3),
        (2, float, 2.0),
        (["a"], frozenset[str], frozenset("a")),
    ],
)
def test_values_are_read_as_their_types(value: object, annotation: object, read: object) -> None:
    assert read_value(value, annotation) == read


def test_a_value_of_another_type_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="valid integer"):
        read_value("many", int)
