"""Values within JSON that is one text, by their keys."""

import json

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.privacy.findings.text_tables import are_objects, keyed_values

CALL = {
    "customer_name": "Vera Exemplar",
    "priority": 2,
    "guest": {"name": "Orla", "phone": 5550142},
}


def values(text: str) -> list[tuple[str, str]]:
    return [(value.key, text[value.start : value.end]) for value in keyed_values(text)]


def test_values_are_told_at_any_depth_where_their_keys_say_what_they_hold() -> None:
    expected = [("customer_name", "Vera Exemplar"), ("name", "Orla"), ("phone", "5550142")]
    assert values(json.dumps(CALL)) == values(json.dumps(CALL, indent=2)) == expected


def test_a_name_alone_is_that_of_a_product_and_what_is_cut_off_is_no_object() -> None:
    assert values(json.dumps({"name": "Garden Chair", "price": 3})) == []
    assert values(json.dumps(CALL)[:-3]) == values("[" + json.dumps(CALL) + "]") == []


def test_a_key_that_names_somebody_is_none_of_a_column() -> None:
    keys = ["phone of Vera Exemplar", "vera_exemplar_phone", "Vera Exemplar email", "veraPhone"]
    assert values(json.dumps(dict.fromkeys(keys, "0171 2345600"))) == []


@given(
    st.one_of(
        st.text(alphabet='{}":, ab\\\n', max_size=40),
        st.dictionaries(st.text(), st.text()).map(json.dumps),
    )
)
def test_only_what_is_an_object_holds_values(text: str) -> None:
    assert are_objects(pl.Series([text])).to_list() == [
        text.strip()[:1] == "{" and text.strip()[-1:] == "}"
    ] or not keyed_values(text)
    for value in keyed_values(text):
        assert 0 <= value.start <= value.end <= len(text)
