"""The wire format of evaluations: closed, with its schema in the package."""

import json
from importlib import resources

import pytest

from ftaudit.model.errors import InputError, IntegrityError
from ftaudit.wire.evaluation_statement import EVALUATION_TYPE, from_json, is_evaluation, schema
from ftaudit.wire.manifest import STATEMENT_TYPE


def test_the_schema_in_the_package_is_that_of_the_code() -> None:
    file = resources.files("ftaudit.wire") / "schemas" / "evaluation-v1.schema.json"
    assert json.loads(file.read_text("utf-8")) == schema()


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ("[", InputError, "not JSON"),
        ("{}", InputError, "not an in-toto Statement"),
        ({"_type": STATEMENT_TYPE, "predicateType": "x"}, IntegrityError, "another type"),
        ({"_type": STATEMENT_TYPE, "predicateType": EVALUATION_TYPE}, IntegrityError, "version 1"),
        ('{"_type": NaN}', InputError, "not JSON"),
        ('{"_type": 1, "_type": 2}', IntegrityError, "a key stands twice"),
        ('{"_type": 1e999}', IntegrityError, "numbers that an evaluation cannot"),
    ],
)
def test_what_is_no_evaluation_is_refused(
    value: object, error: type[Exception], message: str
) -> None:
    data = (value if isinstance(value, str) else json.dumps(value)).encode()
    with pytest.raises(error, match=message):
        from_json(data)


def test_an_evaluation_is_told_from_a_manifest() -> None:
    assert is_evaluation(json.dumps({"predicateType": EVALUATION_TYPE}).encode())
    assert not is_evaluation(b"{")
    assert not is_evaluation(b"[]")
